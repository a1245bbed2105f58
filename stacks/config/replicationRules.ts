import { oneOf, shown, type Problem } from "../../config/problems";
import type { Draft, Rule } from "./rule";
import { everyTable, patternsMeet } from "./tablePatterns";

/** The mode, where it takes effect: between two regions. */
// EventBridge passes at most 8192 characters on (PutTargets, Input), and two ways each pattern twice.
const mostText = 2000;

function modeInEffect({ regionCount, replication }: Draft): "oneWay" | "twoWay" | undefined {
  const mode = replication?.mode;
  return regionCount === 2 && mode !== "none" ? mode : undefined;
}

/**
 * Why a stack reads the other region's: the zone that the home stack created, and the other end of
 * replication.
 */
export function checkPeerStack(draft: Draft): Problem | undefined {
  const { region, regions, regionCount, hostedZone, peerStack } = draft;
  const other = regions?.find((name) => name !== region);
  if (!region || !regions?.includes(region) || !other || regionCount !== 2 || peerStack) {
    return undefined;
  }
  const mode = modeInEffect(draft);
  const home = region === regions[0];
  const example = `for example \`peerStack: ${home ? "prod-west" : "prod-east"}\``;
  const message = (text: string): Problem => ({ key: "peerStack", message: text });
  if (!home && hostedZone === "create") {
    return mode
      ? message(
          `is missing: the stack of ${other} creates the hosted zone and is the other end of replication, and this one reads both there. Set it to that stack's name, ${example}.`,
        )
      : message(
          `is missing: the stack of ${other} creates the hosted zone, and this one reads its id there. Set it to that stack's name, ${example}, or set hostedZone to the zone's id.`,
        );
  }
  if (!mode) return undefined;
  return message(
    `is missing: with replication.mode ${mode}, the stacks of ${region} and ${other} read each other's outputs. Set it to the name of the stack of ${other}, ${example}, or set replication.mode to none.`,
  );
}

function checkWriter({ regions, regionCount, replication }: Draft): Problem | undefined {
  const writer = replication?.writer;
  if (!writer || !regions || !regionCount) return undefined;
  const active = regions.slice(0, regionCount);
  if (active.includes(writer)) return undefined;
  const way = `set it to ${oneOf(active)}`;
  return {
    key: "replication.writer",
    message: regions.includes(writer)
      ? `${writer} is not in use: with regionCount ${regionCount}, only ${active.join(", ")} is. Raise regionCount, or ${way}.`
      : `${writer} is not one of regions (${regions.join(", ")}): ${way}.`,
  };
}

function checkPresence({ replication }: Draft): Problem | undefined {
  const { mode, ownership } = replication ?? {};
  if (mode === "twoWay" && !ownership) {
    return {
      key: "replication.ownership",
      message:
        "is missing: DMS resolves no conflicts, so with mode twoWay two writes to the same row, one in each region, would silently overwrite each other. Say who alone writes what (tables by region, or tenantColumn and its values by region), or set replication.mode to oneWay.",
    };
  }
  if (!mode || mode === "twoWay" || !ownership) return undefined;
  return {
    key: "replication.ownership",
    message: `is only for replication.mode twoWay, and the mode is ${mode}: remove it, or set the mode to twoWay.`,
  };
}

function checkShape({ replication }: Draft): Problem | undefined {
  const ownership = replication?.ownership;
  if (!ownership) return undefined;
  const { tables, tenantColumn, values } = ownership;
  const column = tenantColumn !== undefined || values !== undefined;
  const whole = tenantColumn !== undefined && values !== undefined;
  if (tables !== undefined ? !column : whole) return undefined;
  const found = Object.entries(ownership).filter(([, value]) => value !== undefined);
  return {
    key: "replication.ownership",
    message: `has ${found.length > 0 ? found.map(([name]) => name).join(" and ") : "no key"}: set either tables alone, or tenantColumn and values together.`,
  };
}

function checkRegions({ regions, replication }: Draft): Problem[] {
  if (!regions) return [];
  const { tables, values } = replication?.ownership ?? {};
  return Object.entries({ tables, values }).flatMap(([name, byRegion]) => {
    const named = byRegion && Object.keys(byRegion);
    if (!named || (named.length === regions.length && regions.every((one) => named.includes(one))))
      return [];
    return {
      key: `replication.ownership.${name}`,
      message: `is for ${shown(named)}, and the installation's regions are ${regions.join(", ")}: name exactly these.`,
    };
  });
}

function pairs<T>(byRegion: Record<string, T | undefined> | undefined) {
  const entries = Object.entries(byRegion ?? {});
  return entries.flatMap(([region, mine], index) =>
    entries.slice(index + 1).map(([other, theirs]) => ({ region, mine, other, theirs })),
  );
}

function checkOverlap({ replication }: Draft): Problem | undefined {
  for (const { region, mine, other, theirs } of pairs(replication?.ownership?.tables)) {
    for (const pattern of mine ?? []) {
      const rival = theirs?.find((candidate) => patternsMeet(pattern, candidate));
      if (rival === undefined) continue;
      return {
        key: "replication.ownership.tables",
        message: `${pattern} of ${region} and ${rival} of ${other} can match the same table (% is any text, _ any one character; capitals do not count), and only one region may write it: narrow one of them.`,
      };
    }
  }
  return undefined;
}

