import assert from "node:assert/strict";
import { readArguments } from "../../config/commandLine";
import { UserError } from "../../config/mistake";

const line = {
  name: "npm run cook --",
  word: "[dish]",
  about: "Cooks.",
  options: {
    salt: { value: "grams", text: "How much salt" },
    herb: { value: "name", many: true, text: "May be given several times" },
    fast: { text: "Without waiting" },
  },
  examples: ["npm run cook -- soup"],
} as const;

const read = (...argv: string[]) => readArguments(line, argv);

describe("a command line", () => {
  it("is read as its options say, in any order", () => {
    assert.deepEqual(read(), { options: {} });
    assert.deepEqual(read("--fast", "soup", "--herb", "dill", "--salt=3", "--herb", "mint"), {
      word: "soup",
      options: { fast: true, salt: "3", herb: ["dill", "mint"] },
    });
  });

  it("keeps a value as it was written", () => {
    for (const value of ["0123456", "12e4567", "-5", "$10", "a=b", ""]) {
      if (value === "") assert.throws(() => read("--salt", value), /--salt needs its value/);
      else assert.deepEqual(read("--salt", value)?.options, { salt: value });
    }
  });

  const wrong: [argv: string[], says: RegExp][] = [
    [
      ["--slat", "3"],
      /^There is no option --slat: see npm run cook -- --help\. Did you mean --salt\?$/,
    ],
    [["--toString"], /^There is no option --toString: see/],
    [["--fast=false"], /^--fast takes no value: leave it out\.$/],
    [["--salt"], /^--salt needs its value: --salt <grams>\.$/],
    [["--salt", "--fast"], /^--salt needs its value/],
    [["--salt", "1", "--salt", "2"], /^--salt is given more than once: name one grams\.$/],
    [["soup", "pie"], /^Name one dish, not 2: soup, pie\.$/],
  ];
  for (const [argv, says] of wrong) {
    it(`refuses ${argv.join(" ")} in a sentence`, () => {
      assert.throws(
        () => read(...argv),
        (error) => error instanceof UserError && says.test(error.message),
      );
    });
  }
});
