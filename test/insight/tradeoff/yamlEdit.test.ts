import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { setInYaml } from "../../../insight/tradeoff/yamlEdit";

describe("a value set in YAML", () => {
  const cases: [name: string, text: string, path: string[], value: string | number, after: string][] =
    [
      ["keeps the comment", "a:   3   # three\nb: 1\n", ["a"], 2, "a:   2   # three\nb: 1\n"],
      ["keeps the quotes", "a: \"x\"\nb: 'y'\n", ["b"], "z", "a: \"x\"\nb: 'z'\n"],
      ["fills an empty key", "a: # none yet\nb: 1\n", ["a"], 2, "a: 2 # none yet\nb: 1\n"],
      ["fills an empty map", "a:\nb: 1\n", ["a", "c"], 2, "a: { c: 2 }\nb: 1\n"],
      ["keeps a flow map", "a: { x: 1, y: 2 } # z\n", ["a", "y"], 5, "a: { x: 1, y: 5 } # z\n"],
      ["adds to a flow map", "a: { x: 1 }\n", ["a", "y"], 5, "a: { x: 1, y: 5 }\n"],
      ["adds to an empty flow map", "a: {}\n", ["a", "y"], 5, "a: { y: 5 }\n"],
      ["adds behind its neighbours", "a:\n  x: [1] # l\n  # m\nb: 1\n", ["a", "y"], 5, "a:\n  x: [1] # l\n  y: 5\n  # m\nb: 1\n"],
      ["adds at the end of a text without a last line break", "a:\n  x: 1", ["a", "y"], 5, "a:\n  x: 1\n  y: 5\n"],
      ["keeps line ends", "a:\r\n  x: 1\r\nb: 1\r\n", ["a", "y"], 5, "a:\r\n  x: 1\r\n  y: 5\r\nb: 1\r\n"],
      ["adds a map", "a:\n  x: 1\n", ["a", "y", "z"], 5, "a:\n  x: 1\n  y:\n    z: 5\n"],
      ["edits an object that is JSON text", "a: '{\"x\":1}'\n", ["a", "x"], 2, "a: '{\"x\":2}'\n"],
    ]; // prettier-ignore
  for (const [name, text, path, value, after] of cases) {
    it(name, () => {
      assert.equal(setInYaml(text, path, value), after);
    });
  }

  it("is refused where it is encrypted, shared or over several lines", () => {
    const refused: [text: string, why: RegExp][] = [
      ["config:\n  a:\n    secure: v1:abc\n", /^a is encrypted$/],
      ["config:\n  a: &x\n    b: 1\n  c: *x\n", /^a has an anchor \(&x\)/],
      ["config:\n  c: &x { b: 1 }\n  a: *x\n", /^a is an alias \(\*x\)/],
      ["config:\n  a:\n    b: &y 1\n", /^a\.b has an anchor \(&y\)/],
      ["config:\n  a:\n    b: |\n      1\n", /over several lines/],
      ["config:\n  a: [1]\n", /^a holds no keys$/],
    ];
    for (const [text, why] of refused) {
      assert.throws(
        () => setInYaml(text, ["config", "a", "b"], 2),
        (error: Error) => error.name === "UneditableError" && why.test(error.message),
        text,
      );
    }
  });

  it("changes nothing else, and nothing the second time", () => {
    const key = fc.constantFrom("a", "b", "c");
    const leaf = fc.oneof(fc.integer(), fc.constantFrom("x", "y z", "none"));
    const map = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)), { minKeys: 1 });
    const path = fc.array(key, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(map, path, fc.integer(), (content, [first = "a", second], value) => {
        const text = Object.entries(content)
          .map(([name, item]) => `# of ${name}\n${name}: ${JSON.stringify(item)} # here\n`)
          .join("");
        const inner = content[first];
        const isMap = typeof inner === "object";
        fc.pre(second === undefined ? !isMap : isMap || inner === undefined);
        const at = second === undefined ? [first] : [first, second];
        const after = setInYaml(text, at, value);
        const expected = {
          ...content,
          [first]: second === undefined ? value : { ...(isMap ? inner : {}), [second]: value },
        };
        // A value in quotes stays a text.
        const plain = (of: unknown): unknown =>
          JSON.parse(
            JSON.stringify(of, (_, item: unknown) =>
              typeof item === "number" ? String(item) : item,
            ),
          );
        assert.deepEqual(plain(parse(after)), plain(expected));
        assert.equal(setInYaml(after, at, value), after);
        for (const comment of text.match(/#.*/g) ?? []) assert.ok(after.includes(comment));
      }),
    );
  });
});
