import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { listStacks, readStack } from "../../config/stackFiles";

/** Stacks of files that are right; what is wrong with the others is told where they are planned. */
export function readableStacks(
  wanted: (stack: string) => boolean = () => true,
): { stack: string; raw: Record<string, string>; config: PlatformConfig }[] {
  return listStacks()
    .filter(wanted)
    .flatMap((stack) => {
      try {
        const { raw } = readStack(stack);
        return [{ stack, raw, config: parseConfig(raw, stack) }];
      } catch {
        return [];
      }
    });
}
