/* global fetch, URL, AbortSignal */
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

/*
 * In a run of Pulumi Deployments: waits until the other stacks of the installation are left alone,
 * so that two regions never change at once. Pulumi locks one stack, never two.
 *
 *   --before <stack>  one that is deployed after this one: until no deployment of it is under way
 *   --after <stack>   one that is deployed before this one: until it is not being changed
 *
 * The two differ so that they can't wait for each other: of two that start in the same moment, the
 * later one goes first. A few seconds between its look and its start remain.
 *
 * Exit code 0 when they are idle or this run changes nothing; 1 with a sentence.
 */

const changing = ["update", "destroy", "refresh", "remediate-drift"];
const underWay = ["not-started", "accepted", "running"];

class Mistake extends Error {}

/** Exit code 2 (docs/exit-codes.md): nothing is wrong with what was given. */
class Failure extends Mistake {}

async function get(path) {
  const base = process.env.PULUMI_BACKEND_URL ?? "https://api.pulumi.com";
  const response = await fetch(new URL(`/api/stacks/${path}`, base), {
    headers: {
      accept: "application/vnd.pulumi+8",
      authorization: `token ${process.env.PULUMI_ACCESS_TOKEN ?? ""}`,
    },
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => {
    throw new Mistake(`Pulumi Cloud does not answer: ${error.cause?.message ?? error}.`);
  });
  if (response.ok) return response.json();
  throw new Mistake(
    `Pulumi Cloud answers HTTP ${response.status} for ${path}: a deployment may read other stacks only if the organization's default stack permission is read, or its settings name a Pulumi Cloud role that may.`,
  );
}

/** What keeps the stack busy, or undefined. */
async function busy({ stack, before }) {
  const { PULUMI_CI_ORGANIZATION: organization, PULUMI_CI_PROJECT: project } = process.env;
  const path = `${organization}/${project}/${stack}`;
  const { currentOperation } = await get(path);
  if (currentOperation && currentOperation.kind !== "preview") {
    return `${stack} is being changed (${currentOperation.kind})`;
  }
  if (!before) return undefined;
  const { deployments = [] } = await get(`${path}/deployments?page=1&pageSize=50`);
  const other = deployments.find(
    ({ status, pulumiOperation }) =>
      underWay.includes(status) && changing.includes(pulumiOperation),
  );
  return other && `deployment ${other.version} of ${stack} is ${other.status}`;
}

async function wait(stacks, { interval, limit }) {
  const end = Date.now() + limit * 1000;
  for (let said = ""; ;) {
    const reasons = (await Promise.all(stacks.map(busy))).filter(Boolean);
    if (reasons.length === 0) return;
    const text = `Waiting: ${reasons.join("; ")}.`;
    if (text !== said) process.stdout.write(`${text}\n`);
    said = text;
    if (Date.now() + interval * 1000 > end) {
      throw new Failure(
        `After ${Math.round(limit / 60)} minutes still: ${reasons.join("; ")}. See to it, then start this deployment again.`,
      );
    }
    await pause(interval * 1000);
  }
}

try {
  const { values } = parseArgs({
    options: {
      before: { type: "string", multiple: true, default: [] },
      after: { type: "string", multiple: true, default: [] },
      interval: { type: "string", default: "30" },
      limit: { type: "string", default: "10800" },
    },
  });
  const stacks = [
    ...values.before.map((stack) => ({ stack, before: true })),
    ...values.after.map((stack) => ({ stack, before: false })),
  ];
  if (changing.includes(process.env.PULUMI_CI_OPERATION)) {
    await wait(stacks, { interval: Number(values.interval), limit: Number(values.limit) });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Mistake ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = error instanceof Failure ? 2 : 1;
}
