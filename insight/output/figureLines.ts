import type { PathFigures, Recovery, ServiceLevelFigures } from "../availability/types";
import { addSums } from "../cost/sums";
import type { StackCost, MonthlySum } from "../cost/types";
import type { InstallationFigures } from "../figures/figures";
import { briefSum, duration, percent, sumText, usd } from "./format";
import type { Fact } from "../figures/installations";

/** What an installation costs and buys, in the order in which its owner asks. */
export function figureFacts({ stacks, total, uncertaintyUsd, level }: InstallationFigures): Fact[] {
  return [
    ["Cost", costText(stacks, total, uncertaintyUsd)],
    ...(level ? levelFacts(level) : []),
    ...missingFacts(stacks),
  ];
}

function costText(stacks: StackCost[], total: MonthlySum, uncertaintyUsd: number): string {
  const sum = (of: (cost: StackCost) => MonthlySum): string => briefSum(addSums(stacks.map(of)));
  const each = stacks.length > 1 ? stacks.map((c) => `${c.stack} ${briefSum(c.total)}`) : [];
  const licences = [
    `Windows licences ${sum((cost) => cost.windowsLicence)}`,
    `SQL Server ${sum((cost) => cost.sqlServerLicence)}`,
  ];
  const estimated = stacks.reduce((usd, cost) => usd + cost.estimatedUsd, 0);
  const doubt =
    total.known && estimated > 0
      ? [`${usd(estimated)} of it at estimated prices, hence the ±`]
      : [];
  return (
    `${sumText(total)}${total.known && uncertaintyUsd > 0 ? ` ± ${usd(uncertaintyUsd)}` : ""}` +
    `: ${[...each, ...licences, ...doubt].join("; ")}`
  );
}

/** A share and the minutes it leaves, e.g. `99.95 % (22 min a month)`. */
function figure({ availability, minutesPerMonth }: PathFigures["modelled"]): string {
  return `${percent(availability)} (${duration(minutesPerMonth)})`;
}

function levelFacts(level: ServiceLevelFigures): Fact[] {
  const { read, write, recovery, strategy, singlePoints, cap } = level;
  const weakest = singlePoints
    .slice(0, 3)
    .map(({ what, minutesPerMonth }) => `${what} ${duration(minutesPerMonth)}`);
  return [
    [
      "Available",
      `modelled: reads ${figure(read.modelled)}, writes ${figure(write.modelled)} down in a month; ` +
        `by AWS's SLAs: reads ${figure(read.slaComposite)}, writes ${figure(write.slaComposite)}, ` +
        `capped by ${cap.what}`,
    ],
    ["Recovery", recovery.map(recoveryText).join("; ")],
    ["Strategy", `${strategy.name}: ${strategy.why}`],
    ...(weakest.length > 0
      ? [["Risks", `single points of failure: ${weakest.join("; ")} down in a month`] as Fact]
      : []),
  ];
}

/** e.g. `zone 2.5 min, nothing lost`. */
export function recoveryText({
  disruption,
  readRtoMinutes,
  writeRtoMinutes,
  rpoMinutes,
}: Recovery): string {
  if (readRtoMinutes === null && writeRtoMinutes === null)
    return `${disruption}: no recovery action, wait for AWS`;
  const times =
    readRtoMinutes === writeRtoMinutes
      ? duration(writeRtoMinutes)
      : `reads ${duration(readRtoMinutes)}, writes ${duration(writeRtoMinutes)}`;
  return `${disruption}: ${times}, ${lossText(rpoMinutes)}`;
}

function lossText(minutes: number | null): string {
  if (minutes === null) return "unbounded loss of changes";
  return minutes === 0 ? "nothing lost" : `${duration(minutes)} of changes lost`;
}

/** A missing price is never a silent zero. */
function missingFacts(stacks: StackCost[]): Fact[] {
  const sentences = new Set(stacks.flatMap(({ missing }) => missing.map((one) => one.message)));
  return [...sentences].map((message) => ["No price", message]);
}
