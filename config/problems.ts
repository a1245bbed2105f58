import { UserError } from "./mistake";

/** One mistake: the key as its owner writes it, and a sentence that says what to do. */
export interface Problem {
  /** Dotted, without the project's namespace: `database.instanceClass`. */
  key: string;
  message: string;
}

/** `1 problem`, `3 problems`. */
export function problemCount({ length }: readonly unknown[]): string {
  return length === 1 ? "1 problem" : `${length} problems`;
}

/** The whole text for a person: a headline, then one line per mistake. */
export function problemText(stack: string, problems: Problem[]): string {
  const lines = problems.map(({ key, message }) => `  - ${key}: ${message}`);
  return [`Stack ${stack}: ${problemCount(problems)} in Pulumi.${stack}.yaml`, ...lines].join("\n");
}

/** Everything wrong with a stack's config; `message` is the whole text for its owner. */
export class ConfigError extends UserError {
  override name = "ConfigError";

  constructor(
    stack: string,
    /** One per mistake, in the order of the keys' declaration, cross-key ones last. */
    readonly problems: Problem[],
  ) {
    super(problemText(stack, problems));
  }
}

// `secretDays` is a period, not a secret.
const secretName =
  /password|passwd|passphrase|pwd|secret(?!Days\b)|token|credential|(access|api|private|encryption)[-_]?key|connection[-_]?string/i;

/** True for a key whose name says that its value is a secret. */
export function isSecretName(key: string): boolean {
  return secretName.test(key);
}

// Formats their issuers document: AWS access key ids, PEM keys, GitHub and Pulumi tokens; and a
// password inside a connection string or address.
const secretValues = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|pul-[0-9a-f]{40})\b/,
  /\b(password|pwd)\s*=\s*[^;\s]+/i,
  /:\/\/[^/\s:@]+:[^/\s@]+@/,
];

/** True for a value that is a credential by its looks. */
export function isSecretValue(value: string): boolean {
  return secretValues.some((pattern) => pattern.test(value)) || isAwsSecretKey(value);
}

// 40 characters of base64; a SHA-1 in hexadecimal lacks the capitals.
function isAwsSecretKey(value: string): boolean {
  return (
    /^[A-Za-z0-9/+]{40}$/.test(value) &&
    /[A-Z]/.test(value) &&
    /[a-z]/.test(value) &&
    /\d/.test(value)
  );
}

const longest = 80;

/** A value as an error message may show it: short, quoted when it is text, never a secret. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (isSecretValue(text) || isSecretName(text)) return "The value (not shown)";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Names in a sentence: `a, b or c`. */
export function oneOf(names: readonly (string | number)[]): string {
  const all = names.map(String);
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} or ${last}`;
}

/** True for an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
