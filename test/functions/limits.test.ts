import assert from "node:assert/strict";
import { databaseLimits, everyTable, judge, tableLimits } from "../../functions/database/limits";
import type { Row } from "../../functions/database/session";
import type { Column, Table } from "../../functions/database/tables";
import { column } from "./fakeServer";

const primary = { primary: true, columns: [{ name: "id" }] };
const unique = (...names: string[]) => ({
  primary: false,
  columns: names.map((name) => ({ name })),
});

function table(change: Partial<Table> = {}, ...more: Column[]): Table {
  return {
    schema: "dbo",
    table: "Documents",
    captured: false,
    temporal: 0,
    memoryOptimized: false,
    columnstore: false,
    keys: [primary],
    ...change,
    columns: [column("id"), ...more],
  };
}

const large = (name: string, change: Partial<Column> = {}) =>
  column(name, { type: "nvarchar", length: -1, nullable: true, ...change });
const named = (schema: string, name: string) => table({ schema, table: name });
const typed = (type: string, change: Partial<Column> = {}) =>
  table({}, column("Value", { type, nullable: true, ...change }));

const reasons = (found: Table, side: "writer" | "copy" = "writer"): string =>
  judge([found], {}, side)
    .map(({ reason }) => reason)
    .join();

describe("what DMS copies whole", () => {
  const whole: [string, Table][] = [
    ["a table with a primary key", table()],
    ["large columns that may be null", table({}, large("Body"), large("Scan", { type: "xml" }))],
    ["a unique key whose columns are always filled", table({ keys: [unique("id")] })],
    ["a computed column, stored or not", table({}, large("Sum", { computed: true }))],
    ["text of a length", typed("nvarchar", { length: 4000 })],
    ["hierarchies", typed("hierarchyid", { length: 892 })],
    ["a name with blanks and hyphens", named("fund-a", "Order Details")],
  ];
  for (const [what, found] of whole) {
    it(`is ${what}`, () => {
      for (const side of ["writer", "copy"] as const) assert.equal(reasons(found, side), "");
    });
  }

  const refused: [string, Table, RegExp][] = [
    ["a table without any key", table({ keys: [] }), /no primary key, nor a unique one/],
    [
      "a unique key that may be null",
      table({ keys: [unique("Code")] }, column("Code", { nullable: true })),
      /nor a unique one without nulls/,
    ],
    [
      "a key that is computed",
      table({ keys: [unique("Code")] }, column("Code", { computed: true })),
      /nor a unique one/,
    ],
    [
      "large columns behind a unique key only",
      table({ keys: [unique("id")] }, large("Body"), large("Scan", { type: "varbinary" })),
      /large columns \(Body, Scan\) and no primary key/,
    ],
    ["a system-versioned table", table({ temporal: 2 }), /system-versioned/],
    ["the history of such a table", table({ temporal: 1 }), /history/],
    ["a memory-optimised table", table({ memoryOptimized: true }), /memory-optimised/],
    ["a columnstore index", table({ columnstore: true }), /columnstore/],
    ["a sparse column", typed("int", { sparse: true }), /sparse columns \(Value\)/],
    ["a column set", typed("xml", { columnSet: true }), /sparse columns \(Value\)/],
    ["geometry", typed("geometry", { length: -1 }), /spatial columns \(Value\)/],
    ["geography", typed("geography", { length: -1 }), /spatial columns \(Value\)/],
    ["sql_variant", typed("sql_variant"), /types that DMS does not know \(Value\)/],
    [
      "a type that a later version brings",
      typed("json", { length: -1 }),
      /does not know \(Value\)/,
    ],
    ["an encrypted column", typed("varbinary", { encryption: 1 }), /client encrypts \(Value\)/],
    ["a quote in its name", named("dbo", "O'Brien"), /name DMS cannot take/],
    ["a comment in its schema", named("a--b", "x"), /name DMS cannot take/],
    [
      "more columns than DMS takes",
      table({}, ...Array.from({ length: 1000 }, (_, at) => column(`c${at}`))),
      /more than 1,000/,
    ],
  ];
  for (const [what, found, reason] of refused) {
    it(`is not ${what}`, () => {
      for (const side of ["writer", "copy"] as const) assert.match(reasons(found, side), reason);
    });
  }

  const refusedInCopy: [string, Table, RegExp][] = [
    [
      "large columns that may not be null",
      table({}, large("Body", { nullable: false })),
      /large columns \(Body\) that may not be null/,
    ],
    ["a rowversion", typed("timestamp", { length: 8 }), /columns \(Value\) that the server lets/],
    ["a generated column", typed("datetime2", { generated: 1 }), /that the server lets nobody/],
  ];
  for (const [what, found, reason] of refusedInCopy) {
    it(`is at the copy not ${what}, which the writer may have`, () => {
      assert.match(reasons(found, "copy"), reason);
      assert.equal(reasons(found, "writer"), "");
    });
  }

  const settings: [string, Row, RegExp | undefined][] = [
    ["accelerated recovery", { is_accelerated_database_recovery_on: true }, /accelerated/],
    ["delayed durability that is allowed", { delayed_durability: 1 }, /delayed durability/],
    ["delayed durability that is forced", { delayed_durability: 2 }, /delayed durability/],
    ["the recovery model simple", { recovery_model: 3 }, /recovery model is simple/],
    [
      "a database with none of them",
      { is_accelerated_database_recovery_on: false, delayed_durability: 0, recovery_model: 1 },
      undefined,
    ],
    ["a version that knows none of them", {}, undefined],
  ];
  for (const [what, row, reason] of settings) {
    it(`${reason ? "ends with" : "goes on with"} ${what}, at the writer`, () => {
      const [found] = judge([table()], row, "writer");
      if (reason) assert.match(found?.reason ?? "", reason);
      assert.equal(found?.name, reason && everyTable);
      assert.deepEqual(judge([table()], row, "copy"), []);
    });
  }

  it("is told with every reason there is, by table", () => {
    const found = judge([table(), table({ table: "Log", keys: [], temporal: 2 })], {}, "writer");
    assert.equal(found.length, 1);
    assert.equal(found[0]?.name, "dbo.Log");
    assert.match(found[0]?.reason ?? "", /no primary key.*; is system-versioned/);
  });

  it("has a case here for every limit", () => {
    const cases = [...refused, ...refusedInCopy].map(([, found]) => found);
    for (const { what, find } of tableLimits) assert.ok(cases.some(find), what);
    for (const { what, find } of databaseLimits) {
      assert.ok(
        settings.some(([, row]) => find(row)),
        what,
      );
    }
  });
});
