import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import { deploySchema } from "../../deploy/config/schema";
import type { Operation } from "../../deploy/roles";
import { roleArn } from "./rights";
import { actionInputs } from "./actionInputs";
import { commandsOf, shellOf, type Command } from "./commands";
import { globalFlags, pulumiFlags, recordedVersion } from "./pulumiFlags";
import {
  lint,
  loadLinter,
  parseWorkflow,
  stepsOf,
  type Job,
  type Workflow,
} from "./workflowLinter";

const read = (file: string): string => readFileSync(join(projectRoot, file), "utf8");

const workflowFiles = readdirSync(join(projectRoot, ".github/workflows")).map(
  (name) => `.github/workflows/${name}`,
);
const actionFiles = readdirSync(join(projectRoot, ".github/actions")).map(
  (name) => `.github/actions/${name}/action.yml`,
);
const docs = ["docs/deploying.md", "docs/runbooks/backends.md"];

const files = [...workflowFiles, ...actionFiles].map((file) => {
  const text = read(file);
  return { file, text, content: parseWorkflow(text) };
});
const jobs = files.flatMap(({ file, content }) =>
  Object.entries(content.jobs ?? {}).map(([name, job]) => ({ where: `${file} ${name}`, job })),
);
const steps = files.flatMap(({ file, content }) =>
  stepsOf(content).map((step) => ({
    where: `${file} ${step.name ?? step.uses ?? step.run}`,
    step,
  })),
);

function workflow(name: string): Workflow {
  const found = files.find(({ file }) => file.endsWith(`/${name}`));
  assert.ok(found, `${name} is missing`);
  return found.content;
}

/** What is not as it should be, one line each. */
function none(problems: string[]): void {
  assert.deepEqual(problems, []);
}

