import Table from "cli-table3";
import pc from "picocolors";
import { criticalPath, type CriticalPath, type Step } from "./criticalPath";
import { shortType } from "../plan/inventory";
import { planStack } from "../plan/offlinePlan";
import { hanging, labelled, terminalWidth, together } from "../output/text";

/** What an `up` of one stack does one after another. */
export interface StackChain extends CriticalPath {
  stack: string;
}

/** Where there is no terminal to say how wide it is. */
const pageWidth = 100;

export async function stackChains(stacks: string[]): Promise<StackChain[]> {
  const found: StackChain[] = [];
  for (const stack of stacks) found.push({ stack, ...criticalPath(await planStack(stack)) });
  return found;
}

/** The lengths side by side, each chain, and what waits for the database. */
export function renderChains(chains: StackChain[]): string {
  const width = terminalWidth() ?? pageWidth;
  return [
    lengths(chains),
    ...chains.flatMap((chain) => chainLines(chain, width)),
    "",
    "What waits for the database, by component:",
    ...labelled(checkList(chains), width),
    ...chains.flatMap(({ stack, fleetsThatWait }) =>
      fleetsThatWait.length === 0
        ? []
        : [
            hanging(
              `${pc.red("✖")} ${stack}: fleets wait: `,
              fleetsThatWait.map(words).join(", "),
              width,
            ),
          ],
    ),
  ].join("\n");
}

function lengths(chains: StackChain[]): string {
  const table = new Table({
    head: ["Creations one after another", ...chains.map(({ stack }) => stack)],
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: ["left", ...chains.map(() => "right" as const)],
  });
  const row = (name: string, cell: (chain: StackChain) => string): void => {
    table.push([name, ...chains.map(cell)]);
  };
  row("Longest chain", ({ longest }) => String(longest.length));
  row("… through the database", ({ throughDatabase }) => String(throughDatabase.length));
  row("… without the database", ({ withoutDatabase }) => String(withoutDatabase.length));
  row("Wait for the database", ({ waitForDatabase }) =>
    String(Object.values(waitForDatabase).flat().length),
  );
  row("… of web and app fleets", ({ fleetsThatWait }) =>
    fleetsThatWait.length === 0 ? pc.green("none") : pc.red(String(fleetsThatWait.length)),
  );
  return table.toString();
}

function chainLines(chain: StackChain, width: number): string[] {
  const { stack, longest, throughDatabase, withoutDatabase } = chain;
  const same = text(longest) === text(throughDatabase);
  const rows: [string, string][] = [
    ["longest", text(longest)],
    ...(same || throughDatabase.length === 0
      ? []
      : [["database", text(throughDatabase)] as [string, string]]),
    ["without", text(withoutDatabase)],
  ];
  return [stack, ...labelled(rows, width)];
}

/** Per component what waits; named stacks where not all have it. */
function checkList(chains: StackChain[]): [string, string][] {
  const components = new Set(chains.flatMap(({ waitForDatabase }) => Object.keys(waitForDatabase)));
  return [...components].sort().map((component) => {
    const stacksOf = new Map<string, string[]>();
    for (const { stack, waitForDatabase } of chains) {
      for (const resource of waitForDatabase[component] ?? []) {
        stacksOf.set(words(resource), [...(stacksOf.get(words(resource)) ?? []), stack]);
      }
    }
    const groups = new Map<string, string[]>();
    for (const [resource, stacks] of stacksOf) {
      const whose = stacks.length === chains.length ? "" : ` (${stacks.join(", ")})`;
      groups.set(whose, [...(groups.get(whose) ?? []), resource]);
    }
    const texts = [...groups].map(([whose, resources]) => resources.join(", ") + whose);
    return [component, texts.join("; ")];
  });
}

function text(chain: Step[]): string {
  return chain
    .map((entry, index) => (index < chain.length - 1 ? together(words(entry), "→") : words(entry)))
    .join(" ");
}

function words({ type, name }: Step): string {
  return together(shortType(type), name);
}
