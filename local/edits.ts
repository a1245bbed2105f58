import { parse } from "yaml";
import { own, type ConfigSection } from "../engine/overrides";
import { UserError } from "../config/mistake";

/** One key with another value: `replication.writer=us-west-2`. */
export interface Edit {
  /** The key's parts; the first is a key of the project. */
  path: [string, ...string[]];
  value: unknown;
}

/**
 * The edits of `--set`, given once or several times.
 * @throws UserError for one that is not `key=value`.
 */
export function readEdits(option: unknown): Edit[] {
  if (option === undefined) return [];
  return [option].flat().map((text) => {
    const [, key, value] = /^([A-Za-z][\w.:]*)=(.*)$/s.exec(String(text)) ?? [];
    const [first, ...rest] = key?.split(".") ?? [];
    if (!first || value === undefined) {
      throw new UserError(
        `--set ${String(text)} is not key=value: write, for example, --set azCount=1 or ` +
          "--set replication.writer=us-west-2.",
      );
    }
    return { path: [first, ...rest], value: parse(value) as unknown };
  });
}

/** A stack file's `config` section with the edits in it. */
export function edited(section: ConfigSection, edits: Edit[]): ConfigSection {
  return edits.reduce<ConfigSection>(
    (config, { path: [first, ...rest], value }) =>
      withValue(config, [own(config, first), ...rest], value),
    section,
  );
}

function withValue(config: ConfigSection, path: string[], value: unknown): ConfigSection {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return { ...config, [key]: value };
  const inner = config[key];
  const below = typeof inner === "object" && inner !== null ? (inner as ConfigSection) : {};
  return { ...config, [key]: withValue(below, rest, value) };
}
