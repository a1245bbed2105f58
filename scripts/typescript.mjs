// Loads TypeScript into this process. ts-node transpiles every file at every start, which takes
// longer than planning a stack; here the result is kept in node_modules/.cache until the file, the
// compiler or its options change. PE_DEBUG=1 uses ts-node itself, whose stack traces show the
// TypeScript lines. Types are checked by `npm test`, never here.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const cache = join(root, "node_modules", ".cache", "typescript");

const digest = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex");

function readTsconfig() {
  const path = join(root, "tsconfig.json");
  return { path, text: readFileSync(path, "utf8") };
}

function compilerOptions({ path, text }) {
  const ts = require("typescript");
  const { config } = ts.parseConfigFileTextToJson(path, text);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return { ...options, sourceMap: false, inlineSourceMap: false };
}

function register() {
  const tsconfig = readTsconfig();
  const { version } = require("typescript/package.json");
  const loaded = new Map();
  let options;
  mkdirSync(cache, { recursive: true });

  function transpile(fileName, source) {
    options ??= compilerOptions(tsconfig);
    const { transpileModule } = require("typescript");
    return transpileModule(source, { compilerOptions: options, fileName }).outputText;
  }

  /** One cache file per source file, its first line saying what it was made from. */
  function compiled(fileName) {
    const source = readFileSync(fileName, "utf8");
    const made = `//${digest(version, tsconfig.text, source)}\n`;
    const known = loaded.get(fileName);
    if (known?.startsWith(made)) return known;
    const file = join(cache, `${digest(fileName).slice(0, 32)}.js`);
    let output;
    try {
      output = readFileSync(file, "utf8");
    } catch {
      output = "";
    }
    if (!output.startsWith(made)) {
      output = made + transpile(fileName, source);
      const partial = `${file}.${process.pid}`;
      writeFileSync(partial, output);
      renameSync(partial, file);
    }
    loaded.set(fileName, output);
    return output;
  }

  Module._extensions[".ts"] = (module, fileName) => module._compile(compiled(fileName), fileName);
}

/** Runs a TypeScript file of the project in this process, as if Node had been started with it. */
export function load(file, args) {
  if (process.env.PE_DEBUG) require("ts-node/register/transpile-only");
  else register();
  const path = join(root, file);
  process.argv = [process.execPath, path, ...args];
  Module._load(path, null, true);
}

// `node scripts/typescript.mjs insight/benchRun.ts …`
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file, ...args] = process.argv;
  load(file, args);
}
