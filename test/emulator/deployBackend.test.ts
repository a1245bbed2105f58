import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureEmulator, type Emulator } from "../../local/emulator/emulator";
import type { EngineResult } from "../../engine/engine";
import { leftovers } from "./leftovers";
import { OwnProject } from "./ownProject";
import { skipWithoutTools } from "./prerequisites";
import { closeBench, openBench, type Bench } from "./ring";
import { StateObjects } from "./stateObjects";

const account = "123456789012";
const bucket = `pe-state-${account}-us-east-1`;
const backend = `s3://${bucket}?region=us-east-1&awssdk=v2`;
const secretsProvider = "awskms://alias/pe-pulumi-secrets?region=us-east-1";
const stateOf = (project: string, stack: string) => `.pulumi/stacks/${project}/${stack}.json`;
const locks = ".pulumi/locks/";

describe("state in S3, secrets under KMS", () => {
  let stopped: string | undefined;
  /** A test that goes on from the one before: after a failure the rest can't be reached. */
  const step = (title: string, work: () => Promise<void>) =>
    it(title, async () => {
      if (stopped) throw new Error(`Not reached: "${stopped}" failed.`);
      stopped = title;
      await work();
      stopped = undefined;
    });

  let bench: Bench;
  let emulator: Emulator;
  let bootstrap: OwnProject;
  let trial: OwnProject;
  let objects: StateObjects;
  /** The `file://` backend that everything starts from. */
  let firstPlace: string;

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    emulator = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
    bootstrap = new OwnProject(bench, emulator, "deploy/bootstrap");
    trial = new OwnProject(bench, emulator, "test/emulator/fixtures/backend");
    objects = new StateObjects(emulator.endpoint, bucket);
    const folder = join(bench.paths.local, "first-place");
    mkdirSync(folder);
    firstPlace = pathToFileURL(folder).href;
    await bootstrap.run("login", firstPlace);
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  const init = async (project: OwnProject, stack: string, provider: string) => {
    await project.run("stack", "init", stack, `--secrets-provider=${provider}`);
    await project.run("config", "set", "aws:region", "us-east-1");
  };
  const up = (project: Pick<OwnProject, "run">) => project.run("up", "--yes", "--skip-preview");

  step("the bootstrap comes up on a file backend, and says where state goes", async () => {
    await init(bootstrap, "main", "passphrase");
    await bootstrap.run("config", "set", "accountId", account);
    // Side by side: most of the bootstrap is the provider's waiting for a lifecycle rule.
    await Promise.all([
      up(bootstrap),
      (async () => {
        await init(trial, "moved", "passphrase");
        await trial.run("config", "set", "--secret", "token", "s3cret-token");
        await up(trial);
      })(),
    ]);
    const outputs = await bootstrap.outputs();
    strictEqual(outputs.backendUrl, backend);
    strictEqual(outputs.secretsProvider, secretsProvider);
    deepStrictEqual(await objects.keys(""), [], "nothing is in the bucket yet");
  });

  const moveIn = async (project: OwnProject, stack: string) => {
    const file = join(project.folder, `${stack}.json`);
    await project.run("login", firstPlace);
    await project.run("stack", "select", stack);
    await project.run("stack", "change-secrets-provider", secretsProvider);
    await project.run("stack", "export", "--file", file);
    await project.run("login", backend);
    await project.run("stack", "init", stack, `--secrets-provider=${secretsProvider}`);
    await project.run("stack", "import", "--file", file);
    await project.withoutPassphrase().run("preview", "--expect-no-changes");
    await project.run("login", firstPlace);
    await project.run("stack", "rm", stack, "--force", "--yes", "--preserve-config");
    await project.run("login", backend);
    await project.run("stack", "select", stack);
    return readFileSync(file, "utf8");
  };

  step("its own state moves into the bucket, and nothing changes", async () => {
    await moveIn(bootstrap, "main");
    deepStrictEqual(await objects.keys(stateOf("pe-bootstrap", "main")), [
      stateOf("pe-bootstrap", "main"),
      `${stateOf("pe-bootstrap", "main")}.bak`,
    ]);
  });

  step("a stack moves from a file to S3 with its secrets, and nothing changes", async () => {
    await trial.run("login", firstPlace);
    const before = await trial.outputs();
    const exported = await moveIn(trial, "moved");
    doesNotMatch(exported, /s3cret-token/, "the exported file has no plain secret");
    ok(!exported.includes(String(before.password)));
    deepStrictEqual(await trial.outputs(), before);
    strictEqual(await trial.withoutPassphrase().run("config", "get", "token"), "s3cret-token");
    const stackFile = readFileSync(join(trial.folder, "Pulumi.moved.yaml"), "utf8");
    match(stackFile, /^secretsprovider: awskms:/m);
    doesNotMatch(stackFile, /encryptionsalt/);
  });

  step(
    "the bucket stores everything under its own key, and takes nothing under another",
    async () => {
      const { stateKeyArn, secretsKeyArn } = await bootstrap.outputs();
      const key = stateOf("pe-backend-trial", "moved");
      const { headers } = await objects.request("HEAD", key);
      strictEqual(headers.get("x-amz-server-side-encryption"), "aws:kms");
      strictEqual(headers.get("x-amz-server-side-encryption-aws-kms-key-id"), stateKeyArn);
      const put = async (kind?: string, keyArn?: unknown) => {
        const named = {
          ...(kind ? { "x-amz-server-side-encryption": kind } : {}),
          ...(keyArn ? { "x-amz-server-side-encryption-aws-kms-key-id": String(keyArn) } : {}),
        };
        return (await objects.request("PUT", "probe", named, "probe")).status;
      };
      strictEqual(await put(), 200);
      strictEqual(await put("aws:kms", stateKeyArn), 200);
      strictEqual(await put("AES256"), 403);
      strictEqual(await put("aws:kms"), 403);
      strictEqual(await put("aws:kms", secretsKeyArn), 403);
    },
  );

  step("a new stack starts in S3, its secrets under the KMS key", async () => {
    await init(trial, "main", secretsProvider);
    await trial.run("config", "set", "--secret", "token", "another-token");
    const without = trial.withoutPassphrase();
    await up(without);
    const { password, token, text } = await trial.outputs();
    strictEqual(token, "another-token");
    strictEqual(text, "first");
    const { text: state } = await objects.request("GET", stateOf("pe-backend-trial", "main"));
    match(state, /awskms:\/\/alias\/pe-pulumi-secrets/);
    ok(!state.includes(String(password)) && !state.includes("another-token"), "a plain secret");
  });

  step("every update adds versions of the state, and an older one can be put back", async () => {
    const key = stateOf("pe-backend-trial", "main");
    const [first = "", ...older] = await objects.versions(key);
    await trial.run("config", "set", "text", "second");
    await up(trial);
    const now = await objects.versions(key);
    ok(now.length > older.length + 1, `${now.length} versions after ${older.length + 1}`);
    deepStrictEqual(now.slice(-older.length - 1), [first, ...older], "no version is gone");
    strictEqual((await trial.outputs()).text, "second");

    const source = { "x-amz-copy-source": `${bucket}/${key}?versionId=${first}` };
    strictEqual((await objects.request("PUT", key, source)).status, 200);
    strictEqual((await trial.outputs()).text, "first");
    // The object at AWS is still the newer one; an update with the newer config agrees with it.
    await up(trial);
    strictEqual((await trial.outputs()).text, "second");
  });

  step("a preview, drift included, only reads: the policy for reading is enough", async () => {
    const requests = () =>
      readFileSync(bench.paths.emulatorLog, "utf8")
        .split("\n")
        .map((line) => /"(\w+) \/+([^/? ]+)\S* HTTP/.exec(line) ?? [])
        .filter(([, , first]) => first === bucket)
        .map(([, method]) => method);
    const before = requests().length;
    await trial.run("preview", "--refresh", "--expect-no-changes");
    const methods = [...new Set(requests().slice(before))].sort();
    deepStrictEqual(methods, ["GET", "HEAD"]);
  });

  step("of two updates at once the second is refused, and the first ends well", async () => {
    const hold = join(trial.folder, "go-on");
    await trial.run("config", "set", "hold", hold);
    await trial.run("config", "set", "text", "third");
    const running = trial.try("up", "--yes", "--skip-preview");
    let ended: EngineResult | undefined;
    void running.then((result) => (ended = result));
    try {
      while (!existsSync(`${hold}.reached`) && !ended) await sleep(50);
      const second = await trial.try("up", "--yes", "--skip-preview");
      notStrictEqual(second.code, 0);
      match(second.stderr + second.stdout, /the stack is currently locked by 1 lock\(s\)/);
      match(second.stderr + second.stdout, /created by .*\(pid \d+\)/);
      strictEqual((await trial.try("preview")).code, 0);
    } finally {
      writeFileSync(hold, "");
      await running;
    }
    strictEqual(ended?.code, 0, `${ended?.stdout}\n${ended?.stderr}`);
    strictEqual((await trial.outputs()).text, "third");
    deepStrictEqual(await objects.keys(locks), [], "the lock is given back");
  });

  step("the lock of a process that is gone refuses updates until it is cancelled", async () => {
    const lock = {
      pid: 1,
      username: "somebody",
      hostname: "elsewhere",
      timestamp: "2026-01-01T00:00:00Z",
    };
    const key = `${locks}organization/pe-backend-trial/main/left-behind.json`;
    strictEqual((await objects.request("PUT", key, {}, JSON.stringify(lock))).status, 200);
    const { code, stdout, stderr } = await trial.try("up", "--yes", "--skip-preview");
    notStrictEqual(code, 0);
    match(stdout + stderr, /left-behind\.json.*: created by somebody@elsewhere \(pid 1\)/);
    await trial.run("cancel", "--yes");
    deepStrictEqual(await objects.keys(locks), []);
  });

  step("all comes down: the stacks, then the bootstrap, whose state leaves first", async () => {
    const refused = await bootstrap.try("destroy", "--yes", "--skip-preview");
    notStrictEqual(refused.code, 0);
    match(refused.stdout, /protect/);
    await bootstrap.run("config", "set", "protect", "false");
    const destroy = (stack: string) =>
      trial.run("destroy", "--yes", "--skip-preview", "--remove", "--stack", stack);
    await Promise.all([destroy("main"), destroy("moved"), up(bootstrap)]);
    const file = join(bootstrap.folder, "main.json");
    await bootstrap.run("stack", "change-secrets-provider", "passphrase");
    await bootstrap.run("stack", "export", "--file", file);
    await bootstrap.run("login", firstPlace);
    await bootstrap.run("stack", "init", "main", "--secrets-provider=passphrase");
    await bootstrap.run("stack", "import", "--file", file);
    await bootstrap.run("destroy", "--yes", "--skip-preview");
    deepStrictEqual(await leftovers(emulator.endpoint, ["us-east-1"]), []);
  });
});
