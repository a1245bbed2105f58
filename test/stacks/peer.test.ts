import assert from "node:assert/strict";
import { mock } from "node:test";
import { RunError } from "@pulumi/pulumi/errors";
import fc from "fast-check";
import { planStack, registrationCount } from "../../insight/plan/offlinePlan";
import type { StackPlan } from "../../insight/plan/plan";
import type { Json, JsonObject } from "../../catalogue/json";
import { mockPeer } from "../../insight/plan/peerContract";
import { readStack } from "../../config/stackFiles";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { contractVersion } from "../../stacks/contract";
import { peerState, roleClash, writerTerm } from "../../stacks/peer";
import { replicationPlan } from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";
import { allOf } from "../support/record";

type Raw = Record<string, string>;

/** A stack file's config with other replication keys, and any others. */
function rawOf(stack: string, replication: object = {}, change: Raw = {}): Raw {
  const { raw } = readStack(stack);
  return { ...raw, "pe-platform:replication": JSON.stringify(replication), ...change };
}

const configOf = (stack: string, replication: object = {}, change: Raw = {}): PlatformConfig =>
  parseConfig(rawOf(stack, replication, change), stack);

const peers: Record<string, string> = { "prod-east": "prod-west", "prod-west": "prod-east" };

/** What the stack's peer offers, as if it were up. */
function offered(stack: string, replication: object = {}): JsonObject {
  const read = mockPeer(stack, rawOf(stack, replication));
  const outputs = read(`organization/pe-platform/${peers[stack]!}`);
  assert.ok(outputs);
  return structuredClone(outputs);
}

/** Outputs as an older version of the program left them. */
function withoutContract(outputs: JsonObject): JsonObject {
  const older = { ...outputs };
  delete older.contract;
  return older;
}

const contractIn = (outputs: JsonObject): JsonObject => outputs.contract as JsonObject;

/** With an edit of the contract. */
function altered(outputs: JsonObject, edit: (contract: JsonObject) => void): JsonObject {
  const copy = structuredClone(outputs);
  edit(contractIn(copy));
  return copy;
}

const west = configOf("prod-west");
const stateOf = (outputs: Record<string, unknown> | undefined) =>
  peerState(outputs, "prod-east", west);

/** The problem of a peer that is there, but not as it has to be. */
function problemOf(outputs: JsonObject, config = west): string {
  const found = peerState(outputs, "prod-east", config);
  assert.equal(found.state, "wrong");
  return found.state === "wrong" ? found.problem : "";
}

/** Dotted paths of everything in a contract. */
function pathsIn(value: Json, path = ""): string[] {
  const own = path === "" ? [] : [path];
  if (typeof value !== "object" || value === null) return own;
  const inner = Object.entries(value).flatMap(([key, item]) =>
    pathsIn(item, path === "" ? key : `${path}.${key}`),
  );
  return [...own, ...inner];
}

/** The object that holds a path's last part, and that part. */
function holder(contract: JsonObject, path: string): [JsonObject, string] {
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  return [parts.reduce((at, key) => at[key] as JsonObject, contract), last];
}

const optional = ["backupsOf", "follows", "sourceSecretReplicaArn"];

