import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployedCommit } from "../../deploy/gate/deployedCommit";
import { deployOrder, type OrderedStack } from "../../deploy/gate/order";
import { commentMark } from "../../insight/output/markdown";
import { listStacks, projectRoot, readStackConfig } from "../../config/stackFiles";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { UserError } from "../../config/mistake";
import { runFileHere } from "../support/command";

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a script of deploy/gate as a workflow does. */
function run(file: string, args: string[], options: { env?: object; input?: string } = {}) {
  const loader = file.endsWith(".ts") ? ["-r", "ts-node/register/transpile-only"] : [];
  const child = spawn(process.execPath, [...loader, join("deploy/gate", file), ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, ...options.env },
  });
  const result: Run = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (result.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (result.stderr += data.toString()));
  child.stdin.end(options.input ?? "");
  return new Promise<Run>((resolve) => {
    child.on("close", (code) => resolve({ ...result, code }));
  });
}

describe("the servers that the gates ask", () => {
  const servers: Server[] = [];
  const folder = mkdtempSync(join(tmpdir(), "pe-gate-"));

  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Answers one status after the other, the last one for ever. */
  async function answering(...statuses: number[]): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const port = await listen(
      createServer((request, response) => {
        const status = statuses[Math.min(asked.length, statuses.length - 1)] ?? 500;
        asked.push(request.url ?? "");
        response.writeHead(status, { location: "/" }).end("ok");
      }),
    );
    return { url: `http://127.0.0.1:${port}/healthz`, asked };
  }

  describe("healthGate", () => {
    const quick = ["--interval", "0", "--limit", "60"];
    /** Asks once: there is no time for a second question. */
    const once = ["--interval", "1", "--limit", "1"];

    it("passes after good answers in a row, and no fewer", async () => {
      const { url, asked } = await answering(200, 200, 503, 200, 200, 200);
      const { code, stdout } = await run("healthGate.mjs", ["prod-east", "--url", url, ...quick]);
      assert.equal(code, 0, stdout);
      assert.deepEqual(asked, Array(6).fill("/healthz"));
      assert.match(stdout, /Not yet: HTTP 503\./);
      assert.match(stdout, /prod-east is healthy: 3 good answers in a row/);
    });

    it("takes as many as it is told, and says all in JSON", async () => {
      const { url } = await answering(200);
      const args = ["prod-east", "--url", url, "--successes", "1", "--json"];
      const { code, stdout } = await run("healthGate.mjs", args);
      assert.equal(code, 0);
      const { seconds, ...result } = JSON.parse(stdout) as Record<string, unknown>;
      assert.equal(typeof seconds, "number");
      const expected = { stack: "prod-east", url, healthy: true, asked: 1, inARow: 1, reasons: [] };
      assert.deepEqual(result, expected);
    });

    for (const [status, about] of [
      [503, "an error"],
      [404, "a page that is not there"],
      [302, "a redirect, which Route 53 would take"],
    ] as const) {
      it(`does not take ${about}`, async () => {
        const { url } = await answering(status);
        const { code, stdout } = await run("healthGate.mjs", ["prod-east", "--url", url, ...once]);
        assert.equal(code, 2);
        assert.match(stdout, new RegExp(`prod-east is not healthy .*: HTTP ${status}\\.`));
      });
    }

    it("says that nobody answers", async () => {
      const { url } = await answering(200);
      servers.pop()?.close();
      const { code, stdout } = await run("healthGate.mjs", ["prod-east", "--url", url, ...once]);
      assert.equal(code, 2);
      assert.match(stdout, /the connection is refused/);
    });

    it("verifies the certificate", async function () {
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const made = spawnSync(
        "openssl",
        [
          ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
          ...["-keyout", key, "-out", cert, "-subj", "/CN=localhost"],
          ...["-addext", "subjectAltName=DNS:localhost"],
        ],
        { encoding: "utf8" },
      );
      if (made.status !== 0) {
        process.stdout.write("    skipped: openssl, which makes the certificate, is missing.\n");
        this.skip();
      }
      const listener: RequestListener = (_request: IncomingMessage, response) => response.end("ok");
      const options = { key: readFileSync(key), cert: readFileSync(cert) };
      const port = await listen(createTlsServer(options, listener) as unknown as Server);
      const ask = (host: string, env = {}) =>
        run(
          "healthGate.mjs",
          ["prod-east", "--url", `https://${host}:${port}/healthz`, "--successes", "1", ...once],
          { env },
        );
      const own = { NODE_EXTRA_CA_CERTS: cert };
      const [unknown, wrongName, right] = [
        await ask("localhost"),
        await ask("127.0.0.1", own),
        await ask("localhost", own),
      ];
      assert.equal(unknown.code, 2);
      assert.match(unknown.stdout, /the certificate is self-signed/);
      assert.equal(wrongName.code, 2);
      assert.match(wrongName.stdout, /the certificate is for another name/);
      assert.equal(right.code, 0, right.stdout);
    });

    describe("reads the stack's file", () => {
      const project = {
        name: "pe-platform",
        config: {
          exposure: { type: "string", default: "public" },
          regions: { default: ["us-east-1", "us-west-2"] },
          regionCount: { default: 1 },
        },
      };

      async function judge(config: Record<string, unknown>, ...args: string[]): Promise<Run> {
        writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify(project));
        writeFileSync(join(folder, "Pulumi.one.yaml"), JSON.stringify({ config }));
        const env = { PE_PROJECT_ROOT: folder };
        return run("healthGate.mjs", ["one", "--json", ...once, ...args], { env });
      }
      const domain = { "pe-platform:domain": "gate.invalid" };

      it("asks the region's own name", async () => {
        const { code, stdout } = await judge({ "aws:region": "us-east-1", ...domain });
        assert.equal(code, 2);
        const { url, healthy } = JSON.parse(stdout) as Record<string, unknown>;
        assert.deepEqual(
          { url, healthy },
          {
            url: "https://us-east-1.gate.invalid/healthz",
            healthy: false,
          },
        );
      });

      it("has nothing to ask of a region that regionCount leaves out", async () => {
        const { code, stdout } = await judge({ "aws:region": "us-west-2", ...domain });
        assert.equal(code, 0);
        assert.match(stdout, /"nothing":"regionCount leaves us-west-2 out/);
      });

      it("says that a private stack is judged from inside", async () => {
        const config = { "aws:region": "us-east-1", "pe-platform:exposure": "private", ...domain };
        const outside = await judge(config);
        assert.equal(outside.code, 1);
        assert.match(outside.stderr, /is private: .* with --inside\.\n$/);
        assert.equal((await judge(config, "--inside")).code, 2);
      });

      it("says which key is missing", async () => {
        const { code, stderr } = await judge(domain);
        assert.equal(code, 1);
        assert.equal(stderr, "Pulumi.one.yaml lacks aws:region: set it.\n");
      });
    });

    const mistakes: [args: string[], message: RegExp][] = [
      [[], /^Name one stack\./],
      [["one", "two"], /^Name one stack\./],
      [["no-such"], /^There is no stack no-such: Pulumi\.no-such\.yaml does not exist\./],
      [["prod-east", "--limits", "3"], /^Unknown option '--limits'/],
      [["prod-east", "--limit", "0"], /^--limit is 0: use a whole number, 1 to 7200\./],
      [["prod-east", "--successes", "many"], /^--successes is many: use a whole number, 1 to 20\./],
      [["prod-east", "--url", "http://example.com/"], /is not encrypted: use https\./],
      [["prod-east", "--url", "us-east-1"], /is no address: use https/],
    ];
    for (const [args, message] of mistakes) {
      it(`refuses ${args.join(" ") || "no stack"}`, async () => {
        const { code, stderr, stdout } = await run("healthGate.mjs", args);
        assert.equal(code, 1);
        assert.match(stderr, message);
        assert.equal(stdout, "");
      });
    }
  });

  /** A GitHub that remembers what it was told; `answer` is by method and path. */
  async function gitHub(answer: Record<string, unknown>) {
    const calls: { method: string; path: string; body: unknown; token: string | undefined }[] = [];
    const port = await listen(
      createServer((request, response) => {
        let text = "";
        request.on("data", (data: Buffer) => (text += data.toString()));
        request.on("end", () => {
          const path = (request.url ?? "").replace("/repos/acme/platform/", "");
          const { method = "" } = request;
          const body: unknown = text === "" ? undefined : JSON.parse(text);
          calls.push({ method, path, body, token: request.headers.authorization });
          const found = answer[`${method} ${path}`];
          response.writeHead(found === undefined ? 404 : 200, {
            "content-type": "application/json",
          });
          response.end(JSON.stringify(found ?? {}));
        });
      }),
    );
    const env = {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "acme/platform",
      GITHUB_TOKEN: "t0ken",
    };
    return { calls, env, written: () => calls.filter(({ method }) => method !== "GET") };
  }
  const bot = { login: "github-actions[bot]" };
  const page = (number: number) => `per_page=100&page=${number}`;

  describe("comment", () => {
    const text = `${commentMark}\n## Plan\n`;

    it("is written once, and then renewed", async () => {
      const first = await gitHub({
        [`GET issues/7/comments?${page(1)}`]: [],
        "POST issues/7/comments": { id: 1 },
      });
      const written = await run("comment.mjs", ["7"], { env: first.env, input: text });
      assert.deepEqual([written.code, written.stdout], [0, "The comment of #7 is written.\n"]);
      assert.deepEqual(first.written()[0]?.body, { body: text.trim() });
      assert.equal(first.written()[0]?.token, "Bearer t0ken");

      const second = await gitHub({
        [`GET issues/7/comments?${page(1)}`]: Array.from({ length: 100 }, (_, id) => ({
          id,
          // What people write does not count, even with the mark.
          ...(id === 5 ? { body: text, user: { login: "mallory" } } : { body: "hi", user: bot }),
        })),
        [`GET issues/7/comments?${page(2)}`]: [{ id: 207, body: `${text} old`, user: bot }],
        "PATCH issues/comments/207": { id: 207 },
      });
      const renewed = await run("comment.mjs", ["7"], { env: second.env, input: text });
      assert.deepEqual([renewed.code, renewed.stdout], [0, "The comment of #7 is renewed.\n"]);
      assert.deepEqual(
        second.written().map(({ method }) => method),
        ["PATCH"],
      );
    });

    it("is cut to what GitHub takes", async () => {
      const server = await gitHub({
        [`GET issues/7/comments?${page(1)}`]: [],
        "POST issues/7/comments": {},
      });
      const input = text + "a line of the plan\n".repeat(5_000);
      assert.equal((await run("comment.mjs", ["7"], { env: server.env, input })).code, 0);
      const { body } = server.written()[0]?.body as { body: string };
      assert.ok(body.length < 65_536 && body.length > 60_000);
      assert.match(
        body,
        /line of the plan\n\n… The rest is in the summary of the workflow's run\.$/,
      );
    });

    const mistakes: [name: string, args: string[], input: string, message: RegExp][] = [
      ["no number", [], text, /^Usage/],
      ["a number that is none", ["7; rm"], text, /^Usage/],
      ["a text without mark", ["7"], "oops", /begins with "oops", not with a mark/],
      ["nothing", ["7"], "", /begins with "", not with a mark/],
      ["a GitHub that refuses", ["7"], text, /^GitHub answers 404 to GET issues\/7\/comments/],
    ];
    for (const [name, args, input, message] of mistakes) {
      it(`refuses ${name}`, async () => {
        const { env } = await gitHub({});
        const { code, stderr } = await run("comment.mjs", args, { env, input });
        assert.equal(code, 1);
        assert.match(stderr, message);
      });
    }

    it("needs a token", async () => {
      const { code, stderr } = await run("comment.mjs", ["7"], { input: text });
      assert.equal(code, 1);
      assert.match(stderr, /GITHUB_REPOSITORY and GITHUB_TOKEN are needed/);
    });
  });

  describe("driftIssue", () => {
    const list = `GET issues?state=open&${page(1)}`;
    const open = { number: 12, body: "<!-- pe-platform drift prod-east -->\n…", user: bot };
    const output = " ~  aws:sns:Topic t update [diff: ~displayName]\n```\n";

    it("is opened once, renewed while it lasts, and closed when it is gone", async () => {
      const steps = [
        [{ [list]: [], "POST issues": { number: 12 } }, "7", ["POST issues"], 3],
        [{ [list]: [open], "PATCH issues/12": open }, "7", ["PATCH issues/12"], 3],
        [
          { [list]: [open], "POST issues/12/comments": {}, "PATCH issues/12": open },
          "0",
          ["POST issues/12/comments", "PATCH issues/12"],
          0,
        ],
        [{ [list]: [] }, "0", [], 0],
      ] as const;
      for (const [answers, pulumi, calls, code] of steps) {
        const server = await gitHub(answers);
        const args = ["prod-east", pulumi];
        const result = await run("driftIssue.mjs", args, { env: server.env, input: output });
        assert.equal(result.code, code, result.stderr);
        assert.deepEqual(
          server.written().map(({ method, path }) => `${method} ${path}`),
          calls,
        );
      }
    });

    it("has what pulumi printed, inside a fence that it can't end", async () => {
      const server = await gitHub({ [list]: [], "POST issues": { number: 1 } });
      await run("driftIssue.mjs", ["prod-east", "7"], { env: server.env, input: output });
      const { title, body } = server.written()[0]?.body as Record<string, string>;
      assert.equal(title, "Drift in prod-east");
      assert.match(body ?? "", /^<!-- pe-platform drift prod-east -->\n/);
      assert.ok(body?.includes(`\n\`\`\`\`\n\n${output.trim()}\n\`\`\`\``), body);
    });

    it("leaves the issue as it is when the check itself failed", async () => {
      const server = await gitHub({ [list]: [open] });
      const { code, stderr } = await run("driftIssue.mjs", ["prod-east", "1"], {
        env: server.env,
        input: "error: no credentials",
      });
      assert.equal(code, 2);
      assert.match(stderr, /failed with exit code 1/);
      assert.deepEqual(server.calls, []);
    });

    it("refuses what is no stack or no exit code", async () => {
      for (const args of [["prod east", "7"], ["prod-east", "seven"], ["prod-east"], []]) {
        assert.match((await run("driftIssue.mjs", args)).stderr, /^Usage/);
      }
    });
  });

  describe("deployedCommit", () => {
    const list = "GET deployments?environment=prod-east&per_page=100";
    const statuses = (id: number) => `GET deployments/${id}/statuses?per_page=100`;
    const connection = ({
      GITHUB_API_URL,
      GITHUB_REPOSITORY,
      GITHUB_TOKEN,
    }: Record<string, string>) => ({
      api: GITHUB_API_URL,
      repository: GITHUB_REPOSITORY ?? "",
      token: GITHUB_TOKEN ?? "",
    });

    it("is the newest that ever succeeded", async () => {
      const { env } = await gitHub({
        [list]: [
          { id: 3, sha: "ccc" },
          { id: 2, sha: "bbb" },
          { id: 1, sha: "aaa" },
        ],
        [statuses(3)]: [{ state: "failure" }, { state: "in_progress" }],
        // GitHub calls a success inactive once there is a newer one.
        [statuses(2)]: [{ state: "inactive" }, { state: "success" }, { state: "queued" }],
      });
      assert.equal(await deployedCommit(connection(env), "prod-east"), "bbb");
    });

    it("is none before the first", async () => {
      const { env } = await gitHub({ [list]: [{ id: 1, sha: "aaa" }], [statuses(1)]: [] });
      assert.equal(await deployedCommit(connection(env), "prod-east"), undefined);
    });

    it("is unknown when GitHub refuses, which is an error and not none", async () => {
      const { env } = await gitHub({});
      await assert.rejects(deployedCommit(connection(env), "prod-east"), UserError);
    });
  });

  describe("changedStacks", () => {
    const file = "deploy/gate/changedStacks.ts";
    const changed = async (args: string[], env: Record<string, string> = {}) => {
      const { status, stdout, stderr } = await runFileHere(file, [...args, "--json"], { env });
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout) as {
        stacks: { stack: string; region: string; because: string }[];
        installations: unknown[];
      };
    };

    it("is a matrix that a workflow takes", async () => {
      const { stacks, installations } = await changed(["--stacks", "prod-west,cost-saver"]);
      assert.deepEqual(stacks, [
        { stack: "cost-saver", region: "us-east-1", because: "named by hand" },
        { stack: "prod-west", region: "us-west-2", because: "named by hand" },
      ]);
      assert.deepEqual(installations, [
        {
          ...{ domain: "small.example.com", first: "cost-saver", second: "" },
          ...{ deployFirst: true, deploySecond: false },
          ...{ firstRegion: "us-east-1", secondRegion: "" },
        },
        {
          ...{ domain: "platform.example.com", first: "prod-east", second: "prod-west" },
          ...{ deployFirst: false, deploySecond: true },
          ...{ firstRegion: "us-east-1", secondRegion: "us-west-2" },
        },
      ]);
    });

    it("has nothing between a commit and itself", async () => {
      const { code, stdout } = await run("changedStacks.ts", ["--base", "HEAD", "--json"]);
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), { stacks: [], installations: [] });
    });

    it("asks GitHub what each stack has, and says why", async () => {
      const head = spawnSync("git", ["rev-parse", "HEAD"], { cwd: projectRoot, encoding: "utf8" });
      const gone = "0123456789".repeat(4);
      const of = (stack: string) => `GET deployments?environment=${stack}&per_page=100`;
      const done = [{ state: "success" }];
      const { env } = await gitHub({
        [of("cost-saver")]: [{ id: 1, sha: head.stdout.trim() }],
        [of("prod-east")]: [{ id: 2, sha: gone }],
        [of("prod-west")]: [],
        "GET deployments/1/statuses?per_page=100": done,
        "GET deployments/2/statuses?per_page=100": done,
      });
      const { stacks } = await changed(["--deployed"], env);
      assert.deepEqual(
        stacks.map(({ stack, because }) => [stack, because]),
        [
          ["prod-east", "0123456789, deployed last, is not in this history"],
          ["prod-west", "nothing is deployed yet"],
        ],
      );
    });

    const mistakes: [args: string[], message: RegExp][] = [
      [[], /^Usage/],
      [["--all", "--base", "HEAD"], /^Usage/],
      [["--every"], /^Unknown option '--every'/],
      [["--base", "no-such"], /^There is no commit "no-such" in this clone/],
      [["--base", "--output=x"], /^(There is no commit|Option '--base')/],
      [
        ["--stacks", "prod"],
        /^There is no stack "prod": use some of cost-saver, prod-east, prod-west/,
      ],
      [["--deployed"], /^GITHUB_REPOSITORY and GITHUB_TOKEN are needed/],
    ];
    for (const [args, message] of mistakes) {
      it(`refuses ${args.join(" ") || "no way to choose"}`, async () => {
        const { status, stderr, stdout } = await runFileHere(file, args);
        assert.equal(status, 1);
        assert.match(stderr, message);
        assert.equal(stdout, "");
      });
    }
  });
});

