import assert from "node:assert/strict";
import fc from "fast-check";
import { planStack, registrationCount } from "../../insight/plan/offlinePlan";
import type { StackPlan } from "../../insight/plan/plan";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { serviceLevel } from "../../stacks/serviceLevel";
import { ofEveryKind, runs } from "../support/runs";
import { validRawConfig, type RawConfig } from "./config/validConfig";
import { copies, receives, type Check } from "./invariants/case";
import {
  flowsAreTheRequestPath,
  noWayToAnotherRegion,
  onlyEntryAndNatArePublic,
} from "./invariants/flows";
import {
  dataIsGuarded,
  everythingIsEncrypted,
  namesComeFromRoles,
  noWildcardsInPolicies,
} from "./invariants/protection";
import { unstable } from "./invariants/stability";
import { everythingIsTagged } from "./invariants/tags";
import { ConfigError } from "../../config/problems";

// The invariants of docs/architecture.md over configs drawn from the whole space. All share one
// process, and each plan is checked and let go, so two hundred cost no gigabytes. `npm test` checks some
// of these two hundred, of every kind; PE_FULL=1 all. A failure prints the seed: PE_SEED=<seed>
// npx mocha test/stacks/invariants.test.ts draws the same configs again.
const seed = Number(process.env.PE_SEED ?? Date.now() % 2 ** 31);
const drawn = 200;
const count = runs(drawn, 36);

const checks: Record<string, Check> = {
  "2: flows are exactly the request path and calls to AWS": flowsAreTheRequestPath,
  "3: no flow or route leads to another region": noWayToAnotherRegion,
  "4: every store is encrypted, every listener TLS 1.2+": everythingIsEncrypted,
  "5: no * action, no * resource where AWS knows a narrower one": noWildcardsInPolicies,
  "6: only public load balancers and NAT have public addresses": onlyEntryAndNatArePublic,
  "7: data is protected, deletion-protected and leaves a snapshot": dataIsGuarded,
  "8: names come from roles, never from positions": namesComeFromRoles,
  "everything says its component and data class": everythingIsTagged,
};
const stability = "1: an edit of azCount or regionCount replaces and removes nothing that stays";

describe(`invariants over ${count} valid configs (seed ${seed})`, function () {
  this.timeout(600_000);
  const violations = new Map<string, string[]>();
  const seen: Seen = {
    active: 0,
    inactive: 0,
    private: 0,
    edits: 0,
    writers: 0,
    copies: 0,
    twoWay: 0,
  };

  before(async () => {
    const samples = fc.sample(validRawConfig(), { seed, numRuns: drawn });
    for (const sample of ofEveryKind(samples, count, kindOf)) {
      await examine(sample, violations, seen);
    }
  });

  it("meets every kind of config", () => {
    assert.ok(seen.active >= count / 3, JSON.stringify(seen));
    assert.ok(
      Math.min(seen.inactive, seen.private, seen.writers, seen.copies, seen.twoWay) > 0 &&
        seen.edits > count / 4,
      JSON.stringify(seen),
    );
  });

  for (const name of [stability, ...Object.keys(checks)]) {
    it(name, () => {
      const found = violations.get(name) ?? [];
      assert.equal(found.length, 0, found.slice(0, 5).join("\n"));
    });
  }

  it("an inactive region has an empty desired state", () => {
    const found = violations.get("inactive") ?? [];
    assert.equal(found.length, 0, found.slice(0, 3).join("\n"));
  });
});

function kindOf({ raw, stack }: RawConfig): string {
  const config = parseConfig(raw, stack);
  if (!serviceLevel(config).active) return "inactive";
  const { exposure, replication } = config;
  if (!copies(config)) return exposure;
  return replication.mode === "twoWay" ? "twoWay" : receives(config) ? "copies" : "writers";
}

/** How many configs of each kind were drawn. */
type Seen = Record<
  "active" | "inactive" | "private" | "edits" | "writers" | "copies" | "twoWay",
  number
>;

async function examine(
  sample: RawConfig,
  violations: Map<string, string[]>,
  seen: Seen,
): Promise<void> {
  const note = (name: string, found: string[]): void => {
    const where = `${JSON.stringify(sample.raw)}: ${found.slice(0, 4).join("; ")}`;
    if (found.length > 0) violations.set(name, [...(violations.get(name) ?? []), where]);
  };
  const config = parseConfig(sample.raw, sample.stack);
  const plan = await planStack(sample);
  if (!serviceLevel(config).active) {
    seen.inactive += 1;
    note(
      "inactive",
      plan.resources.map(({ urn }) => urn),
    );
    return;
  }
  seen.active += 1;
  if (config.exposure === "private") seen.private += 1;
  if (copies(config)) {
    if (config.replication.mode === "twoWay") seen.twoWay += 1;
    else if (receives(config)) seen.copies += 1;
    else seen.writers += 1;
  }
  for (const [name, check] of Object.entries(checks)) note(name, check({ config, plan }));
  for (const edited of edits(sample, config)) {
    seen.edits += 1;
    note(stability, unstable(plan, await edited));
  }
}

/** The same stack after an edit of one of the two numbers, as far as it stays valid and active. */
function edits(sample: RawConfig, config: PlatformConfig): Promise<StackPlan>[] {
  const azCount = (config.azCount % 3) + 1;
  const changed = [
    { ...sample.raw, "pe-platform:azCount": String(azCount) },
    { ...sample.raw, "pe-platform:regionCount": String(3 - config.regionCount) },
  ];
  return changed
    .filter((raw) => {
      try {
        return serviceLevel(parseConfig(raw, sample.stack)).active;
      } catch (error) {
        if (error instanceof ConfigError) return false;
        throw error;
      }
    })
    .map((raw) => planStack({ ...sample, raw }));
}

describe("invariant 9: an invalid config registers nothing", function () {
  this.timeout(120_000);
  const breakages = fc.constantFrom<[string, string]>(
    ["azCount", "4"],
    ["regionCount", "0"],
    ["domain", "https://example"],
    ["exposure", "hybrid"],
    ["network", '{"cidrBlock":"10.0.0.0/8"}'],
    ["database", '{"edition":"express"}'],
    ["azCuont", "3"],
    ["web", '{"instancesPerAz":{"min":5,"max":1}}'],
  );

  it("whatever is wrong with it", async () => {
    await fc.assert(
      fc.asyncProperty(validRawConfig(), breakages, async (sample, [key, value]) => {
        const raw = { ...sample.raw, [`pe-platform:${key}`]: value };
        await assert.rejects(planStack({ ...sample, raw }), /Pulumi\./);
        assert.equal(registrationCount(), 0);
      }),
      { numRuns: 50 },
    );
  });

  it("while a valid one registers a platform", async () => {
    await planStack("cost-saver");
    assert.ok(registrationCount() > 100);
  });
});