describe("the workflows", () => {
  describe("under GitHub's linter", function () {
    let linter: Awaited<ReturnType<typeof loadLinter>>;

    before(async () => {
      linter = await loadLinter();
    });

    for (const { file, text } of files) {
      it(`${file} has no finding`, async () => {
        assert.deepEqual(await lint(linter, file, text, actionInputs), []);
      });
    }

    const mistakes: [name: string, from: string, to: string, message: RegExp][] = [
      ["an unknown permission", "deployments: read", "deployment: read", /Unexpected value/],
      ["an unknown job", "needs: changes", "needs: change", /unknown job/],
      [
        "an input that checkout lacks",
        "fetch-depth: 0",
        "depth: 0",
        /Invalid action input 'depth'/,
      ],
      [
        "an input that the called workflow lacks",
        "gate: ${{",
        "gates: ${{",
        /gates is not defined/,
      ],
      [
        "an output of no step",
        "steps.changes.outputs",
        "steps.change.outputs",
        /access .* invalid/,
      ],
      ["a broken expression", "== '' ||", "== '' |", /Unexpected symbol/],
      ["an unknown runner key", "timeout-minutes", "timeout", /Unexpected value 'timeout'/],
    ];
    for (const [name, from, to, message] of mistakes) {
      it(`finds ${name}`, async () => {
        const file = ".github/workflows/deploy.yml";
        const text = read(file);
        assert.ok(text.includes(from), `deploy.yml no longer has ${from}`);
        const findings = await lint(
          linter,
          file,
          text.replace(from, () => to),
          actionInputs,
        );
        assert.match(findings.join("\n"), message);
      });
    }

    it("knows the inputs of every action in use", () => {
      const used = steps.flatMap(({ step }) => step.uses?.split("@")[0] ?? []);
      none(used.filter((name) => !name.startsWith("./") && !(name in actionInputs)));
    });
  });

  it("pin every action of others to a commit, with its version", () => {
    const uses = files.flatMap(({ file, text }) =>
      [...text.matchAll(/uses: (.+)/g)].map(([, use = ""]) => ({ file, use })),
    );
    const foreign = uses.filter(({ use }) => !use.startsWith("./"));
    none(
      foreign
        .filter(({ use }) => !/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use))
        .map(({ file, use }) => `${file}: ${use}`),
    );
    const pins = new Set(foreign.map(({ use }) => use));
    const actions = new Set([...pins].map((use) => use.split("@")[0]));
    assert.equal(pins.size, actions.size, "an action has two pins");
    none(
      uses
        .filter(({ use }) => use.startsWith("./"))
        .filter(({ use }) => {
          return !existsSync(join(projectRoot, use, use.endsWith(".yml") ? "" : "action.yml"));
        })
        .map(({ file, use }) => `${file}: ${use} is missing`),
    );
  });

  it("give each job the rights it needs and no others", () => {
    none(
      files
        .filter(
          ({ content }) => content.jobs && Object.keys(content.permissions ?? { x: 0 }).length,
        )
        .map(({ file }) => `${file} gives rights to all jobs`),
    );
    none(jobs.filter(({ job }) => !job.permissions).map(({ where }) => where));
    const writes = jobs.flatMap(({ where, job }) =>
      Object.entries(job.permissions ?? {})
        .filter(([, right]) => right !== "read")
        .map(([name, right]) => `${where.replace(".github/workflows/", "")}: ${name} ${right}`),
    );
    assert.deepEqual(writes.sort(), [
      "deploy.yml installation: id-token write",
      "drift.yml drift: id-token write",
      "drift.yml drift: issues write",
      "installation.yml first: id-token write",
      "installation.yml second: id-token write",
      "preview.yml comment: pull-requests write",
      "preview.yml preview: id-token write",
    ]);
  });

  it("run nothing for a fork with more than its own rights", () => {
    for (const { file, content, text } of files.filter(({ content }) => content.on)) {
      const events = Object.keys(content.on);
      none(events.filter((event) => ["pull_request_target", "workflow_run"].includes(event)));
      assert.doesNotMatch(text, /secrets\./, `${file} reads a secret: forks would fail, or get it`);
    }
    const open = Object.entries(workflow("preview.yml").jobs)
      .filter(([, job]) => Object.values(job.permissions ?? {}).includes("write"))
      .filter(([, job]) => {
        return !job.if?.includes(
          "github.event.pull_request.head.repo.full_name == github.repository",
        );
      });
    none(open.map(([name]) => name));
  });

  it("put no expression into a shell's text", () => {
    none(steps.filter(({ step }) => step.run?.includes("${{")).map(({ where }) => where));
    none(
      steps
        .filter(({ step }) => step.run && /\$GITHUB_HEAD_REF/.test(step.run))
        .map((s) => s.where),
    );
  });

  it("leave no token in the clone, and show none to an install script", () => {
    none(
      steps
        .filter(({ step }) => step.uses?.startsWith("actions/checkout@"))
        .filter(({ step }) => step.with?.["persist-credentials"] !== false)
        .map(({ where }) => where),
    );
    const order = stepsOf(workflow("action.yml")).map(({ uses, run }) => uses ?? run ?? "");
    const installs = order.findIndex((text) => text.startsWith("npm ci"));
    const credentials = order.findIndex((text) => text.startsWith("aws-actions/"));
    assert.ok(installs >= 0 && installs < credentials);
    const { comment } = workflow("preview.yml").jobs;
    none((comment?.steps ?? []).flatMap(({ run }) => (run && /npm/.test(run) ? [run] : [])));
    assert.match(JSON.stringify(comment), /"ref":"\$\{\{ github.event.pull_request.base.sha \}\}"/);
  });

  it("install no dev package where a run deploys, and all where there are no credentials", () => {
    const all = ["preview.yml npm ci --ignore-scripts", "preview.yml npm ci"];
    const installs = files.flatMap(({ file, content }) =>
      stepsOf(content).flatMap(({ run }) =>
        run?.startsWith("npm ci") ? [`${file.split("/").at(-1)} ${run}`] : [],
      ),
    );
    none(
      installs.filter(
        (text) => !all.includes(text) && !/ npm ci --omit=dev --ignore-scripts$/.test(text),
      ),
    );
    const { plan, checks } = workflow("preview.yml").jobs;
    assert.deepEqual([plan?.permissions, checks?.permissions], Array(2).fill({ contents: "read" }));
  });

  it("have a time limit and, around pulumi, a session that outlasts it", () => {
    none(
      jobs
        .filter(({ job }) => job.steps && !(Number(job["timeout-minutes"]) <= 180))
        .map(({ where }) => where),
    );
    const standard = deploySchema.shape.sessionMinutes.parse(undefined);
    for (const { where, job } of jobs) {
      for (const step of job.steps ?? []) {
        if (step.uses !== "./.github/actions/pulumi") continue;
        const minutes = Number(step.with?.["session-seconds"]) / 60;
        const most = /-update$/.test(String(step.with?.role)) ? standard : 60;
        assert.ok(
          minutes <= most,
          `${where}: a session of ${minutes} minutes, the role has ${most}`,
        );
        assert.ok(Number(job["timeout-minutes"]) < minutes, `${where}: outlasts its session`);
      }
    }
  });

  it("take the role of their stack and operation, as deploy/ makes it", () => {
    const expected: [file: string, job: string, stack: string, operation: Operation][] = [
      ["preview.yml", "preview", "${{ matrix.stack }}", "preview"],
      ["drift.yml", "drift", "${{ matrix.stack }}", "drift"],
      ["installation.yml", "first", "${{ inputs.first }}", "update"],
      ["installation.yml", "second", "${{ inputs.second }}", "update"],
    ];
    const roles = jobs.flatMap(({ where, job }) =>
      (job.steps ?? []).flatMap(({ with: given }) =>
        given?.role === undefined ? [] : `${where}: ${String(given.role)}`,
      ),
    );
    assert.deepEqual(
      roles.sort(),
      expected
        .map(([file, job, stack, operation]) => {
          const role = roleArn("${{ vars.AWS_ACCOUNT_ID }}", stack, operation);
          return `.github/workflows/${file} ${job}: ${role}`;
        })
        .sort(),
    );
  });

  it("never update both regions at once, nor cut an update short", () => {
    const { installation } = workflow("deploy.yml").jobs;
    assert.equal(installation?.uses, "./.github/workflows/installation.yml");
    assert.deepEqual(installation?.concurrency, {
      group: "installation-${{ matrix.domain }}",
      "cancel-in-progress": false,
    });
    const { first, health, second } = workflow("installation.yml").jobs;
    assert.deepEqual([health?.needs, second?.needs], ["first", ["first", "health"]]);
    assert.match(String(second?.if), /!failure\(\)/);
    assert.deepEqual(
      [first?.environment, second?.environment],
      ["${{ inputs.first }}", "${{ inputs.second }}"],
    );
    const updating = jobs.filter(({ job }) => runs(job).some(([, command]) => command === "up"));
    assert.deepEqual(
      updating.map(({ where }) => where),
      [".github/workflows/installation.yml first", ".github/workflows/installation.yml second"],
    );
    const cancelling = files.filter(({ text }) => text.includes("cancel-in-progress: true"));
    assert.deepEqual(
      cancelling.map(({ file }) => file),
      [".github/workflows/preview.yml"],
    );
  });

  it("read back what a killed run has made before each update of a stack", () => {
    const updates = steps.filter(({ step }) => /^\s*pulumi up .*\$STACK/m.test(step.run ?? ""));
    assert.ok(updates.length >= 2);
    for (const { where, step } of updates) {
      assert.match(step.run ?? "", /npm run recover -- "\$STACK"\n\s*pulumi up /, where);
    }
  });

  it("have shell that bash understands", function () {
    if (spawnSync("bash", ["--version"]).error) {
      process.stdout.write("    skipped: bash is not installed, which parses the shell.\n");
      this.skip();
    }
    for (const { where, step } of steps.filter(({ step }) => step.run)) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: step.run, encoding: "utf8" });
      assert.equal(status, 0, `${where}: ${stderr}`);
    }
  });
});

