// The one entry point behind every `npm run …` command. Plain Node without dependencies, because it
// has to work on a fresh clone: it checks Node, installs from the lockfile when needed, then runs
// the real command.
import { spawn, spawnSync } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { placeOf, rooms } from "./rooms.cjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inProject = (...parts) => join(root, ...parts);

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `This project needs Node 20.19 or newer, and this is Node ${process.versions.node}: ` +
      "install a current Node (https://nodejs.org) and run the command again.",
  );
}

/**
 * npm writes node_modules/.package-lock.json last: it lists what a finished install has put there.
 * Without dev packages, what deploys is complete.
 */
function isInstalled(withDev) {
  const packages = (file) => {
    const { packages: all = {} } = JSON.parse(readFileSync(file, "utf8"));
    return Object.entries(all).filter(([path]) => path !== "");
  };
  try {
    const installed = new Map(packages(inProject("node_modules", ".package-lock.json")));
    return packages(inProject("package-lock.json")).every(([path, entry]) => {
      const have = installed.get(path);
      if (have) return have.version === entry.version;
      return entry.optional === true || (!withDev && entry.dev === true);
    });
  } catch {
    return false;
  }
}

function install(withDev) {
  if (isInstalled(withDev)) return;
  // npm would empty the folder that the link leads to, which is another checkout's.
  if (lstatSync(inProject("node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      "node_modules is a link, and its packages are not those of package-lock.json: run `npm ci` " +
        "where it leads to, or remove the link.",
    );
  }
  console.error("Installing the packages of package-lock.json (npm ci), once …");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const result =
    npm && /\.[cm]?js$/.test(npm)
      ? run(process.execPath, [npm, ...args], { stdio: ["ignore", 2, 2] })
      : run(process.platform === "win32" ? "npm.cmd" : "npm", args, {
          stdio: ["ignore", 2, 2],
          shell: process.platform === "win32",
        });
  if (result !== 0) {
    fail(
      "The packages could not be installed (npm's own message is above): " +
        "check the network and the npm registry settings, then run the command again.",
    );
  }
}

/** Runs a command to its end and returns its exit code. Ctrl-C reaches the command, which ends. */
function run(command, args, options = {}) {
  const { error, status, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    ...options,
  });
  if (error) {
    console.error(`${command} could not be started: ${error.message}`);
    return 1;
  }
  return status ?? (signal === "SIGINT" ? 4 : 2);
}

const tool = (...path) => inProject("node_modules", ...path);
const node = (...args) => run(process.execPath, args);

/** Runs in this process, which ends with the exit code that the program sets. */
function typescript(file, args) {
  const require = createRequire(import.meta.url);
  require("ts-node").register({ cwd: root, transpileOnly: true });
  process.argv = [process.execPath, inProject(file), ...args];
  require(inProject(file));
}

/** The arguments of Node for each check; what did not change since the last run is not looked at. */
const lint = {
  Lint: [
    ...[tool("eslint", "bin", "eslint.js"), ".", "--max-warnings=0"],
    ...["--cache", "--cache-strategy", "content", "--cache-location", tool(".cache", "eslint")],
  ],
  Format: [
    ...[tool("prettier", "bin", "prettier.cjs"), ".", "--check", "--log-level=warn"],
    ...["--cache", "--cache-strategy", "content"],
  ],
  Arrows: [
    tool("dependency-cruiser", "bin", "dependency-cruise.mjs"),
    ...Object.keys(rooms).map(placeOf),
  ],
  "Idle code": [tool("knip", "bin", "knip.js"), "--production", "--no-progress"],
};
const checks = {
  "Type check": [tool("typescript", "bin", "tsc"), "-p", "tsconfig.check.json"],
  ...lint,
};
/** The files named, else all that the patterns name: mocha would add those that a config names. */
const mocha = (config, patterns, files) =>
  node(
    ...[tool("mocha", "bin", "mocha.js"), "--config", config],
    ...(files.length > 0 ? files : patterns),
  );
const specs = (files) => ({
  Tests: () => mocha(".mocharc.json", ["test/**/*.test.ts"], files),
});
const emulator = (patterns, files) => () => mocha(".mocharc.emulator.json", patterns, files);
/** The longest first: beside it there is time for all the others. */
const ring = ["stacks", "killed"];
const emulatorSpecs = (files) => ({
  "Emulator tests": emulator(
    [...ring.map(emulatorTest), emulatorTest(`!(${ring.join("|")})`)],
    files,
  ),
});
/** What takes too long for every push; run before an issue is closed. */
const fullSpecs = {
  "Emulator tests, the long ones": emulator([emulatorTest("full/*")], []),
};

function emulatorTest(name) {
  return `test/emulator/${name}.test.ts`;
}

/**
 * Runs every check, then every suite, also after a failure, and sums up: one run shows all that is
 * wrong. Checks run two at a time, each with its output in one piece.
 */
async function runGates(checks, suites = {}) {
  const results = [];
  const timed = async (name, gate) => {
    const started = Date.now();
    const code = await gate();
    results.push({ name, code, seconds: ((Date.now() - started) / 1000).toFixed(1) });
  };
  const waiting = Object.entries(checks);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, args] = next;
      await timed(name, () => check(name, args));
    }
  };
  await Promise.all([worker(), worker()]);
  for (const [name, suite] of Object.entries(suites)) {
    console.log(`\n== ${name}`);
    await timed(name, suite);
  }
  console.log("\n== Summary");
  for (const { name, code, seconds } of results) {
    console.log(`${code === 0 ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
  }
  const codes = results.map(({ code }) => code);
  return codes.includes(4) ? 4 : codes.every((code) => code === 0) ? 0 : 2;
}

/** Resolves to the exit code of Node with these arguments, 4 when interrupted. */
function check(name, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    }
    child.on("close", (code, signal) => {
      console.log(`\n== ${name}\n${output.trimEnd()}`);
      resolve(code ?? (signal === "SIGINT" ? 4 : 2));
    });
  });
}

const commands = {
  plan: (args) => typescript("insight/cli.ts", args),
  tradeoff: (args) => typescript("insight/tradeoff/cli.ts", args),
  report: (args) => typescript("insight/report/cli.ts", args),
  "prices:refresh": (args) => typescript("insight/cost/refreshCli.ts", args),
  check: () => runGates(checks),
  test: (args) => runGates(args.length > 0 ? {} : checks, specs(args)),
  "test:emulator": (args) => runGates({}, emulatorSpecs(args)),
  "test:full": () => {
    process.env.PE_FULL = "1";
    return runGates(checks, { ...specs([]), ...emulatorSpecs([]), ...fullSpecs });
  },
  "config:docs": (args) => typescript("insight/generate.ts", args),
  lint: () => runGates(lint),
  format: () => node(tool("prettier", "bin", "prettier.cjs"), ".", "--write"),
  bench: (args) => typescript("insight/bench/bench.ts", args),
  recover: (args) => typescript("recovery/cli.ts", args),
  "up:local": (args) => typescript("local/cli.ts", ["up", ...args]),
  "down:local": (args) => typescript("local/cli.ts", ["down", ...args]),
};

/** Run where there are credentials, after `npm ci --omit=dev`: the rest is not installed for them. */
const deploying = ["recover"];

checkNode();
const [name = "plan", ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`There is no command "${name}": choose ${Object.keys(commands).join(", ")}.`);
install(!deploying.includes(name));
const code = await command(args);
if (code !== undefined) process.exitCode = code;
