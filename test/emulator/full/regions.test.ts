import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { dataReplaced, readsBack, tasks } from "../checks";
import { finalSnapshots, keptSnapshots, leftovers } from "../leftovers";
import { refusalOf, valueOf } from "../outcomes";
import { ownBench } from "../ownEmulator";
import { countingRegions, newLife } from "../regionPair";

describe("a pair of stacks on the emulator", () => {
  const counting = newLife();
  const own = ownBench();

  before(() => countingRegions(own().bench, "private", counting));

  describe("prod-east and prod-west (private): regionCount 2, 1 and 2 again", () => {
    const upOf = (name: string) => valueOf(counting.ups.get(name));

    it("both come up", () => {
      ok(upOf("home up").report.up.created > 200);
      ok(upOf("second region up").report.up.created > 250);
    });

    it("a protected region is not emptied, not even in part", () => {
      match(
        refusalOf(counting.refusals.get("emptied while protected")),
        /regionCount 1 leaves us-west-2 out, and its data is protected. First keep regionCount/,
      );
      const { up: next } = upOf("second region unprotected").report;
      strictEqual(next.created, 0, "something had been deleted");
      strictEqual(next.replaced, 0);
    });

    it("the second region empties", () => {
      const { report, resources } = upOf("second region emptied");
      strictEqual(report.outputs.active, false);
      deepStrictEqual(
        resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")),
        [],
      );
    });

    it("the first drops nothing but what joined them", () => {
      const { report } = upOf("home alone");
      strictEqual(report.outputs.databaseRole, "writer");
      strictEqual(dataReplaced(upOf("home alone"), upOf("home up")), "");
      deepStrictEqual(valueOf(counting.pending.get("home alone")), []);
      readsBack(valueOf(counting.drifts.get("home alone")));
    });

    it("and the second comes back", () => {
      strictEqual(dataReplaced(upOf("home of two again"), upOf("home up")), "");
      const back = upOf("second region back");
      strictEqual(back.report.outputs.databaseRole, "replica");
      deepStrictEqual(tasks(back), ["replication"]);
      deepStrictEqual(valueOf(counting.pending.get("second region back")), []);
      readsBack(valueOf(counting.drifts.get("second region back")));
    });

    it("both come down", () => {
      valueOf(counting.downs.get("second region down"));
      valueOf(counting.downs.get("home down"));
    });
  });

  it("leaves nothing on the emulator but what is kept on purpose", async () => {
    const regions = ["us-east-1", "us-west-2"];
    const { endpoint } = own().emulator;
    deepStrictEqual(await leftovers(endpoint, regions), []);
    const count = async (list: typeof finalSnapshots) =>
      (await Promise.all(regions.map((region) => list(endpoint, region)))).flat().length;
    strictEqual(await count(finalSnapshots), 3, "one per database: the pair's, and one came back");
    strictEqual(await count(keptSnapshots), 2, "one before each copy");
  });
});
