import assert from "node:assert/strict";
import fc from "fast-check";
import { parseConfig } from "../../stacks/config/platformConfig";
import { acceptableEdits, editRules, guardedConfig, judgeEdit } from "../../stacks/editRules";
import { validRawConfig } from "./config/validConfig";

const config = parseConfig(
  {
    "aws:region": "us-east-1",
    "pe-platform:domain": "platform.example.com",
    "pe-platform:web": '{"windows":{"amiRelease":"2026.10.14"}}',
    "pe-platform:app": '{"windows":{"amiRelease":"2026.10.14"}}',
    "pe-platform:network": JSON.stringify({
      cidrBlock: "10.10.0.0/16",
      availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    }),
  },
  "test",
);
const base = guardedConfig(config);
const judged = (edit: object, acceptEdits: string[] = [], before: object = {}) =>
  judgeEdit({ ...base, ...before }, { ...base, ...before, ...edit }, acceptEdits);
const refusal = (edit: object, acceptEdits: string[] = [], before: object = {}) => {
  const { refused } = judged(edit, acceptEdits, before);
  assert.equal(refused.length, 1, JSON.stringify(refused));
  return `${refused[0]?.key}: ${refused[0]?.message}`;
};
const version = "database.engineVersion";

describe("Edit rules", () => {
  it("keep the values of all their keys, and nothing of an encrypted one", () => {
    for (const { key } of editRules) assert.notEqual(base[key], null, key);
    const kept = guardedConfig(config, ["network"]);
    assert.equal(kept.domain, "platform.example.com");
    assert.deepEqual(
      Object.keys(kept).filter((key) => key.startsWith("network.")),
      [],
    );
  });

  it("say nothing of any config that is not edited, nor of azCount and regionCount", () => {
    fc.assert(
      fc.property(validRawConfig(), ({ raw, stack }) => {
        const config = parseConfig(raw, stack);
        const kept = guardedConfig(config);
        assert.deepEqual(judgeEdit(kept, kept, []), { refused: [], warnings: [], unjudged: [] });
        const counted = guardedConfig({ ...config, azCount: 1, regionCount: 1 } as typeof config);
        assert.deepEqual(counted, kept);
      }),
      { numRuns: 200 },
    );
  });

  it("name, between any two configs, only keys that differ, each once, and refuse what is not accepted", () => {
    fc.assert(
      fc.property(validRawConfig(), validRawConfig(), (one, other) => {
        const [before, after] = [one, other].map(({ raw, stack }) =>
          guardedConfig(parseConfig(raw, stack)),
        ) as [typeof base, typeof base];
        const { refused, warnings } = judgeEdit(before, after, []);
        const named = [...refused, ...warnings].map(({ key }) => key);
        assert.deepEqual(named, [...new Set(named)]);
        for (const key of named) {
          assert.notDeepEqual(before[key], after[key], `${key} is the same`);
        }
        const accepted = refused
          .map(({ key }) => key)
          .filter((key) => acceptableEdits.includes(key));
        const next = judgeEdit(before, after, accepted);
        // Accepting takes refusals away, one by one, and never adds any.
        assert.ok(next.refused.every(({ key }) => refused.some((was) => was.key === key)));
        assert.equal(next.refused.length + next.warnings.length, refused.length + warnings.length);
      }),
      { numRuns: 200 },
    );
  });

  it("name every refused key as it stands in the stack file, with what to do", () => {
    const edits: [object, RegExp][] = [
      [
        { "aws:region": "us-west-2" },
        /^aws:region: .*us-east-1 and do not move.*Put us-east-1 back/,
      ],
      [{ regions: ["us-west-2", "us-east-1"] }, /^regions: us-east-1.*Keep us-east-1 first/],
      [{ exposure: "private" }, /^exposure: an edit to private .*three edits.*1\. protect: false/],
      [{ domain: "other.example.com" }, /^domain: .*set acceptEdits: \[domain\]/],
      [{ "network.cidrBlock": "10.9.0.0/16" }, /^network\.cidrBlock: .*Put 10\.10\.0\.0\/16 back/],
      [
        { "network.availabilityZones": ["us-east-1b", "us-east-1a", "us-east-1c"] },
        /^network\.availabilityZones: .*Put \[us-east-1a, us-east-1b, us-east-1c\] back/,
      ],
      [{ "database.name": "other" }, /^database\.name: .*other would be a new, empty database/],
      [{ "database.edition": "enterprise" }, /^database\.edition: RDS turns no standard instance/],
      [{ "database.storageGiB": 100 }, /^database\.storageGiB: RDS never shrinks storage, and 100/],
    ];
    for (const [edit, expected] of edits) assert.match(refusal(edit), expected);
  });

  it("let a second region join or be replaced while home stays", () => {
    for (const regions of [["us-east-1"], ["us-east-1", "eu-west-1"]]) {
      assert.deepEqual(judged({ regions }).refused, []);
    }
  });

  it("let SQL Server go up within a major version, never down, and to another one on request", () => {
    const is = { [version]: "15.00.4455.2.v1" };
    assert.deepEqual(judged({ [version]: "15.00.4460.1.v1" }, [], is).refused, []);
    assert.match(refusal({ [version]: "15.00.4415.2.v1" }, [version], is), /never downgrades/);
    assert.match(refusal({ [version]: "14.00.3480.1.v1" }, [version], is), /never downgrades/);
    const up = { [version]: "16.00.4236.2.v1" };
    assert.match(refusal(up, [], is), /set database\.applyImmediately: true/);
    assert.match(refusal(up, [version], is), /set database\.applyImmediately: true/);
    const now = { ...up, "database.applyImmediately": true };
    assert.match(refusal(now, [], is), /set acceptEdits: \[database\.engineVersion\]/);
    const { refused, warnings } = judged(now, [version], is);
    assert.deepEqual(refused, []);
    assert.match(warnings[0]?.message ?? "", /^accepted by acceptEdits: /);
  });

  it("let exposure through only as the second of its three edits", () => {
    const nat = "network.natGateways";
    const ready = { protect: false, [nat]: "none" };
    const closed = { exposure: "private", hostedZone: "Z1", protect: false };
    assert.deepEqual(judged(closed, ["exposure"], ready).refused, []);
    assert.match(refusal(closed, ["exposure"], { ...ready, protect: true }), /three edits/);
    assert.match(refusal(closed, ["exposure"], { ...ready, [nat]: null }), /three edits/);
    assert.match(refusal({ ...closed, hostedZone: "create" }, ["exposure"], ready), /three edits/);
    const open = { exposure: "public", hostedZone: "create", [nat]: "none" };
    const was = { ...closed, [nat]: null };
    assert.deepEqual(judged(open, ["exposure"], was).refused, []);
    assert.match(refusal({ ...open, [nat]: "single" }, ["exposure"], was), /natGateways: none/);
  });

  it("warn of what RDS has grown, and of what AWS deletes", () => {
    const warned = (edit: object) => {
      const { refused, warnings } = judged(edit);
      assert.deepEqual(refused, []);
      return warnings.map(({ key, message }) => `${key}: ${message}`).join("\n");
    };
    assert.match(warned({ "database.storageGiB": 400 }), /`pulumi up --refresh`/);
    assert.match(warned({ "database.iops": 4000 }), /`pulumi up --refresh`/);
    assert.match(warned({ "database.maxStorageGiB": 300 }), /must be above AllocatedStorage/);
    assert.match(warned({ logRetentionDays: 30 }), /logs older than 30 days; .* kept 90/);
    assert.match(warned({ hostedZone: "Z2" }), /from the zone that the home stack makes to Z2/);
    assert.equal(warned({ logRetentionDays: 365 }), "");
    assert.equal(warned({ "database.maxStorageGiB": 1000 }), "");
  });

  it("refuse an acceptance that the edit does not need, of every key that can be named", () => {
    const edit = { "database.iops": 4000 };
    for (const key of acceptableEdits) {
      assert.match(refusal(edit, [key]), new RegExp(`^acceptEdits: names ${key}, which this edit`));
    }
    const both = { domain: "other.example.com" };
    assert.match(refusal(both, ["domain", "exposure"]), /names exposure, which/);
  });

  it("let pass unseen, and say so, what an earlier version did not keep", () => {
    const older = Object.fromEntries(Object.entries(base).filter(([key]) => key !== "domain"));
    const after = { ...base, domain: "other.example.com" };
    assert.deepEqual(judgeEdit(older, after, []), {
      refused: [],
      warnings: [],
      unjudged: ["domain"],
    });
    assert.deepEqual(judgeEdit(older, after, ["domain"]).refused, []);
  });
});
