import { join } from "node:path";
import { Language, Parser, type Node } from "web-tree-sitter";

/** What the tests ask of a script. No PowerShell is needed: a grammar in WebAssembly reads it. */
export interface ParsedScript {
  /** Places that are not PowerShell, as "line: text". */
  errors: string[];
  functions: string[];
  commands: string[];
  /** Single-quoted strings, with their quotes. */
  strings: string[];
}

let ready: Promise<Parser> | undefined;

async function load(): Promise<Parser> {
  await Parser.init();
  const folder = join(require.resolve("tree-sitter-powershell/package.json"), "..");
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(folder, "tree-sitter-powershell.wasm")));
  return parser;
}

export async function parsePowerShell(text: string): Promise<ParsedScript> {
  ready ??= load();
  const tree = (await ready).parse(text);
  if (!tree) throw new Error("The PowerShell grammar gave no tree.");
  const found: ParsedScript = { errors: [], functions: [], commands: [], strings: [] };
  visit(tree.rootNode, found);
  tree.delete();
  return found;
}

function visit(node: Node, found: ParsedScript): void {
  if (node.isError || node.isMissing) {
    found.errors.push(`${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`);
  }
  if (node.type === "function_name") found.functions.push(node.text);
  if (node.type === "command_name") found.commands.push(node.text);
  if (node.type === "verbatim_string_characters") found.strings.push(node.text);
  for (const child of node.children) if (child) visit(child, found);
}
