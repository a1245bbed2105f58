import assert from "node:assert/strict";
import { mock } from "node:test";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { isSecret, reveal, type JsonObject } from "../../catalogue/json";
import { readStack } from "../../config/stackFiles";
import { parseConfig } from "../../stacks/config/platformConfig";
import { contractSchema, contractVersion, type RegionContract } from "../../stacks/contract";
import { peerState } from "../../stacks/peer";
import { statement } from "../components/support";
import { allOf, only } from "../support/record";
import { inPeerRegion, input, text } from "./invariants/case";

// What one region's stack really offers, read by the other's stack: every value of a contract must
// be the name of something that is there.

type Raw = Record<string, string>;

/** The outputs of both stacks, as far as they are known. */
type Offers = Partial<Record<string, JsonObject>>;

const [east, west] = ["prod-east", "prod-west"] as const;
const ownership = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } };
const cases = [
  ["oneWay, the home region writes", { writer: "us-east-1" }],
  ["oneWay, the other region writes", { writer: "us-west-2" }],
  ["twoWay", { mode: "twoWay", ownership }],
  ["none", { mode: "none" }],
] as const;

function up(stack: string, replication: object, offers: Offers): Promise<StackPlan> {
  const raw: Raw = {
    ...readStack(stack).raw,
    "pe-platform:replication": JSON.stringify(replication),
  };
  const stackOutputs = (name: string) => offers[name.split("/").at(-1) ?? ""];
  return planStack({ stack, raw, stackOutputs });
}

interface Installation {
  /** Before and after the other one came up. */
  first: StackPlan;
  east: StackPlan;
  west: StackPlan;
}

/** As an installation comes up: home, the other region, then home again. */
async function bringUp(replication: object): Promise<Installation> {
  const first = await up(east, replication, {});
  const other = await up(west, replication, { [east]: first.outputs });
  const home = await up(east, replication, { [east]: first.outputs, [west]: other.outputs });
  return { first, east: home, west: other };
}

const contractOf = (plan: StackPlan): RegionContract => {
  const { contract } = plan.outputs;
  return contractSchema.parse(contract);
};

/** Resources of the plan by the id or ARN they are known by. */
function known(plan: StackPlan, value: string): PlannedResource[] {
  return plan.resources.filter(
    ({ id, outputs }) => id === value || outputs.arn === value || outputs.identifier === value,
  );
}

/** The one of that type that a contract's value names. */
function named(plan: StackPlan, type: string, value: string): PlannedResource {
  const found = known(plan, value).filter((item) => item.type.endsWith(`:${type}`));
  assert.equal(found.length, 1, `${value} names ${found.length} of ${type}`);
  return found[0]!;
}

