import { readFileSync } from "node:fs";
import process from "node:process";
import { call, connect, findMarked, GitHubMistake, run, shortened } from "./github.mjs";

/*
 * Writes a pull request's one comment: the text on standard input, whose first line is a mark such
 * as `<!-- pe-platform plan -->`. A comment with the mark is replaced, so that there is one.
 *
 *   node deploy/gate/comment.mjs <number of the pull request>   < plan.md
 *
 * Exit codes: 0 written, 1 not.
 */

const usage = "Usage: node deploy/gate/comment.mjs <number of the pull request> < <text>";

await run(async () => {
  const [number = "", ...more] = process.argv.slice(2);
  if (!/^[1-9]\d*$/.test(number) || more.length > 0) throw new GitHubMistake(usage);
  const text = readFileSync(0, "utf8").trim();
  const [mark] = text.split("\n", 1);
  if (!/^<!-- .+ -->$/.test(mark)) {
    throw new GitHubMistake(
      `The text begins with ${JSON.stringify(mark.slice(0, 60))}, not with a mark such as <!-- pe-platform plan -->: was the plan printed with --markdown?`,
    );
  }
  const github = connect();
  const body = shortened(text, "The rest is in the summary of the workflow's run.");
  const former = await findMarked(github, `issues/${number}/comments`, mark);
  if (former) await call(github, "PATCH", `issues/comments/${former.id}`, { body });
  else await call(github, "POST", `issues/${number}/comments`, { body });
  process.stdout.write(`The comment of #${number} is ${former ? "renewed" : "written"}.\n`);
  return 0;
});
