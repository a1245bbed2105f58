import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { edited, readEdits } from "../../local/edits";
import type { ConfigSection } from "../../engine/overrides";
import { UserError } from "../../config/mistake";

describe("the edits of --set", () => {
  it("are none without the option", () => {
    assert.deepEqual(readEdits(undefined), []);
  });

  it("are one, or one per time that the option is given", () => {
    assert.deepEqual(readEdits("azCount=1"), [{ path: ["azCount"], value: 1 }]);
    assert.deepEqual(readEdits(["azCount=1", "exposure=private"]), [
      { path: ["azCount"], value: 1 },
      { path: ["exposure"], value: "private" },
    ]);
  });

  it("reach into an object by dots", () => {
    assert.deepEqual(readEdits("web.instancesPerAz.min=2"), [
      { path: ["web", "instancesPerAz", "min"], value: 2 },
    ]);
  });

  it("take values as a stack file would", () => {
    const values: [string, unknown][] = [
      ["x=true", true],
      ["x=3.5", 3.5],
      ['x="3"', "3"],
      ["x=", null],
      ["x=null", null],
      ["x=us-west-2", "us-west-2"],
      ["x=[a, b]", ["a", "b"]],
      ["x={ a: 1 }", { a: 1 }],
      // Everything after the first sign is the value.
      ["x=a=b", "a=b"],
      ["x=[1,\n 2]", [1, 2]],
    ];
    for (const [text, value] of values) {
      assert.deepEqual(readEdits(text), [{ path: ["x"], value }], text);
    }
  });

  it("are refused where they are not key=value, in a sentence with an example", () => {
    for (const text of ["azCount", "=1", "", "1a=1", "a b=1", "pe-platform:azCount=1", true, 3]) {
      assert.throws(
        () => readEdits(["azCount=1", text]),
        (error: unknown) =>
          error instanceof UserError &&
          error.message.startsWith(`--set ${String(text)} is not key=value: `) &&
          error.message.includes("--set azCount=1"),
        String(text),
      );
    }
  });

  const name = fc.stringMatching(/^[A-Za-z]\w{0,8}$/);
  const value = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
    fc.array(fc.integer(), { maxLength: 3 }),
  );

  it("come out as they went in, for any key and plain value", () => {
    const path = fc.array(name, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(path, value, (keys, one) => {
        const text = `${keys.join(".")}=${stringify(one, { collectionStyle: "flow" })}`;
        assert.deepEqual(readEdits(text), [{ path: keys, value: one }]);
      }),
    );
  });
});

describe("a stack file's config with edits in it", () => {
  const section: ConfigSection = {
    "aws:region": "us-east-1",
    "pe-platform:azCount": 3,
    "pe-platform:replication": { writer: "us-east-1", tables: ["%.%"] },
    exposure: "public",
  };
  const edit = (...texts: string[]): ConfigSection => edited(section, readEdits(texts));

  it("is the same without any", () => {
    assert.deepEqual(edit(), section);
  });

  it("has the value, and all else as it was", () => {
    assert.deepEqual(edit("azCount=1"), { ...section, "pe-platform:azCount": 1 });
    assert.deepEqual(edit("replication.writer=us-west-2"), {
      ...section,
      "pe-platform:replication": { writer: "us-west-2", tables: ["%.%"] },
    });
  });

  it("spells a key as the file does, and a new one with the project's name", () => {
    assert.deepEqual(edit("exposure=private"), { ...section, exposure: "private" });
    assert.deepEqual(edit("web.rootVolumeGiB=90"), {
      ...section,
      "pe-platform:web": { rootVolumeGiB: 90 },
    });
  });

  it("makes an object of what is not one", () => {
    assert.deepEqual(edit("azCount.deep=1"), { ...section, "pe-platform:azCount": { deep: 1 } });
  });

  it("has the later one of two that meet, and both of two that do not", () => {
    assert.deepEqual(edit("azCount=1", "azCount=2"), edit("azCount=2"));
    const both = edit("replication.writer=us-west-2", "replication.mode=twoWay");
    assert.deepEqual(both["pe-platform:replication"], {
      writer: "us-west-2",
      tables: ["%.%"],
      mode: "twoWay",
    });
  });

  it("leaves the original alone", () => {
    const before = structuredClone(section);
    edit("replication.writer=us-west-2", "azCount=1", "exposure=private");
    assert.deepEqual(section, before);
  });

  it("says what the edits say, whichever they are, and nothing twice", () => {
    const key = fc.constantFrom("azCount", "exposure", "web", "replication");
    const below = fc.option(fc.constantFrom("a", "b.c"), { nil: undefined });
    const one = fc.tuple(key, below, fc.integer());
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (all) => {
        const texts = all.map(([first, rest, number]) =>
          [first, ...(rest === undefined ? [] : [rest])].join(".").concat(`=${number}`),
        );
        const result = edit(...texts);
        const [first, rest, number] = all.at(-1)!;
        const spelled = first in section ? first : `pe-platform:${first}`;
        const parts = rest?.split(".") ?? [];
        const found = parts.reduce<unknown>(
          (at, part) => (at as ConfigSection)[part],
          result[spelled],
        );
        assert.equal(found, number);
        assert.ok(!(first in result && `pe-platform:${first}` in result), first);
        assert.equal(result["aws:region"], "us-east-1");
      }),
    );
  });
});
