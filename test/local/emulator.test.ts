import { ok, rejects, strictEqual, throws } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chosenPort,
  ensureEmulator,
  runningEmulator,
  stopEmulator,
} from "../../local/emulator/emulator";
import { interpreterOf } from "../../local/emulator/python";
import { localPaths, type LocalPaths } from "../../engine/paths";
import { UserError } from "../../config/mistake";

describe("emulator of local runs", () => {
  let folder: string;
  let paths: LocalPaths;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pe-local-"));
    paths = localPaths(folder, {});
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("takes the port from the option, else from MOTO_PORT", () => {
    strictEqual(chosenPort("6000", { MOTO_PORT: "7000" }), 6000);
    strictEqual(chosenPort(undefined, { MOTO_PORT: "7000" }), 7000);
    strictEqual(chosenPort(undefined, {}), undefined);
    throws(() => chosenPort("99999", {}), /^UserError: 99999 is not a port: give --port/);
    throws(() => chosenPort("web", {}), UserError);
  });

  it("says that the port is taken and what to do, and starts nothing", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await rejects(ensureEmulator(paths, port), {
        name: "UserError",
        message: new RegExp(`^Port ${port}, .* is taken by another program: .* --port ${port + 1}`),
      });
      strictEqual(await runningEmulator(paths), undefined);
    } finally {
      server.close();
    }
  });

  it("never takes another process for its emulator, nor ends it", async () => {
    const dead = { pid: process.pid, port: 1, mark: "x", endpoint: "http://127.0.0.1:1" };
    rmSync(paths.local, { recursive: true, force: true });
    paths = { ...paths, emulator: join(folder, "emulator.json") };
    writeFileSync(paths.emulator, JSON.stringify(dead));
    strictEqual(await runningEmulator(paths), undefined);
    strictEqual(await stopEmulator(paths), false);
    ok(process.kill(process.pid, 0));
  });

  it("finds the Python of a moto_server script, and none in a shell wrapper", () => {
    const script = join(folder, "moto_server");
    writeFileSync(script, "#!/usr/local/bin/python3.11\nimport moto\n");
    strictEqual(interpreterOf(script), "/usr/local/bin/python3.11");
    writeFileSync(script, "#!/usr/bin/env bash\nexec moto\n");
    strictEqual(interpreterOf(script), undefined);
  });
});