for (const [what, replication] of cases) {
  const copies = what !== "none";

  describe(`an installation with replication ${what}`, () => {
    let all: Installation;

    before(async () => {
      // A home stack that follows says that its peer is not there yet.
      const warn = mock.method(console, "warn", () => undefined);
      all = await bringUp(replication).finally(() => warn.mock.restore());
    });

    it("has contracts that say exactly what is read, and no secret", () => {
      for (const plan of [all.first, all.east, all.west]) {
        const { contract } = plan.outputs;
        assert.deepEqual(contractSchema.parse(contract), contract);
        assert.equal(contractOf(plan).version, contractVersion);
        assert.ok(!JSON.stringify(contract).includes("$secret"));
        assert.ok(!isSecret(contract));
      }
    });

    it("is read by each other as up", () => {
      for (const [reader, offers] of [
        [east, all.west],
        [west, all.east],
      ] as const) {
        const { raw } = readStack(reader);
        const config = parseConfig(
          { ...raw, "pe-platform:replication": JSON.stringify(replication) },
          reader,
        );
        assert.deepEqual(peerState(offers.outputs, offers.stack, config), {
          state: "up",
          contract: offers.outputs.contract,
        });
      }
    });

    it("agrees about itself", () => {
      const [home, other] = [contractOf(all.east), contractOf(all.west)];
      assert.deepEqual([home.region, other.region], ["us-east-1", "us-west-2"]);
      assert.deepEqual([home.home, other.home], [true, false]);
      for (const key of ["installation", "hostedZoneId", "writer"] as const) {
        assert.equal(home[key], other[key], key);
      }
      assert.notEqual(home.suffix, other.suffix);
    });

    it("says who follows whom only where changes flow", async () => {
      const [home, other] = [contractOf(all.east), contractOf(all.west)];
      for (const [plan, contract] of [
        [all.east, home],
        [all.west, other],
      ] as const) {
        const flows = allOf(plan, "ReplicationTask").length > 0;
        const peer = contract === home ? "us-west-2" : "us-east-1";
        assert.equal(contract.follows, flows ? peer : undefined);
      }
      // What is to come when the peer is up is said from the start.
      assert.equal(contractOf(all.first).follows, home.follows);
    });

    it("does not change the home stack's contract by coming up", () => {
      // Backups of the other region are kept once it is there; who reads the contract does not mind.
      const { backupsOf, ...home } = contractOf(all.east);
      assert.equal(backupsOf, home.follows);
      assert.deepEqual(home, contractOf(all.first));
    });

    it("comes to rest: run again, each stack stays as it is", async () => {
      const offers = { [east]: all.east.outputs, [west]: all.west.outputs };
      for (const [stack, plan] of [
        [east, all.east],
        [west, all.west],
      ] as const) {
        const again = await up(stack, replication, offers);
        assert.deepEqual(again.outputs, plan.outputs);
        assert.deepEqual(again.resources, plan.resources);
      }
    });

    for (const side of ["east", "west"] as const) {
      it(`names what is there in ${side}`, () => {
        const plan = all[side];
        const contract = contractOf(plan);
        const { database } = contract;
        const instance = only(plan, "rds/instance:Instance");
        assert.deepEqual(database, {
          host: instance.outputs.address,
          port: instance.outputs.port,
          identifier: instance.outputs.identifier,
          arn: instance.outputs.arn,
          resourceId: instance.outputs.resourceId,
          masterSecretArn: (instance.outputs.masterUserSecrets as JsonObject[])[0]!.secretArn,
        });
        assert.equal(
          named(plan, "SecurityGroup", contract.databaseGroupId).name,
          "groups-database",
        );
        assert.equal(named(plan, "Key", contract.databaseKeyArn).name, "keys-database");
        assert.equal(
          named(plan, "lambda/function:Function", contract.function.name).name,
          "database-function",
        );
        assert.equal(
          contract.function.codeHash,
          only(plan, "lambda/function:Function", "database-function").inputs.sourceCodeHash,
        );
        const { outputs } = only(plan, "CloudFormationStack").outputs;
        assert.equal(contract.rotationFunctionArn, (outputs as JsonObject).RotationLambdaARN);
        assert.equal(contract.suffix, only(plan, "RandomId", "suffix").outputs.hex);
      });

      it(`names the isolated subnets of ${side} and their route tables, all three`, () => {
        const plan = all[side];
        const { isolated } = contractOf(plan);
        assert.deepEqual(
          isolated.map(({ letter }) => letter),
          ["a", "b", "c"],
        );
        for (const { letter, cidr, routeTableId } of isolated) {
          const subnet = allOf(plan, "ec2/subnet:Subnet").find(
            (it) => text(it, "cidrBlock") === cidr,
          );
          assert.ok(subnet, `no subnet has the addresses ${cidr} of ${letter}`);
          assert.match(subnet.name, /isolated/);
          assert.match(text(subnet, "availabilityZone"), new RegExp(`${letter}$`));
          const table = named(plan, "RouteTable", routeTableId);
          const joined = allOf(plan, "RouteTableAssociation").filter(
            (item) => text(item, "routeTableId") === routeTableId,
          );
          assert.deepEqual(
            joined.map((item) => text(item, "subnetId")),
            [subnet.id],
            table.name,
          );
        }
      });
    }

    it("tells people what each database is", () => {
      const roles = [all.east, all.west].map(({ outputs }) => outputs.databaseRole);
      const expected = {
        "oneWay, the home region writes": ["writer", "replica"],
        "oneWay, the other region writes": ["replica", "writer"],
        twoWay: ["writer and replica", "writer and replica"],
        none: ["writer", "writer"],
      };
      assert.deepEqual(roles, expected[what]);
    });

    if (!copies) {
      it("has nothing between the regions", () => {
        assert.equal(contractOf(all.west).sourceSecretReplicaArn, undefined);
        assert.equal(all.west.resources.filter(inPeerRegion).length, 0);
      });
      return;
    }

    it("gives home a copy of the login that reads the other region, where home is", () => {
      assert.equal(contractOf(all.east).sourceSecretReplicaArn, undefined);
      const arn = contractOf(all.west).sourceSecretReplicaArn ?? "";
      const secret = only(all.west, "Secret", "replication-source-login");
      assert.equal(arn, String(secret.outputs.arn).replace("us-west-2", "us-east-1"));
      assert.deepEqual(secret.inputs.replicas, [
        { region: "us-east-1", kmsKeyId: contractOf(all.east).databaseKeyArn },
      ]);
    });

    it("joins the two networks that are there", () => {
      const peering = only(all.west, "VpcPeeringConnection");
      assert.equal(peering.inputs.peerVpcId, contractOf(all.east).vpcId);
      for (const route of allOf(all.west, "ec2/route:Route").filter(({ name }) =>
        name.startsWith("peering-"),
      )) {
        const plan = inPeerRegion(route) ? all.east : all.west;
        const table = named(plan, "RouteTable", text(route, "routeTableId"));
        assert.match(table.name, /isolated/);
      }
    });

    it("has home's own function make the login there, which it may read", () => {
      const call = only(all.west, "Invocation", "peer-bootstrap");
      assert.ok(inPeerRegion(call));
      named(all.east, "lambda/function:Function", text(call, "functionName"));
      const secret = only(all.west, "Secret", "peer-replication-source-login");
      assert.ok(inPeerRegion(secret));
      const told = JSON.parse(String(reveal(call.inputs.input))) as object;
      assert.deepEqual(told, {
        task: "prepare",
        logins: [{ secretArn: secret.outputs.arn, purpose: "replicationSource" }],
      });
      assert.equal(input(call, "triggers.code"), contractOf(all.east).function.codeHash);
      const { Resource } = statement(
        only(all.east, "RolePolicy", "database-function"),
        "ReadLogins",
      );
      assert.ok(covers(Resource, String(secret.outputs.arn)));
      const rotation = only(all.west, "SecretRotation", "peer-bootstrap-source");
      assert.ok(inPeerRegion(rotation));
      assert.equal(rotation.inputs.rotationLambdaArn, contractOf(all.east).rotationFunctionArn);
    });

    it("has every function read each secret that it is told of", () => {
      for (const plan of [all.east, all.west]) {
        const { Resource } = statement(only(plan, "RolePolicy", "database-function"), "ReadLogins");
        const requests = [
          ...allOf(plan, "Invocation").filter((item) => !inPeerRegion(item)),
          ...allOf(plan, "EventTarget").filter(({ name }) => name === "database-upkeep"),
        ].map((item) => String(reveal(item.inputs.input)));
        assert.ok(requests.length >= 2);
        const arns = requests.flatMap((body) => body.match(/arn:aws:secretsmanager:[^"]+/g) ?? []);
        for (const arn of new Set(arns)) {
          assert.ok(
            covers(Resource, arn),
            `${plan.stack}: ${arn} is not among ${String(Resource)}`,
          );
        }
      }
    });

    it("has DMS read copies in its own region, by secrets that are there", () => {
      const secretsIn = (region: string): string[] =>
        [all.east, all.west].flatMap((plan) =>
          allOf(plan, "Secret").flatMap((item) => {
            const arn = String(item.outputs.arn);
            const replicas = (item.inputs.replicas ?? []) as { region: string }[];
            const copies = replicas.map((copy) => arn.replace(/us-(east-1|west-2)/, copy.region));
            return [arn, ...copies].filter((one) => one.split(":")[3] === region);
          }),
        );
      for (const plan of [all.east, all.west]) {
        for (const endpoint of allOf(plan, "Endpoint")) {
          const arn = text(endpoint, "secretsManagerArn");
          assert.ok(
            secretsIn(plan.region).includes(arn),
            `${endpoint.name} of ${plan.stack}: ${arn}`,
          );
        }
      }
    });

    it("keeps backups of the other region's database where a copy is", () => {
      for (const [plan, other] of [
        [all.east, all.west],
        [all.west, all.east],
      ] as const) {
        for (const kept of allOf(plan, "InstanceAutomatedBackupsReplication")) {
          const source = named(other, "Instance", text(kept, "sourceDbInstanceArn"));
          assert.equal(source.name, "database");
          assert.equal(named(plan, "Key", text(kept, "kmsKeyId")).name, "keys-database");
        }
      }
    });

    it("lets the other region's isolated subnets in, and functions and DMS out to them", () => {
      for (const [plan, other] of [
        [all.east, all.west],
        [all.west, all.east],
      ] as const) {
        const theirs = contractOf(other).isolated.map(({ cidr }) => cidr);
        const flows = allOf(plan, "ReplicationTask").length > 0;
        for (const from of ["replication", "database-functions"]) {
          const out = allOf(plan, "SecurityGroupEgressRule").filter(({ name }) =>
            name.startsWith(`${from}-to-peer-`),
          );
          assert.deepEqual(
            out.map((rule) => text(rule, "cidrIpv4")),
            flows ? theirs : [],
            `${plan.stack} ${from}`,
          );
        }
      }
      const rules = allOf(all.west, "SecurityGroupIngressRule").filter(({ name }) =>
        name.startsWith("peering-"),
      );
      for (const rule of rules) {
        const [at, from] = inPeerRegion(rule) ? [all.east, all.west] : [all.west, all.east];
        assert.equal(text(rule, "securityGroupId"), contractOf(at).databaseGroupId);
        assert.ok(contractOf(from).isolated.some(({ cidr }) => cidr === text(rule, "cidrIpv4")));
      }
    });
  });
}

/** Whether a policy's resources, in which a trailing `*` may stand, cover an ARN. */
function covers(resources: string | string[], arn: string): boolean {
  return [resources]
    .flat()
    .some((one) => (one.endsWith("*") ? arn.startsWith(one.slice(0, -1)) : one === arn));
}
