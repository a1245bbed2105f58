/* global URL, setTimeout, clearTimeout */
import { existsSync, readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/*
 * Waits until a stack's region answers well, several times in a row: what a deployment of the other
 * region stands on. It asks what Route 53's health check of the region asks,
 * https://<region>.<domain>/healthz, and unlike Route 53 it verifies the certificate. `up` ends only
 * when all servers run the new version, so the old ones no longer answer.
 *
 * Exit codes (docs/exit-codes.md): 0 healthy, or there is nothing to ask; 1 it could not be judged
 * from here; 2 it was asked, and not healthy within the time limit.
 */

const usage = `Usage: node deploy/gate/healthGate.mjs <stack> [options]

  --successes <n>   Good answers in a row that are needed, 1 to 20 (default 3)
  --interval <s>    Seconds between two questions, 0 to 300 (default 10)
  --limit <s>       Seconds after which the region counts as not healthy, 1 to 7200 (default 900)
  --inside          This machine is in the network of a private stack
  --url <url>       Ask this address instead of the stack's
  --json            Print one JSON object and nothing else

A certificate of an authority of your own: NODE_EXTRA_CA_CERTS=<file>.`;

/** A mistake of the user's, or a stack that can't be judged: the message says all. */
class GateMistake extends Error {}

/** Where the project's stack files are: above this folder. */
const projectRoot = process.env.PE_PROJECT_ROOT ?? dirname(dirname(dirname(thisFile())));

function thisFile() {
  return fileURLToPath(import.meta.url);
}

/** Route 53's own time limits for an HTTPS check are 4 s to connect and 2 s to answer. */
const answerLimit = 6000;

const limits = {
  successes: { from: 1, to: 20, standard: 3 },
  interval: { from: 0, to: 300, standard: 10 },
  limit: { from: 1, to: 7200, standard: 900 },
};

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        ...Object.fromEntries(Object.keys(limits).map((name) => [name, { type: "string" }])),
        url: { type: "string" },
        inside: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new GateMistake(`${error.message.split(". ")[0]}.\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  if (positionals.length !== 1) throw new GateMistake(`Name one stack.\n\n${usage}`);
  const numbers = Object.entries(limits).map(([name, { from, to, standard }]) => {
    const number = Number(values[name] ?? standard);
    if (!Number.isInteger(number) || number < from || number > to) {
      throw new GateMistake(`--${name} is ${values[name]}: use a whole number, ${from} to ${to}.`);
    }
    return [name, number];
  });
  return { ...values, stack: positionals[0], ...Object.fromEntries(numbers) };
}

/** What the stack's file says of its region: defaults of Pulumi.yaml, then the file's values. */
async function readStack(stack) {
  const read = async (file) => {
    const path = join(projectRoot, file);
    if (!existsSync(path)) {
      throw new GateMistake(
        `There is no stack ${stack}: ${file} does not exist. Name another one.`,
      );
    }
    const { parse } = await import("yaml").catch(() => {
      throw new GateMistake("The package yaml is not installed: run `npm ci`, or give --url.");
    });
    try {
      return parse(readFileSync(path, "utf8")) ?? {};
    } catch (error) {
      throw new GateMistake(`${file} is not valid YAML: ${error.message}`);
    }
  };
  const project = await read("Pulumi.yaml");
  const { config = {} } = await read(`Pulumi.${stack}.yaml`);
  const value = (key) => config[`${project.name}:${key}`] ?? project.config?.[key]?.default;
  const region = config["aws:region"];
  const domain = value("domain");
  if (!region || !domain) {
    throw new GateMistake(
      `Pulumi.${stack}.yaml lacks ${region ? "pe-platform:domain" : "aws:region"}: set it.`,
    );
  }
  const active = value("regions").slice(0, Number(value("regionCount")));
  return {
    region,
    active: active.includes(region),
    private: value("exposure") === "private",
    url: `https://${region}.${domain}/healthz`,
  };
}

