import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { preRunCommands } from "../../deploy/preRun";
import { pullRequestOf, reviewConfig, reviewStackConfig } from "../../deploy/reviewConfig";
import { overlaps } from "../../stacks/config/formats";
import { parseConfig } from "../../stacks/config/platformConfig";
import { readStack } from "../../config/stackFiles";

const root = join(__dirname, "..", "..");
const steps = join(root, "deploy", "steps");

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function run(args: string[], env: Record<string, string>, cwd = root): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH ?? "", TS_NODE_PROJECT: join(root, "tsconfig.json"), ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

interface Call {
  method: string;
  path: string;
  body: string;
  token: string | undefined;
}

/** Answers each call with what `answer` says, and keeps the calls. */
async function serve(answer: (call: Call) => { status?: number; body: string }) {
  const calls: Call[] = [];
  const read = async (request: IncomingMessage): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return Buffer.concat(parts).toString();
  };
  const server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const { method = "", url = "", headers } = request;
      const call = { method, path: url, body, token: headers.authorization };
      calls.push(call);
      const { status = 200, body: text } = answer(call);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { calls, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe("a deployment's role", () => {
  const roles = {
    preview: { arn: "arn:aws:iam::123456789012:role/pe-deploy/p", minutes: 60 },
    update: { arn: "arn:aws:iam::123456789012:role/pe-deploy/u", minutes: 180 },
  };
  const payload = { sub: "pulumi:deploy:org:acme:project:x:stack:y:operation:preview:scope:write" };
  const token = `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.sig`;
  const granted = `<AssumeRoleWithWebIdentityResponse><Credentials><AccessKeyId>id</AccessKeyId>
    <SecretAccessKey>key/with+signs=</SecretAccessKey><SessionToken>session</SessionToken>
    </Credentials></AssumeRoleWithWebIdentityResponse>`;

  async function assume(
    env: Record<string, string>,
    answer: { status?: number; body: string } = { body: granted },
  ) {
    const folder = mkdtempSync(join(tmpdir(), "pe-steps-"));
    const server = await serve(() => answer);
    const file = join(folder, "PULUMI_ENV");
    writeFileSync(file, "BEFORE=1\n");
    const ended = await run([join(steps, "assumeRole.mjs")], {
      AWS_ENDPOINT_URL_STS: server.url,
      PE_DEPLOY_ENVIRONMENT: file,
      PE_DEPLOY_ROLES: JSON.stringify(roles),
      PULUMI_CI_BUILD_NUMBER: "42",
      PULUMI_CI_STACK: "prod-east",
      PULUMI_OIDC_TOKEN: token,
      ...env,
    });
    server.close();
    const written = readFileSync(file, "utf8");
    rmSync(folder, { recursive: true });
    return { ...ended, written, asked: new URLSearchParams(server.calls[0]?.body) };
  }

  it("is that of the operation, for as long as its session may last", async () => {
    const update = await assume({ PULUMI_CI_OPERATION: "update" });
    assert.equal(update.code, 0, update.err);
    assert.equal(update.asked.get("RoleArn"), roles.update.arn);
    assert.equal(update.asked.get("DurationSeconds"), "10800");
    assert.equal(update.asked.get("WebIdentityToken"), token);
    assert.equal(update.asked.get("RoleSessionName"), "pulumi-prod-east-42");
    const preview = await assume({ PULUMI_CI_OPERATION: "preview" });
    assert.equal(preview.asked.get("RoleArn"), roles.preview.arn);
    assert.equal(preview.asked.get("DurationSeconds"), "3600");
  });

  it("reaches the next commands, and no log", async () => {
    const { written, out, err } = await assume({ PULUMI_CI_OPERATION: "update" });
    assert.equal(
      written,
      "BEFORE=1\nAWS_ACCESS_KEY_ID=id\nAWS_SECRET_ACCESS_KEY=key/with+signs=\nAWS_SESSION_TOKEN=session\n",
    );
    assert.doesNotMatch(out + err, /key\/with|session$/m);
  });

  it("is none for an operation that is not foreseen", async () => {
    for (const operation of ["destroy", "", "constructor"]) {
      const { code, err, asked } = await assume({ PULUMI_CI_OPERATION: operation });
      assert.equal(code, 1);
      assert.match(err, /^There is no role for the operation .*there are: preview, update/);
      assert.equal(asked.get("RoleArn"), null);
    }
  });

  it("refused by AWS, says whom it was refused to", async () => {
    const denied = "<Error><Message>Not authorized</Message></Error>";
    const { code, err, written } = await assume(
      { PULUMI_CI_OPERATION: "update" },
      { status: 403, body: denied },
    );
    assert.equal(code, 1);
    assert.match(err, /^AWS refuses .*\/u to pulumi:deploy:org:acme:.*: Not authorized\. Compare/);
    assert.doesNotMatch(err, /e30\./);
    assert.equal(written, "BEFORE=1\n");
  });

  it("needs a token", async () => {
    const { code, err } = await assume({ PULUMI_CI_OPERATION: "update", PULUMI_OIDC_TOKEN: "" });
    assert.equal(code, 1);
    assert.match(err, /^There is no token in PULUMI_OIDC_TOKEN/);
  });
});

describe("waiting for the other region", () => {
  const busy = JSON.stringify({ currentOperation: { kind: "update" } });

  async function wait(
    args: string[],
    answer: (call: Call, count: number) => { status?: number; body: string },
    operation = "update",
  ) {
    let count = 0;
    const server = await serve((call) => answer(call, (count += 1)));
    const ended = await run([join(steps, "waitForStacks.mjs"), ...args, "--interval", "0"], {
      PULUMI_ACCESS_TOKEN: "t",
      PULUMI_BACKEND_URL: server.url,
      PULUMI_CI_OPERATION: operation,
      PULUMI_CI_ORGANIZATION: "acme",
      PULUMI_CI_PROJECT: "pe-platform",
    });
    server.close();
    return { ...ended, calls: server.calls };
  }

  it("ends when the earlier one is not being changed", async () => {
    const { code, out, calls } = await wait(["--after", "prod-east"], (_, count) => ({
      body: count < 3 ? busy : "{}",
    }));
    assert.equal(code, 0);
    assert.equal(calls.length, 3);
    assert.equal(calls[0]!.path, "/api/stacks/acme/pe-platform/prod-east");
    assert.equal(calls[0]!.token, "token t");
    assert.equal(out, "Waiting: prod-east is being changed (update).\n");
  });

  it("also waits for a deployment of the later one that has not begun to change anything", async () => {
    const deployments = (status: string, pulumiOperation: string) =>
      JSON.stringify({ deployments: [{ version: 7, status, pulumiOperation }] });
    const states = [
      deployments("not-started", "update"),
      deployments("running", "destroy"),
      deployments("running", "preview"),
    ];
    const { code, out, calls } = await wait(["--before", "prod-west"], ({ path }) =>
      path.includes("/deployments") ? { body: states.shift() ?? "{}" } : { body: "{}" },
    );
    assert.equal(code, 0, out);
    assert.equal(states.length, 0);
    assert.equal(calls.length, 6);
    assert.match(out, /deployment 7 of prod-west is not-started/);
  });

  it("cannot last for ever in a pair that starts at once: the later one sees no change yet", async () => {
    const { code, calls } = await wait(["--after", "prod-east"], () => ({ body: "{}" }));
    assert.equal(code, 0);
    assert.ok(calls.every(({ path }) => !path.includes("/deployments")));
  });

  it("is not for a run that changes nothing", async () => {
    for (const operation of ["preview", "detect-drift"]) {
      const { code, calls } = await wait(
        ["--after", "prod-east"],
        () => ({ body: busy }),
        operation,
      );
      assert.deepEqual([code, calls.length], [0, 0]);
    }
  });

  it("gives up in a sentence", async () => {
    const args = ["--after", "prod-east", "--limit=-1"];
    const { code, err } = await wait(args, () => ({ body: busy }));
    assert.equal(code, 2);
    assert.match(err, /still: prod-east is being changed \(update\)\. See to it, then start/);
  });

  it("refuses to go on unseeing", async () => {
    const { code, err } = await wait(["--after", "prod-east"], () => ({ status: 403, body: "" }));
    assert.equal(code, 1);
    assert.match(err, /HTTP 403 .*default stack permission is read/);
  });
});

describe("a review stack's life", () => {
  async function limit(schedules: object[], operation = "update") {
    const server = await serve(() => ({ body: JSON.stringify({ schedules }) }));
    const ended = await run([join(steps, "limitLife.mjs"), "48"], {
      PULUMI_BACKEND_URL: server.url,
      PULUMI_CI_OPERATION: operation,
      PULUMI_CI_ORGANIZATION: "acme",
      PULUMI_CI_PROJECT: "pe-platform",
      PULUMI_CI_STACK: "pr-7",
    });
    server.close();
    return { ...ended, calls: server.calls };
  }

  it("gets its end at the first update, and keeps it", async () => {
    const { code, calls } = await limit([]);
    assert.equal(code, 0);
    assert.deepEqual(
      calls.map(({ method, path }) => `${method} ${path}`),
      [
        "GET /api/stacks/acme/pe-platform/pr-7/deployments/schedules",
        "POST /api/stacks/acme/pe-platform/pr-7/deployments/ttl/schedules",
      ],
    );
    const sent = JSON.parse(calls[1]!.body) as { timestamp: string; deleteAfterDestroy: boolean };
    assert.equal(sent.deleteAfterDestroy, true);
    const hours = (Date.parse(sent.timestamp) - Date.now()) / 3_600_000;
    assert.ok(hours > 47 && hours <= 48, sent.timestamp);
    assert.equal((await limit([{ id: "1" }])).calls.length, 1);
    assert.equal((await limit([], "destroy")).calls.length, 0);
  });
});

describe("a pull request's stack", () => {
  const given = { addresses: "10.128.0.0/9", domain: "review.example.com" };

  it("has addresses and a name by its number", () => {
    assert.deepEqual(reviewConfig(1, given), {
      cidrBlock: "10.129.0.0/16",
      domain: "pr-1.review.example.com",
    });
    assert.equal(reviewConfig(127, given).cidrBlock, "10.255.0.0/16");
    assert.equal(reviewConfig(128, given).cidrBlock, "10.128.0.0/16");
    assert.equal(
      reviewConfig(3, { ...given, addresses: "172.16.0.0/14" }).cidrBlock,
      "172.19.0.0/16",
    );
    for (const bad of [0, -1, 1.5, 100_000, NaN]) {
      assert.throws(() => reviewConfig(bad, given), RangeError);
    }
  });

  it("shares them with none of the 127 before it, and they are all of the range", () => {
    const blocks = Array.from({ length: 128 }, (_, n) => reviewConfig(n + 500, given).cidrBlock);
    assert.equal(new Set(blocks).size, 128);
    assert.ok(blocks.every((block) => overlaps(block, given.addresses)));
  });

  it("is told from others by its name", () => {
    assert.equal(pullRequestOf("pr-12"), 12);
    assert.equal(pullRequestOf("pr-acme-pe-platform-345"), 345);
    for (const other of ["prod-east", "review", "pr-", "pr-0", "pr-acme", "xpr-1", "pr-1x"]) {
      assert.equal(pullRequestOf(other), undefined, other);
    }
  });

  it("has a config that the platform takes, and nothing in the way of its end", () => {
    const file = parse(readFileSync(join(root, "Pulumi.cost-saver.yaml"), "utf8")) as {
      config: Record<string, unknown>;
    };
    const review = { ...reviewConfig(12, given), hostedZone: "Z0123456789ABC" };
    const config = reviewStackConfig(file.config, "pr-12", review);
    const { raw } = readStack("cost-saver", root, () => config);
    const parsed = parseConfig(raw, "pr-12");
    assert.equal(parsed.domain, "pr-12.review.example.com");
    assert.equal(parsed.hostedZone, "Z0123456789ABC");
    assert.equal(parsed.network.cidrBlock, "10.140.0.0/16");
    assert.equal(parsed.protect, false);
    assert.equal(parsed.database.deletionProtection, false);
    assert.equal(parsed.database.edition, "web");
    assert.deepEqual(JSON.parse(raw["aws:defaultTags"]!), {
      tags: { project: "pe-review", stack: "pr-12", owner: "platform-team" },
    });
  });

  it("gets that config in its own file, before Pulumi runs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pe-review-"));
    writeFileSync(
      join(folder, "Pulumi.cost-saver.yaml"),
      readFileSync(join(root, "Pulumi.cost-saver.yaml")),
    );
    const args = ["-r", "ts-node/register/transpile-only", join(steps, "writeReviewConfig.ts")];
    const env = {
      PE_PROJECT_ROOT: folder,
      PE_DEPLOY_REVIEW: JSON.stringify({
        ...given,
        template: "cost-saver",
        hostedZone: "Z0123456789",
      }),
    };
    const ended = await run(args, { ...env, PULUMI_CI_STACK: "pr-12" });
    assert.equal(ended.code, 0, ended.err);
    for (const name of ["pr-12", "review"]) {
      const { config } = parse(readFileSync(join(folder, `Pulumi.${name}.yaml`), "utf8")) as {
        config: Record<string, unknown>;
      };
      assert.equal(config["pe-platform:domain"], "pr-12.review.example.com");
    }
    const other = await run(args, { ...env, PULUMI_CI_STACK: "prod-east" });
    assert.equal(other.code, 1);
    assert.match(other.err, /^"prod-east" is not the stack of a pull request/);
    rmSync(folder, { recursive: true });
  });
});

