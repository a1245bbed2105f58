import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { elements, json, query } from "../../local/emulator/api";
import { leftovers } from "./leftovers";
import { ownEmulator } from "./ownEmulator";

const home = "us-west-2";
const other = "us-east-1";
const account = "123456789012";

type Thing = Record<string, unknown>;
type Things = Record<string, Thing[]>;

/** What local/emulator_dms*.py, _ec2.py and _rds.py correct of a copy of data, and of two regions. */
describe("the emulator's corrections of replication", () => {
  const emulator = ownEmulator();
  const call = (service: string, region = home) => ({
    endpoint: emulator().endpoint,
    service,
    region,
  });
  const xml =
    (service: string, version: string) =>
    (action: string, parameters: Record<string, string>, region = home) =>
      query(call(service, region), version, action, parameters);
  const ec2 = xml("ec2", "2016-11-15");
  const iam = xml("iam", "2010-05-08");
  const rds = xml("rds", "2014-10-31");
  const dms = <Answer = Record<string, Thing>>(action: string, body: Thing = {}) =>
    json<Answer>(call("dms"), `AmazonDMSv20160101.${action}`, body);

  const role = (RoleName: string) =>
    iam("CreateRole", {
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    });

  describe("of a replication", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    const tags = [{ Key: "Owner", Value: "platform" }];
    let subnets: string[] = [];
    let instance = "";
    let certificate = "";
    let source = "";
    let target = "";
    let task = "";
    const settings = { Logging: { EnableLogging: true }, FullLoadSettings: { CommitRate: 10000 } };

    const described = async (things: string) => {
      const { [things]: found } = await dms<Things>(`Describe${things}`, {});
      strictEqual(found?.length, 1);
      return found[0]!;
    };
    const taskStatus = async () => (await described("ReplicationTasks")).Status;

    before(async () => {
      subnets = elements(await ec2("DescribeSubnets", {}), "subnetId").slice(0, 3);
    });

    const subnetGroup = () =>
      dms("CreateReplicationSubnetGroup", {
        ReplicationSubnetGroupIdentifier: "group",
        ReplicationSubnetGroupDescription: "isolated",
        SubnetIds: subnets,
      });

    it("needs the account's role before it works in a VPC, and then shows its subnets", async () => {
      await rejects(subnetGroup(), /AccessDeniedFault/);
      await role("dms-vpc-role");
      await subnetGroup();
      const { VpcId, Subnets } = await described("ReplicationSubnetGroups");
      match(String(VpcId), /^vpc-/);
      deepStrictEqual(
        (Subnets as Thing[]).map((subnet) => subnet.SubnetIdentifier),
        subnets,
      );
    });

    it("keeps what an instance is made of, changes it, and tells times as numbers", async () => {
      await dms("CreateReplicationInstance", {
        ReplicationInstanceIdentifier: "instance",
        ReplicationInstanceClass: "dms.c5.large",
        ReplicationSubnetGroupIdentifier: "group",
        AllocatedStorage: 100,
        MultiAZ: true,
        PubliclyAccessible: false,
        Tags: tags,
      });
      const made = await described("ReplicationInstances");
      instance = String(made.ReplicationInstanceArn);
      strictEqual(made.ReplicationInstanceStatus, "available");
      strictEqual(typeof made.InstanceCreateTime, "number");
      strictEqual((made.ReplicationSubnetGroup as Thing).ReplicationSubnetGroupIdentifier, "group");
      await dms("ModifyReplicationInstance", {
        ReplicationInstanceArn: instance,
        ReplicationInstanceClass: "dms.c5.xlarge",
        MultiAZ: false,
        ApplyImmediately: true,
      });
      const changed = await described("ReplicationInstances");
      deepStrictEqual(
        [changed.ReplicationInstanceClass, changed.MultiAZ, changed.AllocatedStorage],
        ["dms.c5.xlarge", false, 100],
      );
    });

    it("knows certificates, and endpoints that use one", async () => {
      await dms("ImportCertificate", { CertificateIdentifier: "roots", CertificatePem: pem });
      const made = await described("Certificates");
      certificate = String(made.CertificateArn);
      strictEqual(made.CertificatePem, pem);
      const endpoint = async (EndpointType: string) => {
        const { Endpoint } = await dms("CreateEndpoint", {
          EndpointIdentifier: EndpointType,
          EndpointType,
          EngineName: "sqlserver",
          SslMode: "verify-full",
          CertificateArn: certificate,
          MicrosoftSQLServerSettings: { SecretsManagerSecretId: "secret", DatabaseName: "App" },
        });
        strictEqual(Endpoint!.SslMode, "verify-full");
        return String(Endpoint!.EndpointArn);
      };
      source = await endpoint("source");
      target = await endpoint("target");
    });

    it("takes a task from creation to running, and says where it logs", async () => {
      const { ReplicationTask } = await dms("CreateReplicationTask", {
        ReplicationTaskIdentifier: "task",
        ReplicationInstanceArn: instance,
        SourceEndpointArn: source,
        TargetEndpointArn: target,
        MigrationType: "full-load-and-cdc",
        TableMappings: JSON.stringify({ rules: [] }),
        ReplicationTaskSettings: JSON.stringify(settings),
        Tags: tags,
      });
      task = String(ReplicationTask!.ReplicationTaskArn);
      strictEqual(ReplicationTask!.Status, "creating");
      const ready = await described("ReplicationTasks");
      strictEqual(ready.Status, "ready");
      const { Logging, FullLoadSettings } = JSON.parse(String(ready.ReplicationTaskSettings)) as {
        Logging: Thing;
        FullLoadSettings: Thing;
      };
      strictEqual(Logging.CloudWatchLogGroup, "dms-tasks-instance");
      deepStrictEqual(FullLoadSettings, settings.FullLoadSettings);
      const start = (StartReplicationTaskType: string) =>
        dms("StartReplicationTask", { ReplicationTaskArn: task, StartReplicationTaskType });
      await rejects(start("resume-processing"), /InvalidResourceStateFault/);
      await start("start-replication");
      strictEqual(await taskStatus(), "running");
      strictEqual(typeof (await described("ReplicationTasks")).ReplicationTaskStartDate, "number");
    });

    it("changes a task and its endpoints only while the task stands still", async () => {
      const changed = { ...settings, FullLoadSettings: { CommitRate: 5000 } };
      const change = () =>
        dms("ModifyReplicationTask", {
          ReplicationTaskArn: task,
          ReplicationTaskSettings: JSON.stringify(changed),
        });
      const changeEndpoint = () =>
        dms("ModifyEndpoint", { EndpointArn: source, ExtraConnectionAttributes: "a=b" });
      await rejects(change(), /InvalidResourceStateFault/);
      await rejects(changeEndpoint(), /InvalidResourceStateFault/);
      await dms("StopReplicationTask", { ReplicationTaskArn: task });
      strictEqual(await taskStatus(), "stopped");
      await change();
      await changeEndpoint();
      const { Status, ReplicationTaskSettings } = await described("ReplicationTasks");
      strictEqual(Status, "stopped");
      match(String(ReplicationTaskSettings), /5000/);
      const { Endpoints } = await dms<Things>("DescribeEndpoints", {
        Filters: [{ Name: "endpoint-id", Values: ["source"] }],
      });
      const { ExtraConnectionAttributes, MicrosoftSQLServerSettings } = Endpoints![0]!;
      strictEqual(ExtraConnectionAttributes, "a=b");
      deepStrictEqual(MicrosoftSQLServerSettings, {
        SecretsManagerSecretId: "secret",
        DatabaseName: "App",
      });
    });

    it("tests the way to an endpoint", async () => {
      await dms("TestConnection", { ReplicationInstanceArn: instance, EndpointArn: source });
      strictEqual((await described("Connections")).Status, "successful");
    });

    it("keeps the tags of a task", async () => {
      await dms("AddTagsToResource", {
        ResourceArn: task,
        Tags: [{ Key: "Data", Value: "confidential" }],
      });
      await dms("RemoveTagsFromResource", { ResourceArn: task, TagKeys: ["Owner"] });
      const { TagList } = await dms<Things>("ListTagsForResource", { ResourceArn: task });
      deepStrictEqual(
        TagList!.map(({ Key, Value }) => [Key, Value]),
        [["Data", "confidential"]],
      );
    });

    it("goes only in the order in which nothing is in use", async () => {
      const steps: [string, Thing][] = [
        ["DeleteReplicationTask", { ReplicationTaskArn: task }],
        ["DeleteEndpoint", { EndpointArn: source }],
        ["DeleteEndpoint", { EndpointArn: target }],
        ["DeleteCertificate", { CertificateArn: certificate }],
        ["DeleteReplicationInstance", { ReplicationInstanceArn: instance }],
        ["DeleteReplicationSubnetGroup", { ReplicationSubnetGroupIdentifier: "group" }],
      ];
      const left = async () =>
        (await leftovers(emulator().endpoint, [home]))
          .filter((line) => line.includes(" replication "))
          .map((line) => line.replace(`${home} replication `, ""));
      deepStrictEqual(await left(), [
        "certificate roots",
        "endpoint source",
        "endpoint target",
        "instance instance",
        "subnet group group",
        "task task",
      ]);
      for (const [action, body] of steps.slice(1)) {
        await rejects(dms(action, body), /InvalidResourceStateFault/, action);
      }
      for (const [action, body] of steps) await dms(action, body);
      deepStrictEqual(await left(), []);
    });
  });

  describe("of a second region", () => {
    it("takes the options of a peering connection only once it was accepted", async () => {
      const vpcOf = async (region: string) =>
        elements(await ec2("DescribeVpcs", {}, region), "vpcId")[0] ?? "";
      const made = await ec2("CreateVpcPeeringConnection", {
        VpcId: await vpcOf(home),
        PeerVpcId: await vpcOf(other),
        PeerRegion: other,
      });
      const id = { VpcPeeringConnectionId: elements(made, "vpcPeeringConnectionId")[0] ?? "" };
      const resolve = () =>
        ec2("ModifyVpcPeeringConnectionOptions", {
          ...id,
          "RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc": "true",
        });
      await rejects(resolve(), /OperationNotPermitted/);
      await ec2("AcceptVpcPeeringConnection", id, other);
      await resolve();
    });

    it("copies a database's automated backups there, once, and ends that", async () => {
      await rds("CreateDBInstance", {
        DBInstanceIdentifier: "copied",
        DBInstanceClass: "db.r6i.xlarge",
        Engine: "sqlserver-se",
        AllocatedStorage: "100",
        MasterUsername: "platform_admin",
        ManageMasterUserPassword: "true",
        StorageEncrypted: "true",
        BackupRetentionPeriod: "7",
      });
      const source = { SourceDBInstanceArn: `arn:aws:rds:${home}:${account}:db:copied` };
      const start = (more: Record<string, string>) =>
        rds("StartDBInstanceAutomatedBackupsReplication", { ...source, ...more }, other);
      await rejects(start({}), /InvalidParameterCombination/);
      const key = { KmsKeyId: `arn:aws:kms:${other}:${account}:key/other` };
      const made = await start({ ...key, BackupRetentionPeriod: "14" });
      const [arn] = elements(made, "DBInstanceAutomatedBackupsArn");
      await rejects(start(key), /InvalidDBInstanceState/);
      const list = () =>
        rds("DescribeDBInstanceAutomatedBackups", { DBInstanceAutomatedBackupsArn: arn! }, other);
      deepStrictEqual(elements(await list(), "BackupRetentionPeriod"), ["14"]);
      const ofSource = async () =>
        elements(await rds("DescribeDBInstances", {}), "DBInstanceAutomatedBackupsArn");
      deepStrictEqual(await ofSource(), [arn]);
      await rds("StopDBInstanceAutomatedBackupsReplication", source, other);
      deepStrictEqual(await ofSource(), []);
      await rejects(list(), /DBInstanceAutomatedBackupNotFound/);
    });
  });
});
