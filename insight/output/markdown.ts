import type { Against } from "../figures/against";
import { componentCells, differences, isChanged, type DifferenceRow } from "./difference";
import type { InstallationFigures } from "../figures/figures";
import { recoveryText } from "./figureLines";
import { duration, percent, plural, sumText, usd } from "./format";
import { isFailure, isReport, type StackResult } from "../figures/report";
import { findings } from "../figures/warnings";
import type { InstallationProblem } from "../../stacks/installation";

/** What stands in a comment; found again by its first line when the comment is renewed. */
export interface Comment {
  results: StackResult[];
  problems: InstallationProblem[];
  figures: InstallationFigures[];
  /** Why there are no figures. */
  figuresError?: string;
  against?: Against;
}

/** Recognises the comment among others, invisible to readers. */
export const commentMark = "<!-- pe-platform plan -->";

/** The plan as GitHub Markdown, for a comment on a pull request. */
export function renderMarkdown(comment: Comment): string {
  const { results, problems, figures, against, figuresError } = comment;
  const broken = results.filter(isFailure);
  return [
    commentMark,
    "## Plan",
    headline(comment),
    ...broken.map(
      ({ stack, message }) => `**${cell(stack)} cannot be planned**\n\n${block(message)}`,
    ),
    ...problems.map(
      ({ stacks, key, message }) =>
        `**${cell(stacks.join(", "))}**: \`${code(key)}\`: ${prose(message)}`,
    ),
    ...(figuresError === undefined ? [] : [`**No figures**\n\n${block(figuresError)}`]),
    ...figures.map(installationSection),
    ...(against ? [againstSection(against)] : []),
    details("Stacks and warnings", stackSection(results)),
    "_Planned offline; nothing was created. Cost in USD per month of 730 h; availability as modelled, and by the arithmetic of AWS's SLAs._",
    "",
  ].join("\n\n");
}

function headline({ results, problems, figures, figuresError }: Comment): string {
  const failures = results.filter(isFailure).length + problems.length;
  const objectives = figures.flatMap((one) => one.objectives);
  const all = (status: string): number => objectives.filter((one) => one.status === status).length;
  if (failures > 0) return "❌ The config has mistakes.";
  if (figuresError !== undefined) return "❌ The figures cannot be computed.";
  const unknown = all("unknown") > 0 ? ` ${plural(all("unknown"), "objective")} unknown.` : "";
  if (all("missed") > 0) return `❌ ${plural(all("missed"), "objective")} missed.${unknown}`;
  if (unknown !== "") return `❓${unknown}`;
  if (figures.some(({ total }) => !total.known)) return "❓ The cost is unknown.";
  const set = objectives.length;
  return set > 0 ? `✅ ${plural(set, "objective")} met.` : "No objectives are set.";
}

const signs = { met: "✅", missed: "❌", unknown: "❓ unknown:" } as const;

function installationSection(figures: InstallationFigures): string {
  const { domain, total, uncertaintyUsd, level, objectives, stacks } = figures;
  const missing = new Set(stacks.flatMap((cost) => cost.missing.map(({ message }) => message)));
  const rows = level
    ? (["read", "write"] as const).map((path) => {
        const { modelled, slaComposite } = level[path];
        const text = (figure: typeof modelled): string =>
          `${percent(figure.availability)} (${duration(figure.minutesPerMonth)} a month)`;
        return [path === "read" ? "Reads" : "Writes", text(modelled), text(slaComposite)];
      })
    : [];
  return [
    `### ${cell(domain)}: ${sumText(total)}${total.known && uncertaintyUsd > 0 ? ` ± ${usd(uncertaintyUsd)}` : ""}`,
    ...(rows.length > 0 ? [table(["", "Modelled", "By SLAs"], rows)] : ["No region is in use."]),
    ...(level
      ? [
          `Recovery: ${level.recovery.map(recoveryText).join("; ")}. Strategy: ${level.strategy.name}.`,
        ]
      : []),
    ...(objectives.length > 0
      ? [objectives.map(({ status, text }) => `* ${signs[status]} ${cell(text)}`).join("\n")]
      : []),
    ...[...missing].map((message) => `⚠️ ${prose(message)}`),
  ].join("\n\n");
}

function againstSection(against: Against): string {
  const { ref, commit, edits, notes, added, removed, problems } = against;
  const changes = [
    ...added.map((stack) => `* ${cell(stack)}: new`),
    ...removed.map((stack) => `* ${cell(stack)}: removed`),
    ...edits.map(
      ({ stack, key, before, after }) =>
        `* ${cell(stack)}: \`${code(key)}\` ${inline(before)} → ${inline(after)}`,
    ),
  ];
  const parts = differences(against).flatMap(({ domain, rows, components }) => {
    const changed = rows.filter(isChanged);
    if (changed.length === 0 && components.length === 0) return [];
    return [
      `**${cell(domain)}**`,
      table(["", "Before", "Now", "Difference"], changed.map(differenceCells)),
      details(
        "Cost by component",
        table(["Component", "Before", "Now", "Difference"], components.map(componentCells)),
      ),
    ];
  });
  return [
    `### Against \`${code(ref)}\` (${commit})`,
    changes.length > 0 ? changes.join("\n") : "No config value differs.",
    ...notes.map(
      ({ stack, key, message, refused }) =>
        `${refused ? "❌" : "⚠️"} ${cell(stack)}: ${refused ? "`pulumi up` refuses " : ""}\`${code(key)}\`: ${prose(message)}`,
    ),
    ...problems.map((problem) => block(problem)),
    ...(parts.length > 0 ? parts : ["Cost and service level are the same."]),
  ].join("\n\n");
}

function differenceCells({ name, before, after, change }: DifferenceRow): string[] {
  return [name, before, after, change];
}

function stackSection(results: StackResult[]): string {
  const reports = results.filter(isReport);
  const rows = reports.map(({ stack, config, inventory }) => [
    stack,
    config.region,
    String(config.azCount),
    String(inventory.total),
    String(inventory.protected.length),
  ]);
  const warnings = findings(reports).map(
    ([message, stacks]) => `* ${cell(stacks.join(", "))}: ${prose(message)}`,
  );
  return [
    table(["Stack", "Region", "azCount", "Resources", "Protected"], rows),
    ...(warnings.length > 0 ? [warnings.join("\n")] : []),
  ].join("\n\n");
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text of a config can hold anything: nothing of it becomes markup, a mention or a new cell. */
function cell(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>#|~@]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll(/\s*\n\s*/g, " ");
}

/** A sentence in which backticks mean code; nothing else in it becomes markup. */
function prose(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : cell(part)))
    .join("");
}

/** Inside backticks. */
function code(text: string): string {
  return text.replaceAll(/[`|\n]/g, " ");
}

function inline(text: string | undefined): string {
  return text === undefined ? "not set" : `\`${code(text)}\``;
}

/** Several lines, as they are; the fence is longer than any inside. */
function block(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