function runs(job: Job): Command[] {
  return (job.steps ?? []).flatMap(({ run }) => (run ? commandsOf(run) : []));
}

describe("the commands of workflows and docs", () => {
  const written = [
    ...steps.flatMap(({ where, step }) => (step.run ? [{ where, shell: step.run }] : [])),
    ...docs.flatMap((file) => shellOf(read(file)).map((shell) => ({ where: file, shell }))),
  ];
  const commands = written.flatMap(({ where, shell }) =>
    commandsOf(shell).map((words) => ({ where: `${where}: ${words.join(" ")}`, words })),
  );
  const of = (program: string) => commands.filter(({ words }) => words[0] === program);

  it("are read as a shell would", () => {
    const text = [
      "A=1 pulumi up --stack 'a b' | tee x.txt # pulumi nope",
      'code=$(npm run plan -s -- --against "$BASE" > plan.md 2>&1) || code=$?',
      'if [[ -n $S ]]; then pulumi login "s3://b?region=r&awssdk=v2"; fi',
      "pulumi stack init x \\\n  --secrets-provider=y",
      'gh variable set A --body "$(pulumi stack output a -s b)" && node x.mjs <<< "$M"',
      "{ echo a; pulumi whoami; } >> out",
    ].join("\n");
    assert.deepEqual(
      commandsOf(text).filter(([name]) => ["pulumi", "npm", "node", "gh"].includes(name ?? "")),
      [
        ["pulumi", "up", "--stack", "a b"],
        ["npm", "run", "plan", "-s", "--", "--against", "$BASE"],
        ["pulumi", "login", "s3://b?region=r&awssdk=v2"],
        ["pulumi", "stack", "init", "x", "--secrets-provider=y"],
        ["pulumi", "stack", "output", "a", "-s", "b"],
        ["gh", "variable", "set", "A", "--body", "$(pulumi stack output a -s b)"],
        ["node", "x.mjs"],
        ["pulumi", "whoami"],
      ],
    );
    assert.deepEqual(shellOf("a `pulumi up -s x` b\n```sh\nnpm ci\n```\n```\nnpm x\n```\n"), [
      "npm ci\n",
      "pulumi up -s x",
    ]);
  });

  it("are there at all", () => {
    for (const program of ["pulumi", "npm", "node", "npx"]) {
      assert.ok(of(program).length > 0, `no ${program}: is the text still read?`);
    }
  });

  it("name scripts of package.json", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const own = ["ci", "install"];
    none(
      of("npm")
        .filter(({ words: [, first = "", second = ""] }) => {
          const name = first === "run" ? second : first;
          return !(first !== "run" && own.includes(first)) && !(name in scripts);
        })
        .map(({ where }) => where),
    );
  });

  it("run files that exist, with options that these know", () => {
    const started = [
      ...of("node").map(({ where, words }) => ({ where, args: words.slice(1) })),
      ...of("npx").map(({ where, words }) => {
        assert.deepEqual(words.slice(1, 3), ["ts-node", "--transpile-only"], where);
        return { where, args: words.slice(3) };
      }),
    ];
    for (const { where, args } of started) {
      const [file = "", ...options] = args;
      assert.ok(existsSync(join(projectRoot, file)), `${where}: there is no ${file}`);
      const text = read(file);
      none(
        options
          .filter((option) => /^--\w/.test(option))
          .filter((option) => !text.includes(`${option.split("=")[0] ?? ""} `))
          .map((option) => `${where}: ${option}`),
      );
    }
  });

  it("use commands and flags of Pulumi's CLI", () => {
    none(
      of("pulumi")
        .flatMap(({ words }) => pulumiProblem(words, recorded) ?? [])
        .map(String),
    );
    assert.match(pulumiProblem(["pulumi", "up", "--no-such"], recorded) ?? "", /--no-such/);
    assert.match(pulumiProblem(["pulumi", "deploy"], recorded) ?? "", /no command/);
    assert.match(pulumiProblem(["pulumi", "stack", "move"], recorded) ?? "", /no command/);
    assert.equal(pulumiProblem(["pulumi", "-C", "deploy", "up"], recorded), undefined);
  });

  it("use commands and flags of the CLI on PATH", function () {
    const { error, stdout } = spawnSync("pulumi", ["version"], { encoding: "utf8" });
    if (error) {
      process.stdout.write(
        `    skipped: there is no pulumi on PATH; the record of ${recordedVersion} is checked.
`,
      );
      this.skip();
    }
    this.timeout(120_000);
    const problems = of("pulumi").flatMap(({ words }) => pulumiProblem(words, installed) ?? []);
    assert.match(pulumiProblem(["pulumi", "stack", "move"], installed) ?? "", /no command/);
    assert.match(pulumiProblem(["pulumi", "up", "--no-such"], installed) ?? "", /--no-such/);
    assert.deepEqual([...new Set(problems)], [], `pulumi ${stdout.trim()}`);
  });
});

