import assert from "node:assert/strict";
import { UserError } from "../../config/mistake";
import { localPaths } from "../../engine/paths";
import { readEdits } from "../../local/edits";
import { checkedConfig } from "../../local/session";
import { ProjectCopy } from "../support/projectCopy";

describe("the config of a local run", () => {
  const copy = new ProjectCopy();
  after(() => copy.remove());
  before(() => copy.edit("cost-saver", (text) => text.replace(/azCount: \d/, "azCount: 7")));
  const says = (edits: string[]) => {
    const paths = { ...localPaths(copy.folder, {}), root: copy.folder };
    try {
      checkedConfig(paths, "cost-saver", readEdits(edits));
      return "";
    } catch (error) {
      assert.ok(error instanceof UserError);
      return error.message;
    }
  };

  it("tells what is wrong where it stands in the file", () => {
    assert.match(
      says([]),
      /^Stack cost-saver: 1 problem\n {2}- Pulumi\.cost-saver\.yaml:\d+:3: azCount: 7 is not/,
    );
  });

  it("names no place for what --set gives, and takes what puts it right", () => {
    assert.match(says(["azCount=9"]), /^Stack cost-saver: 1 problem.*\n {2}- azCount: 9 is not/);
    assert.equal(says(["azCount=1"]), "");
  });
});
