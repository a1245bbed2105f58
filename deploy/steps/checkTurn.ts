import { listStacks, readStackConfig } from "../../config/stackFiles";
import { exitCodes } from "../../config/exitCodes";
import { deployOrder } from "../gate/order";
import { platformStack, turnOf } from "../deployContext";

// In a run of Pulumi Deployments: refuses to deploy a region out of turn. The settings know one
// order of the two, and a commit that moves the writer or takes a region out asks for the other
// one: `deploy/` has to follow. Exit code 0, or with a sentence 2 (refused) or 1 (a mistake).
//
//   checkTurn.ts <stack> [<stack that the settings deploy first>]

function main([stack = "", before]: string[]): string | undefined {
  if (!["update", "remediate-drift"].includes(process.env.PULUMI_CI_OPERATION ?? ""))
    return undefined;
  const all = listStacks().map((name) => {
    return { stack: name, config: turnOf(platformStack(readStackConfig(name))) };
  });
  const turn = deployOrder(all, [stack]).find(({ first, second }) =>
    [first, second].includes(stack),
  );
  if (turn === undefined || turn.second === "") return undefined;
  const wanted = turn.first === stack ? undefined : turn.first;
  if (wanted === before) return undefined;
  return (
    `By this commit's stack files ${turn.first} is deployed before ${turn.second} ` +
    "(replication.writer, regionCount), and the settings of Pulumi Deployments have it the other " +
    `way: run \`pulumi up\` in deploy/, which turns them round, then start ${turn.first}.`
  );
}

try {
  const refusal = main(process.argv.slice(2));
  if (refusal !== undefined) {
    process.stderr.write(`${refusal}\n`);
    process.exitCode = exitCodes.failed;
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = exitCodes.mistake;
}
