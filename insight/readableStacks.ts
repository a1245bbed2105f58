import { parseConfig, type PlatformConfig } from "../stacks/config";
import { listStacks, projectRoot, readStack } from "./stackFiles";

/** Stacks of files that are right; what is wrong with the others is told where they are planned. */
export function readableStacks(
  root = projectRoot,
  wanted: (stack: string) => boolean = () => true,
): { stack: string; config: PlatformConfig }[] {
  return listStacks(root)
    .filter(wanted)
    .flatMap((stack) => {
      try {
        return [{ stack, config: parseConfig(readStack(stack, root).raw, stack) }];
      } catch {
        return [];
      }
    });
}
