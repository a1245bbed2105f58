import type { TableChange } from "./table";

/** Most keys that are named one by one. */
const shown = 20;

/** What a refresh did, or would do, for people: changed, new and kept prices of each region. */
export function renderChanges(changes: TableChange[], written: boolean): string {
  const parts = changes.map((change) => renderRegion(change, written));
  if (!written) parts.push("Nothing was written (--dry-run).");
  return parts.join("\n\n");
}

function renderRegion(
  { region, changed, added, confirmed, kept, rows }: TableChange,
  written: boolean,
) {
  const lines = [
    `insight/prices/${region}.json: ${rows} prices${written ? "" : " would be in it"}. ` +
      `${changed.length} changed, ${added.length} new, ${confirmed} confirmed, ${kept.length} kept as they were.`,
  ];
  const list = (title: string, items: string[]) => {
    if (items.length === 0) return;
    lines.push(`  ${title}`, ...items.slice(0, shown).map((item) => `    ${item}`));
    if (items.length > shown) lines.push(`    and ${items.length - shown} more (--json names all)`);
  };
  list(
    "Changed",
    changed.map(({ key, from, to }) => `${key}  ${from} → ${to}${percent(from, to)}`),
  );
  list("New", added);
  const of = (wanted: string) =>
    kept.filter(({ reason }) => reason === wanted).map(({ key }) => key);
  list("Not in AWS's list, or not read from it; the old row stays", of("absent"));
  list("Several prices in AWS's list that nothing tells apart; the old row stays", of("ambiguous"));
  return lines.join("\n");
}

function percent(from: number, to: number): string {
  if (from === 0) return "";
  const share = ((to - from) / from) * 100;
  return ` (${share > 0 ? "+" : ""}${share.toFixed(1)} %)`;
}
