/* global AbortSignal, fetch */
import process from "node:process";

/*
 * The part of GitHub's REST API that comments and issues need, without a package: what runs beside a
 * token that writes should be readable in one sitting.
 */

/** GitHub takes bodies of at most 65,536 characters; the rest is for the closing sentence. */
export const longestBody = 65_000;

/** A mistake of the caller's, or of GitHub: the message says what to do. */
export class GitHubMistake extends Error {
  /** Of docs/exit-codes.md. */
  exitCode = 1;
}

/** A check that failed, where nothing is wrong with what was given. */
export class FailedCheck extends GitHubMistake {
  exitCode = 2;
}

/** From a workflow's environment. */
export function connect(env = process.env) {
  const { GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = env;
  if (!repository || !token) {
    throw new GitHubMistake(
      "GITHUB_REPOSITORY and GITHUB_TOKEN are needed: in a workflow set `GITHUB_TOKEN: ${{ github.token }}`.",
    );
  }
  return { root: `${env.GITHUB_API_URL ?? "https://api.github.com"}/repos/${repository}`, token };
}

/** One request; the answer's JSON. */
export async function call(github, method, path, body) {
  let response;
  try {
    response = await fetch(`${github.root}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${github.token}`,
        accept: "application/vnd.github+json",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    throw new GitHubMistake(`GitHub does not answer (${error.message}): run the job again.`);
  }
  if (!response.ok) {
    throw new GitHubMistake(
      `GitHub answers ${response.status} to ${method} ${path}${response.status === 403 ? ": the job's `permissions` do not allow it" : ""}.`,
    );
  }
  return response.json();
}

/**
 * The first of a list's entries that a workflow wrote and that begins with the mark, over all pages.
 * Only a workflow's: anybody can write a comment that begins with the mark.
 */
export async function findMarked(github, path, mark) {
  const size = 100;
  for (let page = 1; page <= 30; page += 1) {
    const separator = path.includes("?") ? "&" : "?";
    const entries = await call(github, "GET", `${path}${separator}per_page=${size}&page=${page}`);
    const found = entries.find(
      ({ body, user }) => body?.startsWith(mark) && user?.login === "github-actions[bot]",
    );
    if (found || entries.length < size) return found;
  }
  return undefined;
}

/** Cut at a line, with the sentence that says so. */
export function shortened(text, where) {
  if (text.length <= longestBody) return text;
  const cut = text.slice(0, longestBody - 200);
  return `${cut.slice(0, cut.lastIndexOf("\n"))}\n\n… ${where}`;
}

/** Runs a command line: mistakes are one sentence and their exit code. */
export async function run(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof GitHubMistake)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
