import assert from "node:assert/strict";
import fc from "fast-check";
import {
  controlSchema,
  tableMappings,
  taskSettings,
  type TableSelection,
} from "../../components/data/replicationSettings";
import { isTablePattern } from "../../stacks/config/tablePatterns";

interface Rule {
  "rule-type": string;
  "rule-id": string;
  "rule-name": string;
  "object-locator": { "schema-name": string; "table-name": string };
  "rule-action": "include" | "exclude";
  filters: {
    "filter-type": string;
    "column-name": string;
    "filter-conditions": { "filter-operator": string; value: string }[];
  }[];
}

const rulesOf = (selection: TableSelection, region = "us-east-1"): Rule[] =>
  (JSON.parse(tableMappings(selection, region)) as { rules: Rule[] }).rules;

const locator = ({ "object-locator": at, "rule-action": action }: Rule): string =>
  `${action} ${at["schema-name"]}.${at["table-name"]}`;

// What capture, DMS and this platform keep in a database, and what no copy must bring.
const kept = [
  `exclude ${controlSchema}.set_aside`,
  `exclude ${controlSchema}.not_copied`,
  // Also what DMS makes in the source, in its login's schema: dbo.awsdms_truncation_safeguard.
  "exclude %.awsdms%",
  "exclude cdc.%",
];

