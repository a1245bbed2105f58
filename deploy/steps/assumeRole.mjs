/* global fetch, URLSearchParams, AbortSignal */
import { Buffer } from "node:buffer";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import process from "node:process";

/*
 * In a run of Pulumi Deployments: exchanges its token for the role of its operation, so that a
 * preview never holds what only an update may. The settings of a stack name one role at most, so
 * they name none, and this does what they would have done. It prints no credential.
 *
 * PE_DEPLOY_ROLES is JSON, `{ "update": { "arn": "…", "minutes": 180 }, … }`; PE_DEPLOY_REGION is
 * where AWS STS is asked. Exit code 0, or 1 with a sentence.
 */

/** Where later commands and Pulumi itself get their environment from. */
const environmentFile = process.env.PE_DEPLOY_ENVIRONMENT ?? "/PULUMI_ENV";
const tokenFile = "/mnt/pulumi/pulumi.oidc";

class Mistake extends Error {}

function roleOf(operation) {
  const roles = JSON.parse(process.env.PE_DEPLOY_ROLES ?? "{}");
  const role = Object.hasOwn(roles, operation) ? roles[operation] : undefined;
  if (role) return role;
  const known = Object.keys(roles).join(", ") || "none";
  throw new Mistake(
    `There is no role for the operation "${operation}" (there are: ${known}): it is not meant to run here. Run it by hand, with credentials of your own.`,
  );
}

function readToken() {
  const given = process.env.PULUMI_OIDC_TOKEN;
  if (given) return given;
  if (existsSync(tokenFile)) return readFileSync(tokenFile, "utf8").trim();
  throw new Mistake(
    "There is no token in PULUMI_OIDC_TOKEN: this step runs in Pulumi Deployments only.",
  );
}

/** Whom the token speaks for, to say so when AWS refuses it. */
function subjectOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8")).sub;
  } catch {
    return "unreadable";
  }
}

async function assume({ arn, minutes }, token) {
  const region = process.env.PE_DEPLOY_REGION ?? "us-east-1";
  const endpoint = process.env.AWS_ENDPOINT_URL_STS ?? `https://sts.${region}.amazonaws.com/`;
  const { PULUMI_CI_STACK: stack = "stack", PULUMI_CI_BUILD_NUMBER: number = "0" } = process.env;
  const response = await fetch(endpoint, {
    method: "POST",
    signal: AbortSignal.timeout(30_000),
    body: new URLSearchParams({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: arn,
      // CloudTrail shows it with every call: which deployment it was.
      RoleSessionName: `pulumi-${stack.replace(/[^\w.-]/g, "-").slice(0, 40)}-${number}`,
      WebIdentityToken: token,
      DurationSeconds: String(minutes * 60),
    }),
  }).catch((error) => {
    throw new Mistake(`AWS STS at ${endpoint} does not answer: ${error.cause?.message ?? error}.`);
  });
  const text = await response.text();
  const part = (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const credentials = {
    AWS_ACCESS_KEY_ID: part("AccessKeyId"),
    AWS_SECRET_ACCESS_KEY: part("SecretAccessKey"),
    AWS_SESSION_TOKEN: part("SessionToken"),
  };
  if (response.ok && Object.values(credentials).every(Boolean)) return credentials;
  throw new Mistake(
    `AWS refuses ${arn} to ${subjectOf(token)}: ${part("Message") ?? `HTTP ${response.status}`}. Compare it with the role's trust policy, which deploy/ writes.`,
  );
}

try {
  const operation = process.env.PULUMI_CI_OPERATION ?? "";
  const role = roleOf(operation);
  const credentials = await assume(role, readToken());
  const lines = Object.entries(credentials).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(environmentFile, lines.join(""), { mode: 0o600 });
  process.stdout.write(`${operation} runs as ${role.arn} for ${role.minutes} minutes.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Mistake ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
}
