/* global fetch, URL, AbortSignal */
import process from "node:process";

/*
 * In a run of Pulumi Deployments of a review stack: has Pulumi Cloud destroy and delete the stack
 * after so many hours, though its pull request is still open. Only the first run sets the time; the
 * run's own token may. Exit code 0, or 1 with a sentence: a stack without an end is not deployed.
 *
 *   node deploy/steps/limitLife.mjs <hours>
 */

class Mistake extends Error {}

async function call(path, init) {
  const { PULUMI_CI_ORGANIZATION, PULUMI_CI_PROJECT, PULUMI_CI_STACK } = process.env;
  const stack = `${PULUMI_CI_ORGANIZATION}/${PULUMI_CI_PROJECT}/${PULUMI_CI_STACK}`;
  const base = process.env.PULUMI_BACKEND_URL ?? "https://api.pulumi.com";
  const response = await fetch(new URL(`/api/stacks/${stack}/deployments/${path}`, base), {
    ...init,
    headers: {
      accept: "application/vnd.pulumi+8",
      authorization: `token ${process.env.PULUMI_ACCESS_TOKEN ?? ""}`,
      "content-type": "application/json",
    },
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => {
    throw new Mistake(`Pulumi Cloud does not answer: ${error.cause?.message ?? error}.`);
  });
  if (response.ok) return response.json();
  throw new Mistake(
    `Pulumi Cloud answers HTTP ${response.status} for ${path} of ${stack}: the stack would stay for ever, so it is not deployed.`,
  );
}

try {
  const hours = Number(process.argv[2]);
  if (!Number.isInteger(hours) || hours < 1) {
    throw new Mistake("Usage: node deploy/steps/limitLife.mjs <hours>");
  }
  if (process.env.PULUMI_CI_OPERATION === "update") {
    const { schedules = [] } = await call("schedules");
    if (schedules.length === 0) {
      const timestamp = new Date(Date.now() + hours * 3_600_000).toISOString();
      const body = JSON.stringify({ timestamp, deleteAfterDestroy: true });
      await call("ttl/schedules", { method: "POST", body });
      process.stdout.write(
        `The stack is destroyed at ${timestamp}, or when its pull request is closed.\n`,
      );
    }
  }
} catch (error) {
  process.stderr.write(`${error instanceof Mistake ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
}