describe("the tables of a replication task", () => {
  it("are those of the patterns, the heartbeat, and never what the platform keeps", () => {
    assert.deepEqual(rulesOf({ tables: ["fund.%", "dbo.Investor%"], excluded: [] }).map(locator), [
      "include fund.%",
      "include dbo.Investor%",
      `include ${controlSchema}.heartbeat`,
      ...kept,
    ]);
  });

  it("are none that is left out by name, in any region or direction", () => {
    const filter = { column: "OwnerRegion", value: "owner east" };
    for (const rows of [{}, { filter }]) {
      const rules = rulesOf({ tables: ["%.%"], excluded: ["fund.History", "staging.%"], ...rows });
      const out = rules.filter((rule) => rule["rule-action"] === "exclude");
      assert.deepEqual(out.slice(0, 2).map(locator), ["exclude fund.History", "exclude staging.%"]);
      // A filter would leave out some rows only.
      assert.ok(out.every(({ filters }) => filters.length === 0));
    }
  });

  it("come whole where no column says whose a row is", () => {
    for (const rule of rulesOf({ tables: ["%.%"], excluded: [] })) {
      if (locator(rule).includes("heartbeat")) continue;
      assert.deepEqual(rule.filters, [], locator(rule));
    }
  });

  it("come with the rows of the other region where a column says so", () => {
    const filter = { column: "OwnerRegion", value: "owner east" };
    const [fund, deal] = rulesOf({ tables: ["fund.%", "deal.%"], excluded: [], filter });
    const expected = [
      {
        "filter-type": "source",
        "column-name": "OwnerRegion",
        "filter-conditions": [{ "filter-operator": "eq", value: "owner east" }],
      },
    ];
    assert.deepEqual(fund?.filters, expected);
    assert.deepEqual(deal?.filters, expected);
  });

  it("bring the source's heartbeat only: this region's own row must not be overwritten", () => {
    for (const region of ["us-east-1", "us-west-2"]) {
      const filter = { column: "OwnerRegion", value: "west" };
      const heartbeat = rulesOf({ tables: ["%.%"], excluded: [], filter }, region).find((rule) =>
        locator(rule).includes("heartbeat"),
      );
      assert.deepEqual(heartbeat?.filters, [
        {
          "filter-type": "source",
          "column-name": "region",
          "filter-conditions": [{ "filter-operator": "eq", value: region }],
        },
      ]);
    }
  });

  const part = fc.stringMatching(/^[A-Za-z_%][A-Za-z0-9_%$#é -]{0,30}[A-Za-z0-9_%]$/);
  const pattern = fc
    .tuple(part, part)
    .map(([schema, table]) => `${schema}.${table}`)
    .filter(isTablePattern);
  const selection: fc.Arbitrary<TableSelection> = fc.record(
    {
      tables: fc.uniqueArray(pattern, { minLength: 1, maxLength: 50 }),
      excluded: fc.uniqueArray(pattern, { maxLength: 25 }),
      filter: fc.record({ column: part, value: fc.string({ minLength: 1 }) }),
    },
    { requiredKeys: ["tables", "excluded"] },
  );

  it("keep every pattern as it was written, in its order, under its own number", () => {
    fc.assert(
      fc.property(selection, (selected) => {
        const rules = rulesOf(selected);
        const included = rules.slice(0, selected.tables.length).map(locator);
        assert.deepEqual(
          included,
          selected.tables.map((table) => `include ${table}`),
        );
        const left = selected.excluded.map((table) => `exclude ${table}`);
        assert.deepEqual(rules.slice(selected.tables.length + 1).map(locator), [...left, ...kept]);
        const numbers = rules.map((_, index) => String(index + 1));
        assert.deepEqual(
          rules.map((rule) => rule["rule-id"]),
          numbers,
        );
        assert.deepEqual(
          rules.map((rule) => rule["rule-name"]),
          numbers,
        );
        assert.ok(rules.every((rule) => rule["rule-type"] === "selection"));
      }),
    );
  });

  it("carry a value through JSON unharmed, whatever its characters", () => {
    fc.assert(
      fc.property(selection, ({ tables, filter = { column: "c", value: "v" } }) => {
        const [first] = rulesOf({ tables, excluded: [], filter });
        const [found] = first?.filters ?? [];
        assert.equal(found?.["column-name"], filter.column);
        assert.equal(found?.["filter-conditions"][0]?.value, filter.value);
      }),
    );
  });

  it("are the same text for the same selection: another text would stop the task", () => {
    fc.assert(
      fc.property(selection, fc.constantFrom("us-east-1", "eu-west-1"), (selected, region) => {
        const copy = structuredClone(selected);
        assert.equal(tableMappings(selected, region), tableMappings(copy, region));
      }),
    );
  });
});

type Settings = Record<string, Record<string, unknown> | null | boolean>;
const settingsOf = (emptyFirst: boolean, loopbackPrevention: boolean): Settings =>
  JSON.parse(taskSettings({ emptyFirst, loopbackPrevention })) as Settings;
const every = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const;

/** All keys of a document, at any depth. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

describe("the settings of a replication task", () => {
  it("empty the tables before the load only when told", () => {
    for (const [empty, loopback] of every) {
      const { FullLoadSettings } = settingsOf(empty, loopback);
      assert.equal(
        (FullLoadSettings as Record<string, unknown>).TargetTablePrepMode,
        empty ? "TRUNCATE_BEFORE_LOAD" : "DO_NOTHING",
      );
    }
  });

  it("hold changes of the opposite task back only when told", () => {
    for (const [empty, loopback] of every) {
      const settings = settingsOf(empty, loopback);
      assert.deepEqual(
        settings.LoopbackPreventionSettings,
        loopback
          ? { EnableLoopbackPrevention: true, SourceSchema: "platform", TargetSchema: "platform" }
          : undefined,
      );
    }
  });

  it("differ in nothing else", () => {
    const plain = settingsOf(false, false);
    for (const [empty, loopback] of every) {
      const settings = settingsOf(empty, loopback);
      delete settings.LoopbackPreventionSettings;
      assert.deepEqual(Object.keys(settings), Object.keys(plain));
      for (const key of Object.keys(plain)) {
        if (key === "FullLoadSettings") continue;
        assert.deepEqual(settings[key], plain[key], key);
      }
    }
  });

  it("name no log group or stream: DMS fills them in, and the provider refuses them", () => {
    for (const [empty, loopback] of every) {
      const keys = keysOf(settingsOf(empty, loopback));
      assert.deepEqual(
        keys.filter((key) => key.startsWith("CloudWatchLog")),
        [],
      );
      assert.ok(keys.includes("EnableLogging"));
    }
  });

  it("copy whole documents, and prove each row", () => {
    const { TargetMetadata, ValidationSettings } = settingsOf(true, false);
    const target = TargetMetadata as Record<string, unknown>;
    assert.deepEqual(
      [target.SupportLobs, target.FullLobMode, target.LimitedSizeLobMode],
      [true, true, false],
    );
    const validation = ValidationSettings as Record<string, unknown>;
    assert.deepEqual(
      [validation.EnableValidation, validation.ValidationOnly, validation.SkipLobColumns],
      [true, false, false],
    );
  });

  it("apply commits in their order, and take over no change of the schema", () => {
    const { TargetMetadata, ChangeProcessingDdlHandlingPolicy } = settingsOf(true, true);
    assert.equal((TargetMetadata as Record<string, unknown>).BatchApplyEnabled, false);
    assert.deepEqual(ChangeProcessingDdlHandlingPolicy, {
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
      HandleSourceTableAltered: false,
    });
  });

  it("stop for a table that fails, and wait for ever for a database that is away", () => {
    const { ErrorBehavior } = settingsOf(true, false);
    const errors = ErrorBehavior as Record<string, unknown>;
    assert.equal(errors.TableErrorPolicy, "STOP_TASK");
    assert.equal(errors.DataErrorEscalationPolicy, "STOP_TASK");
    assert.equal(errors.RecoverableErrorCount, -1);
    assert.equal(errors.RecoverableErrorStopRetryAfterThrottlingMax, false);
  });

  it("keep DMS's own tables in the schema whose tables no mapping brings", () => {
    const { ControlTablesSettings } = settingsOf(true, false);
    assert.equal((ControlTablesSettings as Record<string, unknown>).ControlSchema, controlSchema);
    assert.ok(kept.includes("exclude %.awsdms%"));
  });

  it("are the same text every time: another text would stop the task", () => {
    for (const [emptyFirst, loopbackPrevention] of every) {
      const args = { emptyFirst, loopbackPrevention };
      assert.equal(taskSettings(args), taskSettings({ ...args }));
    }
  });
});
