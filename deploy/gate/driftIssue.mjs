import { readFileSync } from "node:fs";
import process from "node:process";
import {
  call,
  connect,
  findMarked,
  FailedCheck,
  GitHubMistake,
  run,
  shortened,
} from "./github.mjs";

/*
 * Turns one stack's drift check into its one issue. Standard input is what
 * `pulumi refresh --preview-only --expect-no-changes` printed, the second argument its exit code.
 *
 *   node deploy/gate/driftIssue.mjs <stack> <exit code>   < output
 *
 * 0 (nothing drifted) closes an issue that is open; 7 (Pulumi's code for changes where none were
 * expected) opens one, or renews the one that is open; with any other the check itself failed.
 * Exit codes: 0 no drift, 3 drift, 1 the check failed or the issue could not be written.
 */

const usage = "Usage: node deploy/gate/driftIssue.mjs <stack> <exit code of pulumi> < <its output>";

/** Pulumi CLI, cmd/pulumi/cmd/exit_codes.go: ExitNoChanges. */
const changesFound = 7;

await run(async () => {
  const [stack = "", code = "", ...more] = process.argv.slice(2);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(stack) || !/^\d+$/.test(code) || more.length > 0) {
    throw new GitHubMistake(usage);
  }
  const output = readFileSync(0, "utf8").trim();
  const result = Number(code);
  if (result !== 0 && result !== changesFound) {
    throw new FailedCheck(`The drift check of ${stack} failed with exit code ${code}: see above.`);
  }
  const github = connect();
  const mark = `<!-- pe-platform drift ${stack} -->`;
  const open = await findMarked(github, "issues?state=open", mark);
  if (result === 0) {
    if (open) {
      await call(github, "POST", `issues/${open.number}/comments`, {
        body: `${stack} is as its state says again.`,
      });
      await call(github, "PATCH", `issues/${open.number}`, { state: "closed" });
    }
    process.stdout.write(`${stack} has not drifted${open ? `; #${open.number} is closed` : ""}.\n`);
    return 0;
  }
  const issue = { title: `Drift in ${stack}`, body: body(mark, stack, output) };
  const { number } = open
    ? await call(github, "PATCH", `issues/${open.number}`, issue)
    : await call(github, "POST", "issues", issue);
  process.stdout.write(`${stack} has drifted: see #${number}.\n`);
  return 3;
});

function body(mark, stack, output) {
  const text = [
    mark,
    `What AWS has differs from the state of \`${stack}\`: somebody changed it there, by hand or by another tool. Nothing is undone by itself.`,
    "",
    `* To undo it: \`pulumi up --refresh -s ${stack}\`.`,
    "* To keep it: make the same change in the stack's file or the program, by pull request.",
    "",
    fence(output),
    "",
    output,
  ].join("\n");
  return `${shortened(text, "The rest is in the log of the workflow's run.")}\n${fence(output)}`;
}

/** Longer than any run of backticks in the text. */
function fence(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}