/** The address to ask, or why there is none to ask. */
async function target(given) {
  if (given.url !== undefined) return { url: checkedUrl(given.url) };
  const stack = await readStack(given.stack);
  if (!stack.active) {
    return { nothing: `regionCount leaves ${stack.region} out: ${given.stack} has no health.` };
  }
  if (stack.private && !given.inside) {
    throw new GateMistake(
      `${given.stack} is private: ${stack.url} answers inside its network only. Run this on a machine there (for GitHub Actions a self-hosted runner) with --inside.`,
    );
  }
  return { url: stack.url };
}

/** TLS everywhere but on this machine itself. */
function checkedUrl(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new GateMistake(`--url ${text} is no address: use https://<name>/<path>.`);
  }
  const here = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && here)) return url.href;
  throw new GateMistake(`--url ${text} is not encrypted: use https.`);
}

/** Undefined when the answer is good, else what is wrong with it. Redirects are not followed. */
function ask(url) {
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const sent = request(url, { agent: false, headers: { "user-agent": "pe-platform-gate" } });
    const timer = setTimeout(
      () => sent.destroy(new Error(`no answer within ${answerLimit / 1000} s`)),
      answerLimit,
    );
    const finish = (reason) => {
      clearTimeout(timer);
      resolve(reason);
    };
    sent.on("error", (error) => finish(sentence(error)));
    sent.on("response", (response) => {
      response.on("error", (error) => finish(sentence(error)));
      response.on("end", () =>
        finish(response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`),
      );
      response.resume();
    });
    sent.end();
  });
}

const network = {
  ENOTFOUND: "the name is not in DNS",
  EAI_AGAIN: "DNS does not answer",
  ECONNREFUSED: "the connection is refused",
  ECONNRESET: "the connection is cut",
  CERT_HAS_EXPIRED: "the certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate's authority is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's authority is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's authority is not known",
};

function sentence(error) {
  return network[error.code] ?? error.message;
}

/** Asks until enough good answers came in a row, or the time is over. */
async function waitForHealth(url, { successes, interval, limit }, say) {
  const start = Date.now();
  const end = start + limit * 1000;
  const reasons = [];
  let row = 0;
  let asked = 0;
  for (;;) {
    const reason = await ask(url);
    asked += 1;
    row = reason === undefined ? row + 1 : 0;
    if (reason !== undefined && reasons.at(-1) !== reason) {
      reasons.push(reason);
      say(`Not yet: ${reason}.`);
    }
    const healthy = row >= successes;
    if (healthy || Date.now() + interval * 1000 >= end) {
      return {
        healthy,
        asked,
        inARow: row,
        seconds: Math.round((Date.now() - start) / 1000),
        reasons,
      };
    }
    await pause(interval * 1000);
  }
}

async function main() {
  const given = readArguments();
  if (given.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { stack, json } = given;
  const print = (text) => process.stdout.write(`${text}\n`);
  const say = json ? () => undefined : print;
  const { url, nothing } = await target(given);
  if (nothing !== undefined) {
    print(json ? JSON.stringify({ stack, asked: 0, nothing }) : `Nothing to wait for: ${nothing}`);
    return 0;
  }
  say(`Asking ${url} for ${given.successes} good answers in a row, at most ${given.limit} s.`);
  const result = await waitForHealth(url, given, say);
  if (json) print(JSON.stringify({ stack, url, ...result }));
  else if (result.healthy) {
    print(`${stack} is healthy: ${result.inARow} good answers in a row after ${result.seconds} s.`);
  } else {
    print(
      `${stack} is not healthy after ${result.seconds} s and ${result.asked} questions: ${result.reasons.at(-1) ?? `only ${result.inARow} good answers in a row`}. Look at its alarms and servers (docs/servers.md); the other region is left as it is.`,
    );
  }
  return result.healthy ? 0 : 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof GateMistake)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
