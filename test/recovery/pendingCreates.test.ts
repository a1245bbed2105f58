import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import type { PendingOperation, StateResource } from "../../engine/checkpoint";
import { recoverPending } from "../../recovery/pendingCreates";
import type { FoundHealthCheck, FoundZone, TaggedResource } from "../../recovery/awsLookups";

const urn = (type: string, name: string) => `urn:pulumi:prod::pe-platform::${type}::${name}`;
const provider: StateResource = {
  urn: urn("pulumi:providers:aws", "aws-peer"),
  type: "pulumi:providers:aws",
  custom: true,
  id: "p-1",
  inputs: {
    region: "us-west-2",
    defaultTags: JSON.stringify({ tags: { project: "pe-platform" } }),
  },
};

function pending(
  type: string,
  inputs: Record<string, unknown>,
  operation: PendingOperation["type"] = "creating",
): PendingOperation {
  const by = `${provider.urn}::${provider.id}`;
  const resource = { urn: urn(type, "x"), type, custom: true, inputs, provider: by };
  return { type: operation, resource };
}

/** Recovers one operation, where AWS has these resources. */
function recover(
  operation: PendingOperation,
  known: StateResource[],
  aws: TaggedResource[] = [],
  zones: FoundZone[] = [],
  checks: FoundHealthCheck[] = [],
) {
  const asked: string[] = [];
  const state = { resources: [provider, ...known], pending_operations: [operation] };
  const result = recoverPending(state, () => ({
    tagged: (region) => {
      asked.push(region);
      return Promise.resolve(aws);
    },
    zones: () => Promise.resolve(zones),
    untaggedHealthChecks: () => Promise.resolve(checks),
  }));
  return result.then((found) => ({ ...found, asked }));
}

const ids = ({ adopted }: { adopted: { id: string }[] }) => adopted.map(({ id }) => id);
const eip = "aws:ec2/eip:Eip";
const written = { Name: "network-1" };
const tags = { ...written, project: "pe-platform" };
const address = (id: string, own: Record<string, string> = tags) => ({
  arn: `arn:aws:ec2:us-west-2:123456789012:elastic-ip/${id}`,
  tags: own,
});

