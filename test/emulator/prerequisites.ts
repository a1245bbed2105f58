import { findPython } from "../../local/emulator/python";
import { findEngine } from "../../engine/cli";
import { messageOf } from "../../config/mistake";
import { localPaths } from "../../engine/paths";

/** For a suite's `before`: where the tools are missing, says which and skips the whole suite. */
export function skipWithoutTools(suite: Mocha.Context): void {
  const reason = missingPrerequisite();
  if (!reason) return;
  process.stdout.write(`    skipped: ${reason}\n`);
  suite.skip();
}

/** Why the emulator tests can't run here; undefined when they can. Installs nothing but moto. */
function missingPrerequisite(): string | undefined {
  const paths = localPaths();
  try {
    findEngine(paths);
    findPython(paths, (line) => process.stdout.write(`    ${line}\n`));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
