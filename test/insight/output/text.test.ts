import assert from "node:assert/strict";
import {
  cut,
  fold,
  hanging,
  labelled,
  together,
  visibleLength,
  wrap,
} from "../../../insight/output/text";

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

describe("text for a terminal", () => {
  it("breaks at spaces only, and leaves a word whole that is too long", () => {
    assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
    assert.deepEqual(wrap("one two three four", 13, 7), ["one two three", "four"]);
    assert.deepEqual(wrap("a overlong b", 4), ["a", "overlong", "b"]);
    assert.deepEqual(wrap("as long as it is", Infinity), ["as long as it is"]);
  });

  it("keeps words together where that is asked for", () => {
    assert.deepEqual(wrap(`one ${together("two", "three")}`, 8), ["one", "two three"]);
    assert.deepEqual(fold(["a b", "c d"], "  ", 8), ["a b  c d"]);
    assert.deepEqual(fold(["a b", "c d"], "  ", 7), ["a b", "c d"]);
  });

  it("does not count colours", () => {
    assert.equal(visibleLength(red("one")), 3);
    assert.deepEqual(wrap(`${red("one")} ${red("two")}`, 7), [`${red("one")} ${red("two")}`]);
  });

  it("cuts what is too long", () => {
    assert.equal(cut("one two", 7), "one two");
    assert.equal(cut("one two", 5), "one …");
    assert.equal(cut(`${red("one")} two`, 5), `${red("one")} …`);
  });

  it("puts later lines below the first one's text", () => {
    assert.equal(hanging("! ", "one two three", 9), "! one two\n  three");
    assert.deepEqual(
      labelled(
        [
          ["a", "one two three"],
          ["long", "x"],
        ],
        15,
      ),
      ["  a     one two\n        three", "  long  x"],
    );
  });
});
