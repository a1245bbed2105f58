import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { strToU8, zipSync } from "fflate";
import { elements, json, query, rest } from "../../local/emulator/api";
import { ownEmulator } from "./ownEmulator";

const home = "us-west-2";
const other = "us-east-1";

type Thing = Record<string, unknown>;

/** What local/emulator/emulator_lambda.py, _secrets.py and _serverless.py correct. */
describe("the emulator's corrections of functions and secrets", () => {
  const emulator = ownEmulator();
  const call = (service: string, region = home) => ({
    endpoint: emulator().endpoint,
    service,
    region,
  });
  const xml =
    (service: string, version: string) => (action: string, parameters: Record<string, string>) =>
      query(call(service), version, action, parameters);
  const ec2 = xml("ec2", "2016-11-15");
  const iam = xml("iam", "2010-05-08");
  const stacks = xml("cloudformation", "2010-05-15");
  const secrets = (action: string, body: Thing = {}, region = home) =>
    json<Thing>(call("secretsmanager", region), `secretsmanager.${action}`, body);

  const role = async (name: string) => {
    const trust = { Version: "2012-10-17", Statement: [] };
    const answer = await iam("CreateRole", {
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify(trust),
    });
    return elements(answer, "Arn")[0] ?? "";
  };

  const createFunction = async (name: string, more: Thing = {}) => {
    const code = zipSync({ "index.js": strToU8("exports.handler = async () => ({});") });
    const body = {
      FunctionName: name,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: await role(`${name}-role`),
      Code: { ZipFile: Buffer.from(code).toString("base64") },
      ...more,
    };
    const path = "/2015-03-31/functions";
    return JSON.parse(await rest(call("lambda"), "POST", path, JSON.stringify(body))) as Thing;
  };

  describe("of functions", () => {
    it("keeps a function's key, log group and queue of dead letters, also when they change", async () => {
      const logging = { LogFormat: "JSON", LogGroup: "/platform/function" };
      const made = await createFunction("kept", {
        KMSKeyArn: "arn:aws:kms:us-west-2:123456789012:key/one",
        DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-west-2:123456789012:dead" },
        LoggingConfig: logging,
      });
      deepStrictEqual(made.LoggingConfig, logging);
      await rest(
        call("lambda"),
        "PUT",
        "/2015-03-31/functions/kept/configuration",
        JSON.stringify({ TracingConfig: { Mode: "Active" }, DeadLetterConfig: { TargetArn: "" } }),
      );
      const answer = await rest(call("lambda"), "GET", "/2015-03-31/functions/kept");
      const { Configuration } = JSON.parse(answer) as { Configuration: Thing };
      strictEqual(Configuration.KMSKeyArn, "arn:aws:kms:us-west-2:123456789012:key/one");
      strictEqual(Configuration.DeadLetterConfig, undefined);
      deepStrictEqual(Configuration.TracingConfig, { Mode: "Active" });
    });

    it("puts a function into the VPC of its subnets", async () => {
      const described = await ec2("DescribeSubnets", {});
      const made = await createFunction("inside", {
        VpcConfig: { SubnetIds: [elements(described, "subnetId")[0]], SecurityGroupIds: ["sg-1"] },
      });
      strictEqual((made.VpcConfig as Thing).VpcId, elements(described, "vpcId")[0]);
    });

    it("answers an invocation without Docker, but only of a function that exists", async () => {
      await createFunction("called");
      const invoke = (name: string) =>
        rest(call("lambda"), "POST", `/2015-03-31/functions/${name}/invocations`, "{}");
      deepStrictEqual(JSON.parse(await invoke("called")), {
        steps: [],
        captured: [],
        notCopied: [],
      });
      await rejects(invoke("missing"), /404/);
    });
  });

  describe("of keys and secrets", () => {
    it("keeps how often a key is rotated", async () => {
      const kms = <Answer>(action: string, body: Thing) =>
        json<Answer>(call("kms"), `TrentService.${action}`, body);
      const { KeyMetadata } = await kms<{ KeyMetadata: Thing }>("CreateKey", {});
      const key = { KeyId: KeyMetadata.KeyId };
      await kms("EnableKeyRotation", { ...key, RotationPeriodInDays: 180 });
      const { RotationPeriodInDays } = await kms<Thing>("GetKeyRotationStatus", key);
      strictEqual(RotationPeriodInDays, 180);
    });

    it("keeps the key of a secret's copy in the other region", async () => {
      const key = "arn:aws:kms:us-east-1:123456789012:key/other";
      await secrets("CreateSecret", {
        Name: "copied",
        SecretString: "value",
        AddReplicaRegions: [{ Region: other, KmsKeyId: key }],
      });
      const { ReplicationStatus } = await secrets("DescribeSecret", { SecretId: "copied" });
      strictEqual((ReplicationStatus as Thing[])[0]!.KmsKeyId, key);
      const copy = await secrets("DescribeSecret", { SecretId: "copied" }, other);
      strictEqual(copy.KmsKeyId, key);
    });

    it("rotates without losing the value, whether at once or later", async () => {
      const { FunctionArn } = await createFunction("rotation");
      for (const RotateImmediately of [false, true]) {
        const secret = { SecretId: `rotated-${RotateImmediately}` };
        await secrets("CreateSecret", { Name: secret.SecretId, SecretString: "value" });
        const before = await secrets("DescribeSecret", secret);
        await secrets("RotateSecret", {
          ...secret,
          RotateImmediately,
          RotationLambdaARN: FunctionArn,
          RotationRules: { AutomaticallyAfterDays: 30 },
        });
        const { SecretString } = await secrets("GetSecretValue", secret);
        strictEqual(SecretString, "value");
        const after = await secrets("DescribeSecret", secret);
        deepStrictEqual(after.VersionIdsToStages, before.VersionIdsToStages);
        deepStrictEqual([after.RotationEnabled, after.RotationLambdaARN], [true, FunctionArn]);
      }
    });
  });

  describe("of the Serverless Application Repository", () => {
    const application =
      "arn:aws:serverlessrepo:us-east-1:297356227824:applications/" +
      "SecretsManagerRDSSQLServerRotationSingleUser";
    const path = `/applications/${encodeURIComponent(application)}`;
    const values = (excluded: string) => [
      { name: "endpoint", value: "https://secretsmanager.us-west-2.amazonaws.com" },
      { name: "functionName", value: "sql-rotation" },
      { name: "excludeCharacters", value: excluded },
    ];
    const changeSet = async (body: Thing) => {
      const request = { stackName: "rotation", semanticVersion: "1.1.618", ...body };
      const text = JSON.stringify(request);
      const answer = await rest(call("serverlessrepo"), "POST", `${path}/changesets`, text);
      return JSON.parse(answer) as { changeSetId: string; stackId: string };
    };
    const capabilities = ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"];
    const stack = { StackName: "serverlessrepo-rotation" };

    it("describes the application, and refuses what AWS would refuse", async () => {
      const answer = await rest(call("serverlessrepo"), "GET", `${path}?semanticVersion=1.1.618`);
      const { version } = JSON.parse(answer) as { version: Thing };
      strictEqual(version.semanticVersion, "1.1.618");
      deepStrictEqual(version.requiredCapabilities, capabilities);
      const parameterOverrides = values("/@");
      await rejects(changeSet({ capabilities: [], parameterOverrides }), /CAPABILITY_IAM/);
      await rejects(changeSet({ capabilities, parameterOverrides: [] }), /functionName/);
      const unknown = [...parameterOverrides, { name: "nonsense", value: "1" }];
      await rejects(changeSet({ capabilities, parameterOverrides: unknown }), /nonsense/);
      await rejects(
        rest(call("serverlessrepo"), "GET", "/applications/arn%3Aaws%3Aserverlessrepo%3Aother"),
        /404/,
      );
    });

    it("makes, changes and deletes a stack with a function and its role", async () => {
      for (const excluded of ["/@", "/@;"]) {
        const { changeSetId } = await changeSet({
          capabilities,
          parameterOverrides: values(excluded),
          tags: [{ key: "Excluded", value: excluded }],
        });
        await stacks("ExecuteChangeSet", { ChangeSetName: changeSetId });
        const described = await stacks("DescribeStacks", stack);
        ok(elements(described, "OutputValue")[0]?.endsWith(":function:sql-rotation"));
        ok(elements(described, "ParameterValue").includes(excluded));
        ok(elements(described, "Value").includes(excluded), "the tag");
        ok(elements(described, "Value").includes(application), "the repository's own tag");
        ok(described.includes("<member>CAPABILITY_IAM</member>"));
      }
      await rest(call("lambda"), "GET", "/2015-03-31/functions/sql-rotation");
      await stacks("DeleteStack", stack);
      await rejects(rest(call("lambda"), "GET", "/2015-03-31/functions/sql-rotation"), /404/);
    });
  });
});
