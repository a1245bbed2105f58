import type { Condition, PolicyDocument, Statement } from "../../catalogue/rights";

/** A call as IAM judges it: `aws:ResourceTag/project` and the like are in `keys`. */
export interface Call {
  action: string;
  /** @default one that only `*` matches */
  resource?: string;
  keys?: Record<string, string | string[]>;
}

/** IAM's own order: an explicit Deny wins, then any Allow; otherwise nothing is allowed. */
export function isAllowed(policy: Statement[] | PolicyDocument, call: Call): boolean {
  const statements = Array.isArray(policy) ? policy : policy.Statement;
  const hit = statements.filter((statement) => applies(statement, call));
  return hit.some(({ Effect }) => Effect === "Allow") && !isDenied(statements, call);
}

export function isDenied(policy: Statement[] | PolicyDocument, call: Call): boolean {
  const statements = Array.isArray(policy) ? policy : policy.Statement;
  return statements.some((item) => item.Effect === "Deny" && applies(item, call));
}

function applies({ Action, NotAction, Resource, Condition = {} }: Statement, call: Call): boolean {
  const named = (list: string[]) => list.some((pattern) => like(pattern, call.action, "i"));
  return (
    (Action ? named(Action) : !named(NotAction ?? [])) &&
    Resource.some((pattern) => pattern === "*" || like(pattern, call.resource ?? "")) &&
    holds(Condition, call.keys ?? {})
  );
}

export function like(pattern: string, value: string, flags = ""): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `s${flags}`).test(value);
}

type Test = (wanted: string[], value: string | string[] | undefined) => boolean;

const one = (value: string | string[] | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;
const equals: Test = (wanted, value) => wanted.includes(one(value) ?? "\0");
const matches: Test = (wanted, value) => {
  const text = one(value);
  return text !== undefined && wanted.some((pattern) => like(pattern, text));
};

const operators: Record<string, Test> = {
  StringEquals: equals,
  StringNotEquals: (wanted, value) => !equals(wanted, value),
  Bool: equals,
  ArnEquals: matches,
  ArnLike: matches,
  ArnNotEquals: (wanted, value) => !matches(wanted, value),
  Null: (wanted, value) => wanted[0] === String(value === undefined),
  "ForAllValues:StringLike": (wanted, value) =>
    [value ?? []].flat().every((item) => wanted.some((pattern) => like(pattern, item))),
};

function holds(condition: Condition, keys: Record<string, string | string[]>): boolean {
  return Object.entries(condition).every(([operator, tests]) => {
    const test = operators[operator];
    if (!test) throw new Error(`${operator} is not judged.`);
    return Object.entries(tests).every(([key, wanted]) => test([wanted].flat(), keys[key]));
  });
}
