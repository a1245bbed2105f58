import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { freeze } from "./freeze";
import { prepare } from "./prepare";
import { report } from "./report";
import {
  connectionVariable,
  desiredDatabase,
  readConnection,
  readRequest,
  type DatabaseAnswer,
} from "./request";
import type { Credentials } from "./session";
import { connectWith } from "./sqlSession";
import { upkeep } from "./upkeep";

/** PEM certificates of RDS's authorities; the bundler puts them in. */
declare const DATABASE_AUTHORITIES: string[];

const secrets = new SecretsManagerClient({});

async function readSecret(arn: string): Promise<Credentials> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = parse(SecretString ?? "");
  if (!username || !password) throw new Error(`The secret ${arn} lacks username or password.`);
  return { username, password };
}

/** The parser's own words may quote the secret, so a broken one is as good as an empty one. */
function parse(text: string): Partial<Credentials> {
  try {
    return JSON.parse(text) as Partial<Credentials>;
  } catch {
    return {};
  }
}

/** Lambda's entry. Throws what failed, by which an invocation, and so the deployment, fails. */
export async function handler(event: unknown): Promise<DatabaseAnswer> {
  const request = readRequest(event);
  const desired = desiredDatabase(readConnection(process.env[connectionVariable]), request);
  const tools = { connect: connectWith(DATABASE_AUTHORITIES), readSecret };
  if (request.task === "prepare") return prepare(desired, tools);
  if (request.task === "freeze") return freeze(desired, tools);
  const answer = await upkeep(desired, tools);
  return report(desired, answer, Date.now(), (line) => process.stdout.write(`${line}\n`));
}
