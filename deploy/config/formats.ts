/** `main` of `refs/heads/main`. */
export function shortBranch(branch: string): string {
  return branch.replace(/^refs\/heads\//, "");
}

/** A branch as git allows it (git-check-ref-format), short or in full; no pattern, tag or commit. */
export function isBranch(value: string): boolean {
  const name = shortBranch(value);
  if (/^(refs|origin)\//.test(name) || name.length > 200) return false;
  if (/^[0-9a-f]{40}$/.test(name)) return false;
  return name
    .split("/")
    .every((part) => /^[\w+=,#%-][\w.+=,#%@-]*$/.test(part) && !/\.\.|\.lock$|\.$|^-/.test(part));
}

export function branchHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (value.startsWith("refs/tags/")) return "that is a tag";
  if (value.startsWith("refs/pull/")) return "that is a pull request";
  if (value.startsWith("origin/")) return `without origin/: ${value.slice("origin/".length)}`;
  if (/[*?[\]]/.test(value)) return "one branch, not a pattern";
  if (/^[0-9a-f]{40}$/.test(value)) return "that is a commit";
  return undefined;
}

const field =
  /^(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/\d+)?(,(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/\d+)?)*$/;

/** Five fields as cron takes them; their numbers are checked, names such as MON are not. */
export function isCron(value: string): boolean {
  const fields = value.trim().split(/\s+/);
  const most = [59, 23, 31, 12, 7];
  return (
    fields.length === 5 &&
    fields.every((text, place) => {
      const numbers = text.replace(/\/\d+/g, "").match(/\d+/g) ?? [];
      return field.test(text) && numbers.every((number) => Number(number) <= (most[place] ?? 0));
    })
  );
}

const providerArn = /^arn:aws:iam::(\d{12}):oidc-provider\/(.+)$/;

export function isProviderArn(value: string): boolean {
  return providerArn.test(value);
}

/** Account and issuer (an address without its scheme) of an OpenID Connect provider's ARN. */
export function providerOf(arn: string): { account: string; issuer: string } | undefined {
  const [, account, issuer] = providerArn.exec(arn) ?? [];
  return account !== undefined && issuer !== undefined ? { account, issuer } : undefined;
}

/** Account of a managed policy's ARN. */
export function policyOf(arn: string): { account: string } | undefined {
  const account = /^arn:aws:iam::(\d{12}):policy\/[\w+=,.@/-]+$/.exec(arn)?.[1];
  return account === undefined ? undefined : { account };
}
