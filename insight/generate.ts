import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../config/stackFiles";
import { outputSchemas } from "./output/published";
import { generatedFiles } from "../stacks/config/generated";

// `npm run config:docs`: writes what the schemas are written out as, and says which files changed.
for (const [name, text] of Object.entries({ ...generatedFiles(), ...outputSchemas() })) {
  const file = join(projectRoot, name);
  const isSame = existsSync(file) && readFileSync(file, "utf8") === text;
  if (!isSame) writeFileSync(file, text);
  process.stdout.write(`${name}: ${isSame ? "up to date" : "written"}\n`);
}
