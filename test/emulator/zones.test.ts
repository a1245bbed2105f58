import { deepStrictEqual, match, strictEqual } from "node:assert";
import { fleetOf, nextRolls, scaleOut } from "./fleets";
import { print, refusalOf, timed, valueOf, type Outcome } from "./outcomes";
import { skipWithoutTools } from "./prerequisites";
import { closeBench, openBench, up, type Bench, type Variant } from "./ring";

const stack: Variant = { stack: "cost-saver", exposure: "public" };
const say = (what: string) => print(`    zones and rolls: ${what}`);

type Look = Awaited<ReturnType<typeof fleetOf>>;

describe("servers while load has scaled out, and a roll that fails", () => {
  let bench: Bench;
  const runs = new Map<string, Outcome<unknown>>();
  const web = new Map<string, Look>();

  const run = async (name: string, ...edits: string[]) => {
    runs.set(name, await timed(name, say, () => up(bench, stack, ...edits)));
    web.set(name, await fleetOf(bench, "web"));
  };

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    const wide = "web.instancesPerAz={min: 2, max: 3}";
    await run("three zones", "azCount=3", wide);
    await scaleOut(bench, "web", 8);
    await run("one zone", "azCount=1", wide);
    await scaleOut(bench, "web", 3);
    await nextRolls(bench, "web", { outcome: "fail" });
    const edits = ["azCount=3", "web.rootVolumeGiB=60"];
    await run("three zones again, with a bad template", ...edits);
    await run("unchanged", ...edits);
    await nextRolls(bench, "web");
    await run("corrected", "azCount=3", "web.rootVolumeGiB=70");
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  const sizes = (name: string) => {
    const { min, max, desired } = web.get(name)!;
    return { min, max, desired };
  };

  it("zones go from three to one, with more servers than the state knows of", () => {
    valueOf(runs.get("three zones"));
    deepStrictEqual(sizes("three zones"), { min: 6, max: 9, desired: 6 });
    valueOf(runs.get("one zone"));
    deepStrictEqual(sizes("one zone"), { min: 2, max: 3, desired: 3 });
  });

  it("a roll that fails fails `up`, in a sentence, and the servers of before stay", () => {
    const before = web.get("one zone")!;
    match(
      refusalOf(runs.get("three zones again, with a bad template")),
      /web: the roll to launch template version \d+ failed and was rolled back: the servers run the version of before \(The emulator was told to fail it\)\. .*Correct the edit, or take it back/,
    );
    const after = web.get("three zones again, with a bad template")!;
    strictEqual(after.version, before.version);
    deepStrictEqual(new Set(after.serverVersions), new Set([before.version]));
  });

  it("so does an unchanged second `up`", () => {
    match(refusalOf(runs.get("unchanged")), /web: the roll to launch template version \d+ failed/);
    strictEqual(web.get("unchanged")!.version, web.get("one zone")!.version);
  });

  it("a correction rolls all servers, and the group holds the version that they run", () => {
    valueOf(runs.get("corrected"));
    const { version, serverVersions } = web.get("corrected")!;
    strictEqual(Number(version) > Number(web.get("one zone")!.version), true, version);
    deepStrictEqual(new Set(serverVersions), new Set([version]));
  });

  it("zones are three again, and a lower `min` takes no server away that load asks for", () =>
    deepStrictEqual(sizes("corrected"), { min: 3, max: 6, desired: 3 }));
});