describe("creates that were cut off", () => {
  const named: [type: string, inputs: Record<string, unknown>, id: string][] = [
    ["aws:iam/role:Role", { name: "app-1a2b3c4" }, "app-1a2b3c4"],
    [
      "aws:route53/record:Record",
      { zoneId: "Z1", name: "_a.example.com.", type: "CNAME" },
      "Z1__a.example.com._CNAME",
    ],
    [
      "aws:route53/record:Record",
      { zoneId: "Z1", name: "example.com", type: "A", setIdentifier: "us-east-1" },
      "Z1_example.com_A_us-east-1",
    ],
    [
      "aws:ec2/route:Route",
      { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" },
      "rtb-1_0.0.0.0/0",
    ],
    ["aws:lambda/permission:Permission", { function: "f", statementId: "s" }, "f/s"],
    ["aws:rds/instance:Instance", { identifier: "database-1" }, "database-1"],
  ];
  for (const [type, inputs, id] of named) {
    it(`${id}: found by the inputs of ${type}`, async () => {
      const found = await recover(pending(type, inputs), []);
      deepStrictEqual(ids(found), [id]);
      deepStrictEqual(found.asked, [], "needs no look-up");
      strictEqual(found.state.pending_operations, undefined);
      strictEqual(found.state.resources?.at(-1)?.id, id);
    });
  }

  it("whose id AWS chose are found by their tags, in their provider's region", async () => {
    const aws = [address("eipalloc-1"), address("eipalloc-2", { ...tags, Name: "network-2" })];
    const found = await recover(pending(eip, { tags: written }), [], aws);
    deepStrictEqual(ids(found), ["eipalloc-1"]);
    deepStrictEqual(found.asked, ["us-west-2"]);
  });

  it("are not mistaken for what the state has already", async () => {
    const known = { urn: urn(eip, "y"), type: eip, custom: true, id: "eipalloc-1" };
    const found = await recover(pending(eip, { tags: written }), [known], [address("eipalloc-1")]);
    deepStrictEqual(ids(found), []);
    deepStrictEqual(found.again, [urn(eip, "x")]);
  });

  it("are never guessed: two of the same tags are for somebody to look at", async () => {
    const aws = [address("eipalloc-1"), address("eipalloc-2")];
    await rejects(recover(pending(eip, { tags: written }), [], aws), /eipalloc-1 and eipalloc-2/);
  });

  it("of a zone that has no tags yet are found by its name, comment and kind, while it is empty", async () => {
    const inputs = { name: "a.example.com", comment: "Names of the platform", tags: written };
    const operation = pending("aws:route53/zone:Zone", inputs);
    const zone = { id: "Z1", comment: "Names of the platform", isPrivate: false, records: 2 };
    const found = (...zones: FoundZone[]) => recover(operation, [], [], zones);
    deepStrictEqual(ids(await found(zone)), ["Z1"]);
    for (const other of [{ comment: "another" }, { isPrivate: true }, { records: 3 }]) {
      deepStrictEqual(ids(await found({ ...zone, ...other })), []);
    }
    await rejects(found(zone, { ...zone, id: "Z2" }), /Z1 and Z2 are as it would be/);
  });

  it("of a health check that has no tags yet are found by what it asks", async () => {
    const asks = { type: "HTTPS", fqdn: "us-west-2.example.com", resourcePath: "/healthz" };
    const watches = {
      type: "CLOUDWATCH_METRIC",
      cloudwatchAlarmName: "entry-1",
      cloudwatchAlarmRegion: "us-west-2",
    };
    const checks: FoundHealthCheck[] = [
      {
        id: "h-1",
        config: {
          Type: "HTTPS",
          FullyQualifiedDomainName: "us-west-2.example.com",
          ResourcePath: "/healthz",
        },
      },
      {
        id: "h-2",
        config: {
          Type: "CLOUDWATCH_METRIC",
          AlarmIdentifier: { Name: "entry-1", Region: "us-west-2" },
        },
      },
    ];
    const found = (inputs: Record<string, unknown>) =>
      recover(
        pending("aws:route53/healthCheck:HealthCheck", { ...inputs, tags: written }),
        [],
        [],
        [],
        checks,
      );
    deepStrictEqual(ids(await found(asks)), ["h-1"]);
    deepStrictEqual(ids(await found(watches)), ["h-2"]);
    deepStrictEqual(ids(await found({ ...asks, fqdn: "us-east-1.example.com" })), []);
    deepStrictEqual(ids(await found({ ...watches, cloudwatchAlarmRegion: "us-east-1" })), []);
  });

  it("that a recovery has listed already, cut off before it read them, are read still", async () => {
    const operation = pending(eip, { tags: written });
    const first = await recover(operation, [], [address("eipalloc-1")]);
    const listed = (first.state.resources ?? []).slice(1);
    const second = await recover(operation, listed, [address("eipalloc-1")]);
    deepStrictEqual(ids(second), ["eipalloc-1"]);
    deepStrictEqual(second.state, first.state);
  });

  it("that a recovery has read already are left as they are, cut off after that", async () => {
    for (const [type, inputs, id] of [
      ["aws:iam/role:Role", { name: "app-1" }, "app-1"],
      [eip, { tags: written }, "eipalloc-1"],
    ] as const) {
      const known = { urn: urn(type, "x"), type, custom: true, id, outputs: { id } };
      const found = await recover(pending(type, inputs), [known], [address("eipalloc-1")]);
      deepStrictEqual(ids(found), [], type);
      deepStrictEqual(found.state.resources, [provider, known], type);
    }
  });

  it("under the name of what was deleted first are the same entry, where it was", async () => {
    const type = "aws:dms/replicationTask:ReplicationTask";
    const entry = (id: string, more: object) => ({
      ...{ urn: urn(type, "x"), type, custom: true, id, outputs: { id } },
      ...more,
    });
    const gone = entry("task-1", { pendingReplacement: true });
    const dependent = { urn: urn(eip, "y"), type: eip, custom: true, id: "eipalloc-9" };
    const operation = pending(type, { replicationTaskId: "task-1" });
    const found = await recover(operation, [gone, dependent]);
    deepStrictEqual(ids(found), ["task-1"]);
    deepStrictEqual(found.state.resources, [
      provider,
      { ...operation.resource, id: "task-1" },
      dependent,
    ]);
  });

  it("come again where that does no harm", async () => {
    const found = await recover(pending("aws:s3/bucketPolicy:BucketPolicy", {}), []);
    deepStrictEqual(ids(found), []);
    strictEqual(found.again.length, 1);
  });

  it("take the place of what they were to replace", async () => {
    const type = "aws:iam/role:Role";
    const old = {
      urn: urn(type, "x"),
      type,
      custom: true,
      id: "app-old",
      outputs: { name: "app-old" },
    };
    const { state } = await recover(pending(type, { name: "app-new" }), [old]);
    deepStrictEqual(
      state.resources?.slice(1).map(({ id, delete: gone }) => [id, gone === true]),
      [
        ["app-old", true],
        ["app-new", false],
      ],
    );
  });

  it("of a type without a row are refused", () =>
    rejects(recover(pending("aws:x/y:Y", {}), []), /has no row for aws:x\/y:Y/));

  it("of replicated backups are for somebody to look at", () =>
    rejects(
      recover(
        pending(
          "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
          {},
        ),
        [],
      ),
      /look for the automated backups/,
    ));

  it("updates are done again by the next run, and what was being deleted is read back", async () => {
    const known = { urn: urn(eip, "x"), type: eip, custom: true, id: "eipalloc-1" };
    for (const [operation, deleting] of [
      ["updating", []],
      ["deleting", [known.urn]],
    ] as const) {
      const found = await recover(pending(eip, { tags: written }, operation), [known]);
      ok(found.adopted.length === 0 && found.again.length === 0);
      deepStrictEqual(found.deleting, deleting);
      strictEqual(found.state.pending_operations, undefined);
    }
    const gone = await recover(pending(eip, { tags: written }, "deleting"), []);
    deepStrictEqual(gone.deleting, []);
  });
});