describe("a region's turn", () => {
  const turn = (args: string[], operation = "update"): Promise<Ended> =>
    run(["-r", "ts-node/register/transpile-only", join(steps, "checkTurn.ts"), ...args], {
      PULUMI_CI_OPERATION: operation,
    });

  it("is as the settings have it", async () => {
    const ended = await Promise.all([
      turn(["prod-east"]),
      turn(["prod-west", "prod-east"]),
      turn(["cost-saver"]),
    ]);
    assert.deepEqual(
      ended.map(({ code, err }) => [code, err]),
      [
        [0, ""],
        [0, ""],
        [0, ""],
      ],
    );
  });

  it("refuses a region that the stack files put second, but for looking", async () => {
    const { code, err } = await turn(["prod-west"]);
    assert.equal(code, 2);
    assert.match(
      err,
      /prod-east is deployed before prod-west .*run `pulumi up` in deploy\/, .*then start prod-east/,
    );
    assert.equal((await turn(["prod-east", "prod-west"])).code, 2);
    assert.equal((await turn(["prod-west"], "preview")).code, 0);
  });
});

describe("the commands before a deployment", () => {
  const recover =
    '[ "$PULUMI_CI_OPERATION" != update ] || ' +
    'npm run recover -- "$PULUMI_CI_ORGANIZATION/$PULUMI_CI_PROJECT/$PULUMI_CI_STACK"';

  it("of the first region: packages, turn, the other region idle, then a role", () => {
    assert.deepEqual(preRunCommands({ stack: "prod-east", followers: ["prod-west"] }), [
      "npm ci --omit=dev --ignore-scripts --no-audit --no-fund",
      "node -r ts-node/register/transpile-only deploy/steps/checkTurn.ts prod-east",
      "node deploy/steps/waitForStacks.mjs --before prod-west",
      "node deploy/steps/assumeRole.mjs",
      recover,
    ]);
  });

  it("of the second: its health gate last, when something changes", () => {
    assert.deepEqual(
      preRunCommands({ stack: "prod-west", after: "prod-east", followers: [] }).slice(1),
      [
        "node -r ts-node/register/transpile-only deploy/steps/checkTurn.ts prod-west prod-east",
        "node deploy/steps/waitForStacks.mjs --after prod-east",
        "node deploy/steps/assumeRole.mjs",
        recover,
        '[ "$PULUMI_CI_OPERATION" != update ] || node deploy/gate/healthGate.mjs prod-east --inside',
      ],
    );
  });

  it("of a stack alone, and of a review stack", () => {
    assert.equal(preRunCommands({ stack: "cost-saver", followers: [] }).length, 3);
    assert.deepEqual(
      preRunCommands({ stack: "review", followers: [], maxAgeHours: 72 }).slice(1, 3),
      [
        "node -r ts-node/register/transpile-only deploy/steps/writeReviewConfig.ts",
        "node deploy/steps/limitLife.mjs 72",
      ],
    );
  });
});
