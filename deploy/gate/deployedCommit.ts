import { UserError } from "../../config/mistake";
/** GitHub's answer, as far as it is read here. */
interface Deployment {
  id: number;
  sha: string;
}

interface Status {
  state: string;
}

/** Where GitHub is asked, and as whom. */
export interface GitHub {
  /** `owner/repository`. */
  repository: string;
  /** With `deployments: read`. */
  token: string;
  /** Default https://api.github.com. */
  api?: string;
}

/** What a workflow's environment says: GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL. */
export function gitHubFrom(env: NodeJS.ProcessEnv): GitHub {
  const { GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token, GITHUB_API_URL: api } = env;
  if (!repository || !token) {
    throw new UserError(
      "GITHUB_REPOSITORY and GITHUB_TOKEN are needed to ask what was deployed: in a workflow set `GITHUB_TOKEN: ${{ github.token }}` and `permissions: { deployments: read }`.",
    );
  }
  return { repository, token, ...(api ? { api } : {}) };
}

/**
 * The commit of an environment's last successful deployment; GitHub records one per job that names
 * the environment. Undefined when there is none among the newest 100.
 */
export async function deployedCommit(
  github: GitHub,
  environment: string,
): Promise<string | undefined> {
  const list = await get<Deployment[]>(
    github,
    `deployments?environment=${encodeURIComponent(environment)}&per_page=100`,
  );
  for (const { id, sha } of list) {
    const statuses = await get<Status[]>(github, `deployments/${id}/statuses?per_page=100`);
    if (statuses.some(({ state }) => state === "success")) return sha;
  }
  return undefined;
}

async function get<T>({ repository, token, api }: GitHub, path: string): Promise<T> {
  const url = `${api ?? "https://api.github.com"}/repos/${repository}/${path}`;
  let response;
  try {
    response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    throw new UserError(`GitHub does not answer (${String(error)}): run the job again.`);
  }
  if (!response.ok) {
    throw new UserError(
      `GitHub answers ${response.status} to ${path}: the token needs \`deployments: read\` for ${repository}.`,
    );
  }
  return (await response.json()) as T;
}
