import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listStacks, projectRoot } from "../../config/stackFiles";

const parts = [
  ...["app", "assumptions", "components", "config", "functions", "insight", "scripts", "stacks"],
  ...["index.ts", "Pulumi.yaml", "package.json", "package-lock.json", "tsconfig.json"],
];

/** A copy of the project in which stack files can be wrong. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "pe-plan-"));

  constructor() {
    for (const part of parts) {
      cpSync(join(projectRoot, part), join(this.folder, part), { recursive: true });
    }
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"), "junction");
    this.reset();
  }

  /** Stack files as they really are. */
  reset(): void {
    for (const stack of listStacks()) this.edit(stack, (text) => text);
  }

  /** Writes a stack file anew, from the real one. */
  edit(stack: string, change: (text: string) => string): void {
    const file = `Pulumi.${stack}.yaml`;
    writeFileSync(join(this.folder, file), change(readFileSync(join(projectRoot, file), "utf8")));
  }

  /** Writes a stack file anew, with one key of the project changed. */
  set(stack: string, key: string, value: string): void {
    this.edit(stack, (text) => {
      const changed = text.replace(new RegExp(`(pe-platform:${key}): .*`), `$1: ${value}`);
      if (changed === text) throw new Error(`${key} is not in the file of ${stack}`);
      return changed;
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Stack files, usage, prices and inputs: what figures without a plan stand on. */
export function copyInputs(folder: string): void {
  mkdirSync(join(folder, "insight"), { recursive: true });
  for (const file of readdirSync(projectRoot).filter((name) => /^Pulumi.*\.yaml$/.test(name))) {
    cpSync(join(projectRoot, file), join(folder, file));
  }
  for (const part of ["assumptions", "insight/data", "insight/prices"]) {
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  }
}
