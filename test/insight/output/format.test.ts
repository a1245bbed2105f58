import assert from "node:assert/strict";
import fc from "fast-check";
import { duration, percent, signedUsd, usd } from "../../../insight/output/format";

describe("Numbers for readers", () => {
  it("shows whole dollars, and cents only where they matter", () => {
    assert.equal(usd(1234.56), "1,235");
    assert.equal(usd(12.5), "12.50");
    assert.equal(usd(12), "12");
    assert.equal(signedUsd(-1234.56), "−1,235");
    assert.equal(signedUsd(0.001), "±0");
  });

  it("never rounds an availability up", () => {
    assert.equal(percent(0.999), "99.900 %");
    assert.equal(percent(0.99996), "99.9960 %");
    assert.equal(percent(0.985), "98.50 %");
    assert.equal(percent(1), "100 %");
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 1, maxExcluded: true, noNaN: true }), (share) => {
        const shown = Number(percent(share).replace(" %", ""));
        assert.ok(shown <= share * 100 + 1e-6, `${share} reads ${shown}`);
        assert.ok(share * 100 - shown < 0.01);
      }),
    );
  });

  it("chooses the unit of a duration, and says when there is no bound", () => {
    assert.deepEqual([null, 0, 0.5, 1.5, 90, 180, 60 * 72].map(duration), [
      "unbounded",
      "0",
      "30 s",
      "90 s",
      "90 min",
      "3 h",
      "3 d",
    ]);
  });
});
