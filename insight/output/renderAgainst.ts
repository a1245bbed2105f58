import Table from "cli-table3";
import pc from "picocolors";
import type { Against } from "../figures/against";
import { componentCells, differences, isChanged } from "./difference";

/** The comparison with a commit as text. */
export function renderAgainst(against: Against): string {
  const { ref, commit, edits, notes, added, removed, problems } = against;
  const changes = [
    ...added.map((stack) => `  ${stack}: new`),
    ...removed.map((stack) => `  ${stack}: removed`),
    ...edits.map(
      ({ stack, key, before, after }) =>
        `  ${stack}: ${key} ${before ?? "not set"} → ${after ?? "not set"}`,
    ),
  ];
  const told = notes.map(({ stack, key, message, refused }) =>
    refused
      ? pc.red(`  ✖ ${stack}: \`pulumi up\` refuses ${key}: ${message}`)
      : pc.yellow(`  ! ${stack}: ${key}: ${message}`),
  );
  return [
    "",
    `${pc.bold(`Against ${ref}`)} (${commit})`,
    ...(changes.length > 0 ? changes : ["  No config value differs."]),
    ...told,
    ...problems,
    ...differences(against).flatMap(({ domain, rows, components }) => {
      const changed = rows.filter(isChanged);
      if (changed.length === 0 && components.length === 0) {
        return ["", `${pc.bold(domain)}: cost and service level are the same.`];
      }
      return [
        "",
        pc.bold(domain),
        table(changed.map(({ name, before, after, change }) => [name, before, after, change])),
        table(components.map(componentCells), "USD a month by component"),
      ];
    }),
  ].join("\n");
}

function table(rows: string[][], name = ""): string {
  const all = new Table({
    head: [name, "before", "now", "difference"].map((title) => pc.bold(title)),
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: ["left", "right", "right", "right"],
  });
  all.push(...rows);
  return all.toString();
}
