// The transpiler of ts-node (see "ts-node" in tsconfig.json), and so of the engine, the tests and
// the command line. TypeScript's own takes longer for this program at every start than planning a
// stack does; here each result is kept in node_modules/.cache until the file, the compiler or its
// options change. Types are checked by `npm test`, never here.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, relative } = require("node:path");
const { transpileModule, version } = require("typescript");

const root = dirname(__dirname);
const folder = join(root, "node_modules", ".cache", "typescript");

const digest = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex");

function read(file, madeFrom) {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8"));
    return kept.madeFrom === madeFrom ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Several processes may write at once, and a folder that can't be written to is no reason to stop. */
function keep(file, result) {
  try {
    mkdirSync(folder, { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, JSON.stringify(result));
    renameSync(partial, file);
  } catch {
    // Then the next start transpiles again.
  }
}

exports.create = ({ service }) => {
  const compilerOptions = service.config.options;
  // Without the folder: a copy of the project shares the results.
  const options = JSON.stringify(compilerOptions).replaceAll(root, "");
  return {
    transpile(source, { fileName }) {
      const name = relative(root, fileName);
      const madeFrom = digest(version, options, source);
      const file = join(folder, `${digest(name).slice(0, 32)}.json`);
      const kept = read(file, madeFrom);
      if (kept) return kept;
      const { outputText, sourceMapText } = transpileModule(source, { compilerOptions, fileName });
      const result = { madeFrom, outputText, sourceMapText };
      keep(file, result);
      return result;
    },
  };
};