function checkValues({ replication }: Draft): Problem | undefined {
  const same = pairs(replication?.ownership?.values).find(
    ({ mine, theirs }) => mine?.toLowerCase() === theirs?.toLowerCase(),
  );
  if (!same) return undefined;
  return {
    key: "replication.ownership.values",
    message: `${same.region} and ${same.other} have the same value ${shown(same.mine)} (SQL Server does not tell capitals from small letters), so both would write the same rows: give each its own.`,
  };
}

function checkExclude({ replication }: Draft): Problem | undefined {
  const { exclude = [], tables = [everyTable], ownership } = replication ?? {};
  const problem = (message: string): Problem => ({ key: "replication.exclude", message });
  const ours = exclude.filter((pattern) => patternsMeet(pattern, "platform.heartbeat"));
  if (ours.length > 0) {
    return problem(
      `${ours.join(", ")} also matches platform.heartbeat, the table that shows whether changes arrive: name the schemas of your tables, for example [staging.%].`,
    );
  }
  const owned = Object.values(ownership?.tables ?? {}).flat();
  const all = ownership?.tables ? owned : tables;
  const idle = exclude.filter(
    (pattern) => !all.some((one) => one !== undefined && patternsMeet(pattern, one)),
  );
  if (idle.length === 0) return undefined;
  const from = ownership?.tables ? "replication.ownership.tables" : "replication.tables";
  return problem(
    `${idle.join(", ")} has no effect: nothing of ${from} matches it. Remove it, or correct it.`,
  );
}

/** What has to fit together between two regions. */
export const replicationRules: Rule[] = [
  {
    about:
      "Replication between two regions needs the standard or enterprise edition: it reads changes through CDC.",
    check(draft) {
      const mode = modeInEffect(draft);
      if (!mode || draft.database?.edition !== "web") return undefined;
      return {
        key: "database.edition",
        message: `web has no change data capture, which replication.mode ${mode} between two regions needs: set it to standard or enterprise, or set replication.mode to none or regionCount to 1.`,
      };
    },
  },
  {
    about: "`replication.writer` is a region in use: one of the first `regionCount` of `regions`.",
    check: checkWriter,
  },
  {
    about: "`replication.mode: twoWay` has an `ownership`; the other modes have none.",
    check: checkPresence,
  },
  {
    about: "`replication.ownership` has either `tables`, or `tenantColumn` and `values`.",
    check: checkShape,
  },
  {
    about: "`replication.ownership` is for exactly the `regions`.",
    check: checkRegions,
  },
  {
    about: "`replication.ownership.tables`: no table matches patterns of both regions.",
    check: checkOverlap,
  },
  {
    about: "`replication.ownership.values` differ.",
    check: checkValues,
  },
  {
    about:
      "With `replication.ownership.tenantColumn`, `replication.tables` names schemas, none of them the platform's own.",
    check({ replication }) {
      const { tables = [everyTable], ownership } = replication ?? {};
      if (ownership?.tenantColumn === undefined || ownership.tables) return undefined;
      const wide = tables.filter((pattern) => patternsMeet(pattern, "platform.heartbeat"));
      if (wide.length === 0) return undefined;
      return {
        key: "replication.tables",
        message: `${wide.join(", ")} also matches platform.heartbeat, the table that shows whether changes arrive, and it has no column ${ownership.tenantColumn}: name the schemas of your tables, for example [dbo.%].`,
      };
    },
  },
  {
    about:
      "`replication.exclude` leaves out of `replication.tables` or `replication.ownership.tables`, and never the platform's own.",
    check: checkExclude,
  },
  {
    about: `All table patterns of \`replication\` together have at most ${mostText} characters.`,
    check({ replication }) {
      const { tables = [], exclude = [], ownership } = replication ?? {};
      const all = [...tables, ...exclude, ...Object.values(ownership?.tables ?? {}).flat()];
      const length = all.reduce((sum, pattern) => sum + (pattern?.length ?? 0), 0);
      if (length <= mostText) return undefined;
      return {
        key: ownership?.tables ? "replication.ownership.tables" : "replication.tables",
        message: `has ${length} characters in all its patterns, and the schedule that looks after replication takes ${mostText}: use wildcards, for example [fund.%].`,
      };
    },
  },
  {
    about: "With `replication.ownership.tables`, `replication.tables` is left out.",
    check({ replication }) {
      const { tables, ownership } = replication ?? {};
      if (!ownership?.tables || !tables) return undefined;
      if (tables.length === 1 && tables[0] === everyTable) return undefined;
      return {
        key: "replication.tables",
        message: `${shown(tables)} has no effect with replication.ownership.tables, which names each region's tables: remove it.`,
      };
    },
  },
  {
    about: "`replication.peerRegion: untouched` is for a stack that is not home.",
    check({ region, regions, regionCount, replication }) {
      if (replication?.peerRegion !== "untouched" || regionCount !== 2) return undefined;
      if (!region || region !== regions?.[0]) return undefined;
      return {
        key: "replication.peerRegion",
        message: `untouched has no effect in the home stack, which owns nothing in the other region: remove it here, and set it in the stack of ${regions[1] ?? "the other region"} where that is meant.`,
      };
    },
  },
];
