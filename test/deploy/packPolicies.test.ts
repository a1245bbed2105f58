import assert from "node:assert/strict";
import fc from "fast-check";
import type { PolicyDocument, Statement } from "../../catalogue/rights";
import { packPolicies, policyLimit, policySize } from "../../deploy/permissions/packPolicies";
import { drift, preview, update } from "./rights";

describe("packing of policies", () => {
  const sizes = (policies: PolicyDocument[]) => policies.map(policySize);
  /** Action, place and effect of everything that is said: what packing must keep. */
  const meaning = (statements: Statement[]) =>
    statements
      .flatMap(({ Action = [], Resource, ...rest }) =>
        Action.flatMap((action) =>
          Resource.map((resource) => JSON.stringify([action, resource, rest])),
        ),
      )
      .sort();
  const unpacked = (policies: PolicyDocument[]) => policies.flatMap(({ Statement }) => Statement);

  for (const [what, statements] of Object.entries({ update, preview, drift })) {
    it(`a role for ${what} holds its policies, each within the limit, and says the same`, () => {
      const packed = packPolicies(statements);
      assert.ok(packed.length <= 10, `${packed.length} policies`);
      assert.ok(
        sizes(packed).every((size) => size <= policyLimit),
        sizes(packed).join(" "),
      );
      assert.deepEqual(meaning(unpacked(packed)), meaning(statements));
      const least = Math.ceil(JSON.stringify(statements).length / policyLimit);
      assert.equal(packed.length, least, "as few as their length needs");
    });
  }

  const statement = (length: number, label: string): Statement => ({
    Effect: "Allow",
    Action: [`s3:${label}${"x".repeat(length)}`],
    Resource: ["*"],
  });

  it("gives the same policies for the same statements", () => {
    assert.deepEqual(packPolicies(update), packPolicies(structuredClone(update)));
  });

  it("finds the fewest where the first fit does not", () => {
    // In rooms of 400: 160 + 120 + 120 twice. The longest first, 160 + 160, would need a third.
    const overhead = JSON.stringify(statement(0, "a")).length + ",".length;
    const statements = [160, 160, 120, 120, 120, 120].map((size, place) =>
      statement(size - overhead, "abcdef"[place] ?? ""),
    );
    const envelope = policySize({ Version: "2012-10-17", Statement: [] });
    const packed = packPolicies(statements, envelope + 400 - ",".length);
    assert.equal(packed.length, 2);
  });

  it("says everything, within the limit and with the fewest policies (property)", () => {
    const lists = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 7 });
    const property = fc.property(lists, (lengths) => {
      const statements = lengths.map((length, place) => statement(length, String(place)));
      const packed = packPolicies(statements, 260);
      assert.deepEqual(meaning(unpacked(packed)), meaning(statements));
      assert.ok(sizes(packed).every((size) => size <= 260));
      assert.equal(packed.length, fewest(statements, 260));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("divides a statement that is too long, by actions and then by resources", () => {
    const names = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, place) => `${prefix}${place}`);
    const long: Statement = {
      Effect: "Allow",
      Action: names("s3:Action", 40),
      Resource: names("arn:aws:s3:::bucket-", 40),
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    };
    const packed = packPolicies([long], 400, 1000);
    assert.ok(sizes(packed).every((size) => size <= 400));
    assert.deepEqual(meaning(unpacked(packed)), meaning([long]));
  });

  it("refuses what no policy can hold, and more policies than a role may have", () => {
    assert.throws(() => packPolicies([statement(7000, "a")]), /longer than a policy's 6144 char/);
    const eleven = Array.from({ length: 11 }, (_, place) => statement(6000, String(place)));
    assert.throws(() => packPolicies(eleven), /need 11 managed policies.*at most 10.*quota/);
  });

  /** By trying everything. */
  function fewest(statements: Statement[], limit: number): number {
    const place = (rest: Statement[], bins: Statement[][]): number => {
      const [first, ...others] = rest;
      if (!first) return bins.length;
      const fits = bins.flatMap((bin, index) => {
        const filled = [...bin, first];
        const size = policySize({ Version: "2012-10-17", Statement: filled });
        return size <= limit ? [bins.with(index, filled)] : [];
      });
      return Math.min(...[...fits, [...bins, [first]]].map((next) => place(others, next)));
    };
    return place(statements, []);
  }
});
