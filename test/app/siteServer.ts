import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { sitePackage } from "../../components/servers/sitePackage";

const install = "(Debian: apt-get install mono-mcs mono-xsp4)";

/** Why sites cannot be compiled and served here; undefined where they can. */
export function whyNotServed(): string | undefined {
  for (const command of ["mcs", "mono"]) {
    if (spawnSync(command, ["--version"]).error) return `${command} is not installed ${install}`;
  }
  try {
    hostProgram();
    return undefined;
  } catch (error) {
    // CS0006: a library is missing, so Mono is here without its ASP.NET part.
    if (error instanceof Error && error.message.includes("CS0006")) {
      return `Mono has no ASP.NET here ${install}`;
    }
    throw error;
  }
}

/** Compiles with the C# of .NET Framework's own compiler, the one IIS uses; gives the messages. */
export function compile(out: string, kind: "exe" | "library", sources: string[]): string {
  const libraries = ["System.Web", "System.Web.Extensions", "System.Data", "System.Configuration"];
  const run = spawnSync(
    "mcs",
    [
      "-langversion:5",
      "-warnaserror",
      `-target:${kind}`,
      `-out:${out}`,
      ...libraries.map((name) => `-r:${name}`),
      ...sources,
    ],
    { encoding: "utf8" },
  );
  return run.status === 0 ? "" : `${run.stdout}${run.stderr}`;
}

/** A free port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Unpacks the very zip that servers get. */
export function unpackSite(role: "web" | "app"): string {
  const folder = mkdtempSync(join(tmpdir(), `pe-site-${role}-`));
  const files = unzipSync(Buffer.from(sitePackage(role, "us-east-1").contentBase64, "base64"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

let host: Buffer | undefined;

/** The program that serves a site, compiled once. */
function hostProgram(): Buffer {
  if (host) return host;
  const folder = mkdtempSync(join(tmpdir(), "pe-site-host-"));
  const program = join(folder, "SiteHost.exe");
  const problem = compile(program, "exe", [join(__dirname, "host", "SiteHost.cs")]);
  if (problem) throw new Error(problem);
  host = readFileSync(program);
  rmSync(folder, { recursive: true });
  return host;
}

/** One site, served as IIS would, until stopped. */
export class SiteServer {
  log = "";

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly process: ChildProcess,
  ) {
    const note = (data: Buffer) => (this.log += data.toString());
    process.stdout?.on("data", note);
    process.stderr?.on("data", note);
  }

  /** Serves an unpacked site with the settings a bootstrap would have written. */
  static async start(
    folder: string,
    settings: Record<string, string>,
    environment: Record<string, string> = {},
  ): Promise<SiteServer> {
    const rows = Object.entries(settings).map(
      ([key, value]) => `<add key="${key}" value="${value}"/>`,
    );
    writeFileSync(join(folder, "platform.config"), `<appSettings>${rows.join("")}</appSettings>`);
    const program = join(folder, "bin", "SiteHost.exe");
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, hostProgram());
    const port = await freePort();
    const child = spawn("mono", [program, folder, String(port)], {
      stdio: "pipe",
      env: { ...process.env, ...environment },
    });
    const server = new SiteServer(port, folder, child);
    await server.ready();
    return server;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, { headers, redirect: "manual" });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null) {
      this.process.kill();
      await ended;
    }
  }

  private ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.process.stdout?.on("data", () => this.log.includes("listening") && resolve());
      this.process.once("error", reject);
      this.process.once("exit", (code) =>
        reject(new Error(`SiteHost ended with ${code}: ${this.log}`)),
      );
    });
  }
}
