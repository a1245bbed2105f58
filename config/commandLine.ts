import { parseArgs } from "node:util";
import { closest, distance } from "fastest-levenshtein";
import { UserError } from "./mistake";

/** An option: what it does, the name of its value where it takes one, whether it may come again. */
interface Option {
  text: string;
  value?: string;
  many?: true;
}

/** A command's arguments, from which its help is written. */
export interface CommandLine<Options extends Record<string, Option>> {
  /** As a person types it, e.g. `npm start --`. */
  name: string;
  /** What stands without dashes, e.g. `[stack]`; absent: nothing. */
  word?: string;
  about: string;
  options: Options;
  examples: readonly string[];
}

type Values<Options> = {
  [Name in keyof Options]?: Options[Name] extends { many: true }
    ? string[]
    : Options[Name] extends { value: string }
      ? string
      : boolean;
};

/**
 * Reads a command's arguments; with --help prints its help.
 * @returns the word and the options, or undefined after the help.
 * @throws UserError for an option that is none, lacks its value or is given twice, and for more words.
 */
export function readArguments<const Options extends Record<string, Option>>(
  line: CommandLine<Options>,
  argv: string[],
): { word?: string; options: Values<Options> } | undefined {
  const { name, word, options } = line;
  const { tokens } = parseArgs({
    args: argv,
    options: {
      help: { type: "boolean", short: "h" },
      ...Object.fromEntries(
        Object.entries(options).map(([key, { value }]) => [
          key,
          { type: value === undefined ? ("boolean" as const) : ("string" as const) },
        ]),
      ),
    },
    strict: false,
    tokens: true,
  });
  const found: Record<string, string | boolean | string[]> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help" || token.name === "h") {
      process.stdout.write(`${help(line)}\n`);
      return undefined;
    }
    const { value, many } = option(line, token.name);
    if (value === undefined) {
      if (token.inlineValue) throw new UserError(`--${token.name} takes no value: leave it out.`);
      found[token.name] = true;
    }
    // An option after it is no value: `--against --json`.
    else if (!token.value || (!token.inlineValue && /^--./.test(token.value))) {
      throw new UserError(`--${token.name} needs its value: --${token.name} <${value}>.`);
    } else if (many) found[token.name] = [...((found[token.name] as string[]) ?? []), token.value];
    else if (found[token.name] !== undefined) {
      throw new UserError(`--${token.name} is given more than once: name one ${value}.`);
    } else found[token.name] = token.value;
  }
  if (words.length > 1 || (word === undefined && words.length > 0)) {
    throw new UserError(
      word === undefined
        ? `${words.join(", ")} means nothing here: see ${name} --help.`
        : `Name one ${plain(word)}, not ${words.length}: ${words.join(", ")}.`,
    );
  }
  return { ...(words[0] === undefined ? {} : { word: words[0] }), options: found as never };
}

function option({ name, options }: CommandLine<Record<string, Option>>, given: string): Option {
  const known = Object.hasOwn(options, given) ? options[given] : undefined;
  if (known) return known;
  const near = closest(given, Object.keys(options));
  const hint = distance(given, near) <= 2 ? ` Did you mean --${near}?` : "";
  throw new UserError(`There is no option --${given}: see ${name} --help.${hint}`);
}

function help({
  name,
  word,
  about,
  options,
  examples,
}: CommandLine<Record<string, Option>>): string {
  const rows = [
    ...Object.entries(options),
    ["help", { text: "Show this" }] as [string, Option],
  ].map(([key, { value, text }]) => [`--${key}${value === undefined ? "" : ` <${value}>`}`, text]);
  const width = Math.max(...rows.map(([left = ""]) => left.length));
  return [
    [name, word].filter(Boolean).join(" "),
    `  ${about}`,
    "",
    ...rows.map(([left = "", text]) => `  ${left.padEnd(width)}  ${text}`),
    "",
    ...examples,
  ].join("\n");
}

const plain = (word: string): string => word.replace(/[^\w ]/g, "");