describe("who is deployed after whom", () => {
  const all = listStacks().map((stack): OrderedStack => {
    return { stack, config: parseConfig(readStackConfig(stack), stack) };
  });
  const edited = (edit: Partial<PlatformConfig>): OrderedStack[] =>
    all.map(({ stack, config }) => {
      return stack.startsWith("prod-")
        ? { stack, config: { ...config, ...edit } }
        : { stack, config };
    });
  const order = (stacks: OrderedStack[], changed: string[]) =>
    deployOrder(stacks, changed).map(({ first, second, deployFirst, deploySecond }) =>
      [deployFirst ? first : "", deploySecond ? second : ""].filter(Boolean).join(" → "),
    );
  const both = ["prod-west", "prod-east"];
  const [writing] = all.filter(({ stack }) => stack === "prod-east");
  const replication = { ...writing!.config.replication, writer: "us-west-2" };

  it("the home region first", () => {
    assert.deepEqual(order(all, both), ["prod-east → prod-west"]);
    assert.deepEqual(order(all, ["prod-west"]), ["prod-west"]);
    assert.deepEqual(order(all, [...both, "cost-saver"]), ["cost-saver", "prod-east → prod-west"]);
    assert.deepEqual(order(all, []), []);
  });

  it("a new writer before the old one", () => {
    assert.deepEqual(order(edited({ replication }), both), ["prod-west → prod-east"]);
  });

  it("a region that is given up before the one that stays", () => {
    assert.deepEqual(order(edited({ regionCount: 1 }), both), ["prod-west → prod-east"]);
  });

  it("refuses a third stack of one domain", () => {
    const third = { stack: "prod-south", config: writing!.config };
    assert.throws(() => deployOrder([...all, third], both), /domain of 3 stacks .* at most two/);
  });
});
