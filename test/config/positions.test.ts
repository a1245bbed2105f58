import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { located, locatedLine } from "../../config/positions";

const file = `# A comment
config:
  aws:region: us-west-9
  pe-platform:azCount: 9
  pe-platform:network:
    clientCidrs: [10.0.0.0/8, everybody]
    privateGateway: {}
`;

describe("the place of a problem in its stack file", () => {
  let root = "";
  before(() => {
    root = mkdtempSync(join(tmpdir(), "pe-positions-"));
    writeFileSync(join(root, "Pulumi.one.yaml"), file);
  });
  after(() => {
    rmSync(root, { recursive: true });
  });
  const lineOf = (key: string): string => {
    const [first] = located("one", [{ key, message: "wrong." }], root, "pe-platform");
    return first ? locatedLine(first) : "";
  };

  const places: [what: string, key: string, place: string][] = [
    ["a key at the top", "azCount", ":4:3"],
    ["a provider's key", "aws:region", ":3:3"],
    ["an item of a list", "network.clientCidrs[1]", ":6:31"],
    ["a key that is missing, at the object it belongs to", "network.cidrBlock", ":5:3"],
    ["a nested one", "network.privateGateway.amazonSideAsn", ":7:5"],
    ["a key of which the file has nothing", "domain", ""],
  ];
  for (const [what, key, place] of places) {
    it(`is told for ${what}`, () => {
      assert.equal(lineOf(key), `Pulumi.one.yaml${place}: ${key}: wrong.`);
    });
  }

  it("is none without a file", () => {
    assert.deepEqual(located("two", [{ key: "azCount", message: "" }], root, "pe-platform"), []);
  });
});
