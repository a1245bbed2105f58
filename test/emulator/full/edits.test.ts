import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import type { DeploymentV3 } from "../../../engine/checkpoint";
import { elements, query } from "../../../local/emulator/api";
import { plannedChanges } from "../../../local/progress";
import { must } from "../../../engine/state";
import { acceptableEdits } from "../../../stacks/editRules";
import { accept, apply, isRefused, preview, runningStack } from "../runningStack";

const sqlServer2019 = "database.engineVersion=15.00.4455.2.v1";
const sqlServer2022 = "database.engineVersion=16.00.4236.2.v1";
const domain = "small.example.com";

/** Refused each by itself, on a stack that runs SQL Server 2019. */
const refused: Record<string, { edits: string[]; because: RegExp }> = {
  "database.storageGiB": {
    edits: ["database.storageGiB=80"],
    because: /RDS never shrinks storage, and 80 is less than 100: put 100 back/,
  },
  "network.availabilityZones": {
    edits: ["network.availabilityZones=[us-east-1b, us-east-1a, us-east-1c]"],
    because: /Put \[us-east-1a, us-east-1b, us-east-1c\] back/,
  },
  "network.cidrBlock": {
    edits: ["network.cidrBlock=10.31.0.0/16"],
    because: /a VPC keeps its range for life.*Put 10\.30\.0\.0\/16 back/,
  },
  "database.name": {
    edits: ["database.name=other"],
    because: /other would be a new, empty database beside platform/,
  },
  "database.edition": {
    edits: ["database.edition=standard", "database.instanceClass=db.m6i.large"],
    because: /RDS turns no web instance into standard/,
  },
  "database.engineVersion": {
    edits: [sqlServer2022],
    because: /another SQL Server.*set database\.applyImmediately: true/,
  },
  domain: {
    edits: ["domain=other.example.com"],
    because: /all names under small\.example\.com go/,
  },
  regions: {
    edits: [
      "regions=[us-west-2, us-east-1]",
      "regionCount=2",
      "replication.mode=none",
      "hostedZone=Z0123456789ABCDEFGHIJ",
    ],
    because: /us-east-1, the first of regions, is home/,
  },
};

describe("edits of a running stack", () => {
  const stack = runningStack("cost-saver", sqlServer2019);
  const { run, settle, database, untouched } = stack;
  const rds = (action: string, parameters: Record<string, string>) =>
    query(
      { endpoint: stack.emulator().endpoint, service: "rds", region: "us-east-1" },
      "2014-10-31",
      action,
      parameters,
    );

  for (const [key, { edits, because }] of Object.entries(refused)) {
    it(`refuses ${key} in preview and up, and touches nothing`, async () => {
      const before = await untouched();
      for (const args of [preview, apply]) await isRefused(run(args, edits), key, because);
      strictEqual(await untouched(), before);
    });
  }

  it("refuses another region, and all that goes with it, at once", async () => {
    const before = await database();
    const edits = [
      "aws:region=us-west-2",
      "regions=[us-west-2]",
      "network.availabilityZones=[us-west-2a, us-west-2b, us-west-2c]",
    ];
    for (const args of [preview, apply]) {
      await rejects(
        run(args, edits),
        /3 problems in [^]*- aws:region: [^]*- regions: [^]*- network\.availabilityZones: /,
      );
    }
    // The refused run has told its providers; no resource has met them, and the next run tells it back.
    const { result } = await run(preview);
    const changes = plannedChanges(result.events).map((line) => line.replace(/ \[.*$/, ""));
    deepStrictEqual(changes.sort(), ["delete aws aws-health", "update aws aws"]);
    await settle();
    strictEqual((await database()).id, before.id);
  });

  it("tries every edit that can be accepted", () => {
    const tried = [...Object.keys(refused), "exposure"]; // full/exposure.test.ts
    deepStrictEqual(
      acceptableEdits.filter((key) => !tried.includes(key)),
      [],
    );
  });

  it("refuses to accept what the edit does not need", () =>
    isRefused(
      run(preview, ["database.iops=3100", accept("domain")]),
      "acceptEdits",
      /names domain, which this edit does not need/,
    ));

  it("lets SQL Server be raised by a major version, in place", async () => {
    const before = await database();
    const immediately = "database.applyImmediately=true";
    const accepted = [sqlServer2022, immediately, accept("database.engineVersion")];
    const { warnings } = await settle(accepted);
    ok(warnings.some((text) => /engineVersion: accepted by acceptEdits/.test(text)));
    const after = await database();
    strictEqual(after.id, before.id);
    strictEqual(after.outputs?.engineVersionActual, "16.00.4236.2.v1");
    stack.present = [sqlServer2022, immediately];
    const again = await run(preview, [accept("database.engineVersion")]);
    deepStrictEqual(again.changes, {});
    ok(again.warnings.some((text) => /take it out once the `up` has succeeded/.test(text)));
    await isRefused(run(preview, [sqlServer2019]), "database.engineVersion", /never downgrades/);
  });

  it("sends the grown size of a database with other IOPS only after a refresh", async () => {
    const { outputs } = await database();
    const identifier = String(outputs?.identifier);
    await rds("ModifyDBInstance", {
      DBInstanceIdentifier: identifier,
      AllocatedStorage: "300",
      ApplyImmediately: "true",
    });
    const edits = ["database.iops=3500"];
    await rejects(run(apply, edits), /can not be less than the current storage size \(300\)/);
    // The refused run has kept the edit: what warns is the message of the run before.
    const { warnings } = await run(preview, ["database.iops=3600"]);
    ok(warnings.some((text) => /run this edit with `pulumi up --refresh`/.test(text)));
    await settle(edits, undefined, "--refresh");
    const answer = await rds("DescribeDBInstances", { DBInstanceIdentifier: identifier });
    deepStrictEqual(elements(answer, "AllocatedStorage"), ["300"]);
    deepStrictEqual(elements(answer, "Iops"), ["3500"]);
    stack.present.push(...edits);
  });

  it("does not see an edit under --target, but the next whole run does", async () => {
    const { urn } = await database();
    const edits = ["database.storageGiB=80"];
    await run([...apply, "--target", urn], edits);
    await isRefused(run(preview, edits), "database.storageGiB", /never shrinks/);
  });

  it("says so where an earlier version kept nothing to compare with, and goes on", async () => {
    const engine = await stack.engine();
    const { stdout } = await must(engine, ["stack", "export", "--stack", "cost-saver"]);
    const state = JSON.parse(stdout) as { deployment: DeploymentV3 };
    for (const resource of state.deployment.resources ?? []) {
      if (resource.type === "pe:platform:RegionalPlatform") {
        Object.assign(resource, { inputs: {}, outputs: {} });
      }
    }
    const text = JSON.stringify(state);
    await must(engine, ["stack", "import", "--stack", "cost-saver"], text);
    const { warnings } = await settle(["logRetentionDays=14"]);
    ok(warnings.some((line) => /An earlier version of the program made this stack/.test(line)));
    const next = await run(preview, ["logRetentionDays=7"]);
    ok(next.warnings.some((line) => /AWS deletes logs older than 7 days/.test(line)));
    stack.present.push("logRetentionDays=14");
  });

  it("moves all names to another domain when that is accepted", async () => {
    const before = await database();
    const unprotected = "protect=false";
    await isRefused(run(preview, ["domain=other.example.com"]), "domain", /acceptEdits/);
    await settle(["domain=other.example.com", unprotected, accept("domain")]);
    await settle([`domain=${domain}`, unprotected, accept("domain")]);
    strictEqual((await database()).id, before.id);
  });

  it("comes down", () => stack.down());
});
