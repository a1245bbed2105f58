import { findPython } from "../../local/emulatorPython";
import { findEngine } from "../../local/engineCli";
import { messageOf } from "../../local/mistake";
import { localPaths } from "../../local/paths";

/** Why the emulator tests can't run here; undefined when they can. Installs nothing but moto. */
export function missingPrerequisite(): string | undefined {
  const paths = localPaths();
  try {
    findEngine(paths);
    findPython(paths, (line) => process.stdout.write(`    ${line}\n`));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