/** The flags of a command, undefined when there is no such command. */
type Manual = (command: string) => readonly string[] | undefined;

const recorded: Manual = (command) => {
  const own = pulumiFlags[command];
  return own && [...own, ...globalFlags];
};

const asked = new Map<string, readonly string[] | undefined>();

const installed: Manual = (command) => {
  if (!asked.has(command)) {
    const { stdout } = spawnSync("pulumi", [...command.split(" "), "--help"], { encoding: "utf8" });
    // The help of a group, when the group has no such command; a newer name, for one that has two.
    const [, usage = ""] = /^Usage:\n {2}pulumi (.*)$/m.exec(stdout) ?? [];
    const [, aliases = ""] = /^Aliases:\n {2}(.*)$/m.exec(stdout) ?? [];
    const words = command.split(" ");
    const shown = usage.split(" ")[words.length - 1] ?? "";
    const known = [shown, ...aliases.split(", ")].includes(words.at(-1) ?? "");
    asked.set(
      command,
      known
        ? [...stdout.matchAll(/(?:^|\s)(--?[a-z][\w-]*)/gi)].map(([, flag = ""]) => flag)
        : undefined,
    );
  }
  return asked.get(command);
};

/** What the CLI would object to. Groups such as `stack` are commands as well. */
function pulumiProblem(words: Command, manual: Manual): string | undefined {
  const args = words.slice(1);
  // Of the global flags only -C takes a value here.
  const place = args.indexOf("-C");
  const plain = place < 0 ? args : args.toSpliced(place, 2);
  const names = plain.slice(0, plain.findIndex((word) => word.startsWith("-")) + 1 || undefined);
  const [first = "", second = ""] = names.map((word) => (word.startsWith("-") ? "" : word));
  const groups = ["stack", "config", "plugin", "state"];
  const command = groups.includes(first) && second !== "" ? `${first} ${second}` : first;
  if (command === "" && plain.includes("--help")) return undefined;
  const flags = manual(command);
  if (!flags) return `pulumi has no command "${command}": ${words.join(" ")}`;
  const wrong = plain
    .filter((word) => /^--?[a-z]/i.test(word))
    .map((word) => word.split("=")[0] ?? "")
    .find((flag) => !flags.includes(flag));
  return wrong === undefined ? undefined : `pulumi ${command} has no ${wrong}: ${words.join(" ")}`;
}