describe("what a peer's outputs say", () => {
  const good = offered("prod-west");

  it("missing: there is no such stack", () => {
    assert.deepEqual(stateOf(undefined), { state: "missing" });
  });

  it("empty: made and never brought up, destroyed, or left out by regionCount", () => {
    assert.deepEqual(stateOf({}), { state: "empty" });
    assert.deepEqual(stateOf({ active: false }), { state: "empty" });
  });

  it("up: with the contract as it is read", () => {
    assert.deepEqual(stateOf(good), { state: "up", contract: good.contract });
  });

  it("up: also with what a later version of the program adds", () => {
    const more = altered({ ...good, news: 1 }, (contract) => (contract.news = "of later"));
    assert.deepEqual(stateOf(more), { state: "up", contract: good.contract });
  });

  it("wrong: an older version of the program, without a contract", () => {
    assert.match(
      problemOf(withoutContract(good)),
      /^its peer prod-east offers no contract, .*\bRun `pulumi up -s prod-east`/,
    );
  });

  it("wrong: a contract of another version, older or newer, whatever else is in it", () => {
    for (const version of [contractVersion - 1, contractVersion + 1, "1", null]) {
      const other: JsonObject = { ...good, contract: { version } };
      assert.ok(
        problemOf(other).startsWith(
          `its peer prod-east offers version ${String(version)} of the contract, and this program reads ${contractVersion}.`,
        ),
      );
    }
  });

  it("wrong: another installation, named with this one", () => {
    const other = altered(good, (contract) => (contract.installation = "other.example.com"));
    assert.match(
      problemOf(other),
      /belongs to the installation other\.example\.com, and this stack to platform\.example\.com/,
    );
  });

  it("wrong: the same region, or one that the installation does not have", () => {
    for (const region of ["us-west-2", "eu-west-1"]) {
      const other = altered(good, (contract) => (contract.region = region));
      assert.ok(
        problemOf(other).startsWith(
          `its peer prod-east is in ${region}, which is not the other one of regions (us-east-1, us-west-2)`,
        ),
      );
    }
  });

  for (const stack of ["prod-east", "prod-west"]) {
    const contract = offered(stack);
    const paths = pathsIn(contractIn(contract)).filter((path) => !/^isolated\.\d$/.test(path));
    const required = paths.filter((path) => !optional.includes(path));
    const read = (outputs: JsonObject) => problemOf(outputs, configOf(stack));

    it(`wrong: any one key missing in what ${stack} reads, which is named`, () => {
      assert.ok(required.length >= 30);
      fc.assert(
        fc.property(fc.constantFrom(...required), (path) => {
          const damaged = altered(contract, (whole) => {
            const [at, key] = holder(whole, path);
            Reflect.deleteProperty(at, key);
          });
          const expected = path === "version" ? /offers version undefined/ : `(${path})`;
          const problem = read(damaged);
          if (typeof expected === "string") assert.ok(problem.includes(expected), problem);
          else assert.match(problem, expected);
          assert.match(problem, /Run `pulumi up -s prod-east` with this version/);
        }),
        { numRuns: 200 },
      );
    });

    it(`wrong: any one value of another kind in what ${stack} reads, which is named`, () => {
      const leaves = paths.filter(
        (path) => path !== "version" && !/^(isolated|database|function)$/.test(path),
      );
      // `--target` leaves empty text behind for what does not exist yet.
      fc.assert(
        fc.property(
          fc.constantFrom(...leaves),
          fc.constantFrom<Json>("", null, {}, [], 1.5),
          (path, value) => {
            const damaged = altered(contract, (whole) => {
              const [at, key] = holder(whole, path);
              at[key] = value;
            });
            const [, named = ""] = /is not whole \(([^)]*)\)/.exec(read(damaged)) ?? [];
            assert.deepEqual([...new Set(named.split(", "))], [path]);
          },
        ),
        { numRuns: 200 },
      );
    });

    it(`up: without what only some contracts have, read by ${stack}`, () => {
      for (const key of optional) {
        const without = altered(contract, (whole) => Reflect.deleteProperty(whole, key));
        assert.equal(peerState(without, "prod-east", configOf(stack)).state, "up", key);
      }
    });
  }

  it("wrong: never more than a line, for the engine prints it after the stack's name", () => {
    const damaged = altered(good, (contract) => {
      delete contract.database;
      delete contract.function;
    });
    assert.match(
      problemOf(damaged),
      /^the contract of its peer prod-east is not whole \(database, function\)\. Run [^\n]*$/,
    );
  });
});

/** What a stack's contract says of its part. */
interface Part {
  writer: string;
  term: number;
  follows?: string;
}

interface Situation {
  /** The stack that runs. */
  region: Region;
  /** Its config's writer. */
  writer: string;
  /** What its own outputs say; undefined at its first run. */
  before?: Part;
  peer: Part;
  mode?: string;
}

type Region = (typeof regions)[number];
const [east, other] = ["us-east-1", "us-west-2"] as const;
const regions = [east, other] as const;
const otherOf = (region: string): Region => (region === east ? other : east);
const stackOf = { "us-east-1": "prod-east", "us-west-2": "prod-west" };
const ownership = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } };

// Parsed once: the properties below ask thousands of times.
const configs = new Map<string, PlatformConfig>();

function configAt(region: Region, writer: string, mode: string): PlatformConfig {
  const label = `${region} ${writer} ${mode}`;
  const replication = { writer, mode, ...(mode === "twoWay" ? { ownership } : {}) };
  const config = configs.get(label) ?? configOf(stackOf[region], replication);
  configs.set(label, config);
  return config;
}

