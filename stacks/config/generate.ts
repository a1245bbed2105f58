import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import { generatedFiles } from "./generated";

// `npm run config:docs`: writes what the schema is written out as, and says which files changed.
for (const [name, text] of Object.entries(generatedFiles())) {
  const file = join(projectRoot, name);
  const isSame = existsSync(file) && readFileSync(file, "utf8") === text;
  if (!isSame) writeFileSync(file, text);
  process.stdout.write(`${name}: ${isSame ? "up to date" : "written"}\n`);
}
