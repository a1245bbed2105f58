import type { Partially } from "../../config/fields";
import type { Problem } from "../../config/problems";
import type { PlatformValues } from "./schema";

/** What could be read of a config: any part may be missing, because it was wrong or absent. */
export type Draft = Partially<PlatformValues> & { region?: string; stack?: string };

/** A rule that joins several keys. */
export interface Rule {
  /** What must hold, for docs/config.md. */
  about: string;
  check(draft: Draft): Problem[] | Problem | undefined;
}
