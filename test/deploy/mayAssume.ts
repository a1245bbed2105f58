import type { TrustPolicy } from "../../deploy/trust";

/** A token's claims, as its issuer signed them; `iss` with its scheme. */
export type TokenClaims = Record<string, unknown>;

/**
 * Whether AWS lets a token with these claims assume a role with this trust policy: what STS decides
 * once it has verified signature and time. It knows what `trustPolicy` writes and nothing more.
 *
 * A claim with several values never matches: the keys are single-valued. With `azp` in the token,
 * AWS takes it for the audience (IAM User Guide, same page).
 *
 * @throws Error for a policy in which there is anything else: another effect, action, principal or
 * operator is never taken for harmless.
 */
export function mayAssume(policy: TrustPolicy, token: TokenClaims): boolean {
  return policy.Statement.map(readStatement).some(({ host, equals }) => {
    if (token.iss !== `https://${host}`) return false;
    return Object.entries(equals).every(([key, wanted]) => {
      const claim = key.slice(host.length + 1);
      const value = claim === "aud" && token.azp !== undefined ? token.azp : token[claim];
      return typeof value === "string" && [wanted].flat().includes(value);
    });
  });
}

function readStatement(statement: TrustPolicy["Statement"][number]) {
  const known = { Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity" };
  const { Principal, Condition, ...rest } = statement;
  for (const [key, value] of Object.entries(rest)) {
    if (!Object.hasOwn(known, key) || known[key as keyof typeof known] !== value) {
      throw new Error(`A trust policy's ${key} is ${JSON.stringify(value)}, which is not judged.`);
    }
  }
  if (Object.keys(rest).length !== 2) throw new Error("A trust policy lacks its effect or action.");
  const [, host] = /^arn:aws:iam::\d{12}:oidc-provider\/(.+)$/.exec(Principal.Federated) ?? [];
  if (host === undefined || Object.keys(Principal).length !== 1) {
    throw new Error(`A trust policy's principal is ${JSON.stringify(Principal)}: not judged.`);
  }
  const other = Object.keys(Condition).filter((operator) => operator !== "StringEquals");
  if (other.length > 0) {
    throw new Error(`A trust policy uses ${other.join(", ")}: only StringEquals is judged.`);
  }
  const equals = Condition.StringEquals;
  for (const key of Object.keys(equals)) {
    if (!key.startsWith(`${host}:`)) throw new Error(`${key} is no claim of ${host}.`);
  }
  for (const needed of ["aud", "sub"]) {
    if (equals[`${host}:${needed}`] === undefined) {
      throw new Error(`A trust policy without a condition on ${needed} would let strangers in.`);
    }
  }
  return { host, equals };
}