function clash({ region, writer, before, peer, mode = "oneWay" }: Situation): string | undefined {
  const config = configAt(region, writer, mode);
  const plan = replicationPlan(config, serviceLevel(config));
  return roleClash({ region: otherOf(region), ...peer }, before, config, plan);
}

/** A stack after its `up`, unless that was refused. */
function afterUp(at: Omit<Situation, "peer"> & { peer?: Part }): Part | undefined {
  const { region, writer, before, peer } = at;
  if (peer && clash({ ...at, peer }) !== undefined) return undefined;
  const term = writerTerm(writer, before, peer);
  return { writer, term, ...(writer === region ? {} : { follows: writer }) };
}

describe("two stacks that are edited one after the other", () => {
  for (const region of regions) {
    const peer = otherOf(region);
    /** The other region takes the writes, as it was at the start or after a move. */
    const peerLeads = (term = 1): Part => ({ writer: peer, term });
    const leads = (term = 1): Part => ({ writer: region, term });
    const peerFollows = (term = 1): Part => ({ writer: region, term, follows: region });
    const follows = (term = 1): Part => ({ writer: peer, term, follows: peer });

    it(`${region} may come up first of all, as the writer or the follower`, () => {
      assert.equal(clash({ region, writer: region, peer: peerFollows() }), undefined);
      assert.equal(clash({ region, writer: peer, peer: peerLeads() }), undefined);
    });

    it(`${region} may run as often as it likes while both agree`, () => {
      for (const term of [1, 2, 7]) {
        const writes = { region, writer: region, before: leads(term), peer: peerFollows(term) };
        assert.equal(clash(writes), undefined);
        const copies = { region, writer: peer, before: follows(term), peer: peerLeads(term) };
        assert.equal(clash(copies), undefined);
      }
    });

    it(`${region} may take over the writes, from a region that may be lost`, () => {
      const at = { region, writer: region, before: follows(), peer: peerLeads() };
      assert.equal(clash(at), undefined);
      assert.deepEqual(afterUp(at), leads(2));
    });

    it(`${region} may run again after it has taken over, while the other stays away`, () => {
      // All that is known of the lost region is what its last run said: that it leads.
      const at = { region, writer: region, before: leads(2), peer: peerLeads(1) };
      assert.equal(clash(at), undefined);
      assert.deepEqual(afterUp(at), leads(2));
    });

    it(`${region} may not take the writes at its first run from a peer that has them`, () => {
      const found = clash({ region, writer: region, peer: peerLeads() });
      assert.match(found ?? "", new RegExp(`^${peer} takes the writes, and .* no data yet`));
      assert.match(found ?? "", new RegExp(`with replication\\.writer ${peer}`));
    });

    it(`${region} may not go on writing when the other has taken over`, () => {
      const at = { region, writer: region, before: leads(1), peer: peerLeads(2) };
      assert.match(clash(at) ?? "", new RegExp(`^${peer} has taken over the writes`));
      assert.match(clash(at) ?? "", new RegExp(`set it to ${peer}\\.`));
    });

    it(`${region} may follow the one that has taken over, and then take the writes back`, () => {
      const follow = { region, writer: peer, before: leads(1), peer: peerLeads(2) };
      assert.equal(clash(follow), undefined);
      assert.deepEqual(afterUp(follow), follows(2));
      const back = { region, writer: region, before: follows(2), peer: peerLeads(2) };
      assert.equal(clash(back), undefined);
      assert.deepEqual(afterUp(back), leads(3));
    });

    it(`${region} may not follow a region that still follows it`, () => {
      for (const before of [undefined, leads(), follows()]) {
        const at = { region, writer: peer, ...(before ? { before } : {}), peer: peerFollows() };
        const found = clash(at) ?? "";
        assert.match(found, new RegExp(`^${peer} still follows ${region}`));
        assert.match(found, new RegExp(`first run \`pulumi up -s ${stackOf[peer]}\` with `));
        assert.match(found, new RegExp(`replication\\.writer ${peer}`));
      }
    });
  }

  it("count a move from the highest number that either knows", () => {
    const peer = { writer: east, term: 5 };
    assert.equal(writerTerm(other, { writer: east, term: 1 }, peer), 6);
    assert.equal(writerTerm(other, { writer: east, term: 7 }, peer), 8);
    assert.equal(writerTerm(other, { writer: east, term: 7 }, undefined), 8);
    // Following the other's move is none of its own.
    assert.equal(writerTerm(east, { writer: other, term: 4 }, peer), 5);
    assert.equal(writerTerm(east, undefined, peer), 5);
    assert.equal(writerTerm(east, undefined, undefined), 1);
  });

  const region = fc.constantFrom(...regions);
  const term = fc.integer({ min: 0, max: 9 });

  it("never clash two ways, or where nothing is copied", () => {
    const part = fc.record(
      { writer: region, term, follows: region },
      { requiredKeys: ["writer", "term"] },
    );
    const situation = fc.record(
      {
        region,
        writer: region,
        before: part,
        peer: part,
        mode: fc.constantFrom("twoWay", "none"),
      },
      { requiredKeys: ["region", "writer", "peer", "mode"] },
    );
    fc.assert(fc.property(situation, (at) => assert.equal(clash(at as Situation), undefined)));
  });

  type Parts = Partial<Record<Region, Part>>;
  interface Step {
    region: Region;
    writer: Region;
  }

  /** Runs one stack; false when it was refused. */
  function run(parts: Parts, { region: at, writer }: Step): boolean {
    const { [at]: before, [otherOf(at)]: peer } = parts;
    const made = afterUp({ region: at, writer, ...(before && { before }), ...(peer && { peer }) });
    if (made) parts[at] = made;
    return made !== undefined;
  }

  const steps = fc.array(fc.record({ region, writer: region }), { maxLength: 14 });

  it("never come to follow each other, in whatever order they are edited and run", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const parts: Parts = {};
        for (const step of all) {
          run(parts, step);
          const following = regions.filter((one) => parts[one]?.follows === otherOf(one));
          assert.ok(following.length < 2, JSON.stringify(parts));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("know who took the writes last where both say that they have them", () => {
    let met = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const parts: Parts = {};
        for (const step of all) {
          run(parts, step);
          const [one, two] = [parts[east], parts[other]];
          if (one?.writer !== east || two?.writer !== other) continue;
          met += 1;
          assert.notEqual(one.term, two.term, JSON.stringify(parts));
          // Who ran last is right: it took them, or it was allowed to run on.
          const latest = one.term > two.term ? east : other;
          assert.ok(run({ ...parts }, { region: latest, writer: latest }));
          const stale = otherOf(latest);
          assert.ok(!run({ ...parts }, { region: stale, writer: stale }));
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(met > 20, `only ${met} such situations`);
  });

  it("never have a term that falls, or a move that raises none", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const parts: Parts = {};
        for (const step of all) {
          const { [step.region]: before, [otherOf(step.region)]: peer } = parts;
          if (!run(parts, step)) continue;
          const now = parts[step.region]!;
          assert.ok(now.term >= Math.max(1, before?.term ?? 0));
          const moved = before && before.writer !== now.writer && peer?.writer !== now.writer;
          if (moved) assert.ok(now.term > Math.max(before.term, peer?.term ?? 0));
          if (before?.writer === now.writer && peer?.writer === now.writer) {
            assert.equal(now.term, Math.max(before.term, peer.term));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("can always be brought to agree on who took the writes last, and moved from there", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const parts: Parts = {};
        for (const step of all) run(parts, step);
        const [one, two] = [parts[east], parts[other]];
        if (!one || !two) return;
        const { writer } = one.term >= two.term ? one : two;
        const [latest, rest] = [writer as Region, otherOf(writer)];
        const path: Step[] = [
          { region: latest, writer: latest },
          { region: rest, writer: latest },
          { region: rest, writer: rest },
          { region: latest, writer: rest },
        ];
        for (const step of path) assert.ok(run(parts, step), JSON.stringify({ parts, step }));
      }),
      { numRuns: 500 },
    );
  });
});

const modes = [
  ["none", {}],
  ["oneWay", {}],
  ["twoWay", { ownership }],
] as const;

/** Runs a stack against what its peer offers, and collects the engine's warnings. */
async function run(
  stack: string,
  raw: Raw,
  peer: JsonObject | undefined,
  own?: JsonObject,
): Promise<{ plan: StackPlan; warned: string[] }> {
  const warned: string[] = [];
  const warn = mock.method(console, "warn", (text: string) => void warned.push(text));
  try {
    const plan = await planStack({
      stack,
      raw,
      stackOutputs: (name) => {
        if (name === `organization/pe-platform/${stack}`) return own;
        assert.equal(name, `organization/pe-platform/${peers[stack]!}`);
        return peer;
      },
    });
    return { plan, warned };
  } finally {
    warn.mock.restore();
  }
}

/** The one sentence with which a run ends before it has registered anything. */
async function refused(
  stack: string,
  raw: Raw,
  peer: JsonObject | undefined,
  own?: JsonObject,
): Promise<string> {
  const error: unknown = await run(stack, raw, peer, own).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error, `${stack} came up`);
  // Of this kind, the engine prints the message alone.
  assert.ok(RunError.isInstance(error), String(error));
  assert.equal(registrationCount(), 0);
  assert.ok(!error.message.includes("\n"), error.message);
  return error.message;
}

const notThere: [string, JsonObject | undefined, string][] = [
  ["does not exist", undefined, "does not exist yet"],
  ["is empty", {}, "is empty"],
  ["is out of use", { active: false }, "is empty"],
];

describe("the home stack", () => {
  for (const [mode, more] of modes) {
    for (const writer of regions) {
      for (const [what, outputs, why] of notThere) {
        const follows = mode === "twoWay" || (mode === "oneWay" && writer === other);
        it(`comes up in mode ${mode}, writer ${writer}, when its peer ${what}`, async () => {
          const raw = rawOf("prod-east", { mode, writer, ...more });
          const { plan, warned } = await run("prod-east", raw, outputs);
          assert.ok(allOf(plan, "rds/instance:Instance").length === 1);
          for (const type of ["ReplicationInstance", "ReplicationTask", "VpcPeeringConnection"]) {
            assert.equal(allOf(plan, type).length, 0, type);
          }
          assert.equal(warned.length, follows ? 1 : 0, warned.join("\n"));
          if (!follows) return;
          assert.ok(
            warned[0]!.includes(`prod-west ${why}: nothing is replicated to us-east-1.`),
            warned[0],
          );
          assert.match(warned[0]!, /Run `pulumi up -s prod-west`, then this stack again\./);
        });
      }
    }
  }

  it("that writes comes up whatever its peer offers", async () => {
    const older = withoutContract(offered("prod-east"));
    const broken = altered(offered("prod-east"), (contract) => delete contract.vpcId);
    for (const outputs of [older, broken]) {
      const { plan, warned } = await run("prod-east", rawOf("prod-east"), outputs);
      assert.equal(allOf(plan, "rds/instance:Instance").length, 1);
      assert.deepEqual(warned, []);
    }
  });

  it("that follows says what is wrong with its peer", async () => {
    const older = withoutContract(offered("prod-east"));
    const raw = rawOf("prod-east", { writer: other });
    assert.match(
      await refused("prod-east", raw, older),
      /^Stack prod-east: its peer prod-west offers no contract, /,
    );
  });

  it("without a peer reads no stack at all", async () => {
    const { raw } = readStack("cost-saver");
    const plan = await planStack({
      stack: "cost-saver",
      raw,
      stackOutputs: () => assert.fail("a stack was read"),
    });
    assert.ok(plan.resources.length > 100);
  });

  it("keeps from writing on when its peer has taken over", async () => {
    const taken = altered(offered("prod-east"), (contract) => {
      Object.assign(contract, { writer: other, term: 2 });
      delete contract.follows;
    });
    const own = { contract: { writer: east, term: 1 } };
    assert.match(
      await refused("prod-east", rawOf("prod-east", { writer: east }), taken, own),
      /^Stack prod-east: us-west-2 has taken over the writes, /,
    );
  });

  it("keeps from following a peer that follows it", async () => {
    const following = offered("prod-east", { writer: east });
    assert.match(
      await refused("prod-east", rawOf("prod-east", { writer: other }), following),
      /^Stack prod-east: us-west-2 still follows us-east-1, /,
    );
  });
});

describe("the stack that is not home", () => {
  for (const [mode, more] of modes) {
    const raw = rawOf("prod-west", { mode, ...more });

    for (const [what, outputs, why] of notThere) {
      it(`says what to do first in mode ${mode} when the home stack ${what}`, async () => {
        assert.equal(
          await refused("prod-west", raw, outputs),
          `Stack prod-west: its peer prod-east ${why}, and this stack joins it: run \`pulumi up -s prod-east\` first.`,
        );
      });
    }

    it(`says what is wrong in mode ${mode} with a home stack it cannot read`, async () => {
      const home = offered("prod-west");
      const older = withoutContract(home);
      const cases: [JsonObject, RegExp][] = [
        [older, /offers no contract, so an older version made it\. Run `pulumi up -s prod-east`/],
        [altered(home, (contract) => (contract.version = 0)), /offers version 0 of the contract/],
        [altered(home, (contract) => (contract.installation = "x.example")), /x\.example/],
        [altered(home, (contract) => (contract.region = other)), /is in us-west-2, which is not/],
        [altered(home, (contract) => delete contract.hostedZoneId), /not whole \(hostedZoneId\)/],
      ];
      for (const [outputs, says] of cases) {
        const message = await refused("prod-west", raw, outputs);
        assert.match(message, /^Stack prod-west: /);
        assert.match(message, says);
      }
    });
  }

  it("stands alone in mode none with a hosted zone of its own", async () => {
    const zone = { "pe-platform:hostedZone": "Z0123456789ABC" };
    const raw = rawOf("prod-west", { mode: "none" }, zone);
    for (const [, outputs] of notThere) {
      const { plan, warned } = await run("prod-west", raw, outputs);
      assert.equal(allOf(plan, "rds/instance:Instance").length, 1);
      assert.deepEqual(warned, []);
    }
  });

  it("needs the home stack for the peering, also with a hosted zone of its own", async () => {
    const zone = { "pe-platform:hostedZone": "Z0123456789ABC" };
    assert.match(
      await refused("prod-west", rawOf("prod-west", {}, zone), undefined),
      /does not exist yet, and this stack joins it/,
    );
  });

  it("counts the move when it takes the writes, and only that run", async () => {
    const home = offered("prod-west", { writer: east });
    const raw = rawOf("prod-west", { writer: other });
    const follows = { contract: { writer: east, term: 1, follows: east } };
    const { plan } = await run("prod-west", raw, home, follows);
    assert.equal(contractIn(plan.outputs).term, 2);
    const again = await run("prod-west", raw, home, plan.outputs);
    assert.deepEqual(again.plan.outputs, plan.outputs);
  });

  it("passes any other failure of the engine on", async () => {
    const broken = planStack({
      stack: "prod-west",
      raw: rawOf("prod-west"),
      stackOutputs: () => {
        throw new Error("the state cannot be read");
      },
    });
    await assert.rejects(broken, /the state cannot be read/);
    assert.equal(registrationCount(), 0);
  });
});

describe("a region that regionCount leaves out", () => {
  const raw = rawOf("prod-west", {}, { "pe-platform:regionCount": "1" });
  const leave = (own: JsonObject | undefined): Promise<StackPlan> =>
    planStack({
      stack: "prod-west",
      raw,
      stackOutputs: (name) => {
        assert.equal(name, "organization/pe-platform/prod-west", "another stack was read");
        return own;
      },
    });

  it("has an empty desired state when it was never up, has gone, or is not protected", async () => {
    const open = altered(offered("prod-east"), (contract) => (contract.protected = false));
    for (const own of [undefined, {}, { active: false }, open]) {
      const plan = await leave(own);
      assert.deepEqual(plan.resources, []);
      assert.deepEqual(plan.outputs, { active: false });
    }
  });

  it("stays as it is while its data is protected, and says what to do", async () => {
    const shut = altered(offered("prod-east"), (contract) => (contract.protected = true));
    // From before there was such a key: what nobody said is taken for protected.
    const silent = altered(shut, (contract) => delete contract.protected);
    for (const own of [shut, silent]) {
      const error: unknown = await leave(own).catch((reason: unknown) => reason);
      assert.ok(RunError.isInstance(error), String(error));
      assert.equal(registrationCount(), 0);
      assert.match(
        error.message,
        /^Stack prod-west: regionCount 1 leaves us-west-2 out, and its data is protected\. [^\n]*$/,
      );
      assert.match(error.message, /set protect and database\.deletionProtection to false/);
    }
  });

  it("is told by each contract whether it is protected", async () => {
    for (const protect of ["true", "false"]) {
      const change = { "pe-platform:protect": protect };
      const { plan } = await run("prod-east", rawOf("prod-east", {}, change), undefined);
      assert.equal(contractIn(plan.outputs).protected, protect === "true");
    }
  });
});
