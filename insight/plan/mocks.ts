import { awsxOutputs } from "./awsxExpansion";
import { arn, hex, text, texts, uuid, mockAccountId, type MockContext } from "./mockValues";
import { reveal, type Json, type JsonObject } from "./plan";

export interface MockAnswer {
  id: string;
  /** Added to the inputs, which every resource also gives back. */
  outputs: JsonObject;
}

/** The name AWS would see: the given one, else the provider's autonaming `name-1234567`. */
function physicalName(context: MockContext, property = "name"): string {
  const given = text(context.inputs[property]);
  if (given !== "") return given;
  const prefix = text(context.inputs[`${property}Prefix`], `${context.name}-`);
  return `${prefix}${hex(context.urn, 7)}`;
}

type Mock = (context: MockContext) => MockAnswer;

/** A resource whose id is `prefix-` and digits, as in EC2. */
function withId(
  prefix: string,
  service: string,
  kind: string,
  outputs?: (id: string) => JsonObject,
) {
  return (context: MockContext): MockAnswer => {
    const id = `${prefix}-0${hex(context.urn, 16)}`;
    return { id, outputs: { arn: arn(service, context, `${kind}/${id}`), ...outputs?.(id) } };
  };
}

/** A resource that is known by its name. */
function withName(
  service: string,
  resource: (name: string) => string,
  outputs?: (name: string, context: MockContext) => JsonObject,
): Mock {
  return (context) => {
    const name = physicalName(context);
    return {
      id: name,
      outputs: { name, arn: arn(service, context, resource(name)), ...outputs?.(name, context) },
    };
  };
}

/** A resource that is known by its ARN, which ends in digits of its own. */
function withArn(
  service: string,
  resource: (name: string, context: MockContext) => string,
  outputs?: (name: string, context: MockContext) => JsonObject,
): Mock {
  return (context) => {
    const name = physicalName(context);
    const id = arn(service, context, resource(name, context));
    return { id, outputs: { arn: id, name, ...outputs?.(name, context) } };
  };
}

const loadBalancerPath = (name: string, context: MockContext): string =>
  `app/${name}/${hex(context.urn, 16)}`;
const targetGroupPath = (name: string, context: MockContext): string =>
  `targetgroup/${name}/${hex(context.urn, 16)}`;

function bucket(context: MockContext): MockAnswer {
  const name = physicalName(context, "bucket");
  return {
    id: name,
    outputs: {
      bucket: name,
      arn: arn("s3", context, name),
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${context.region}.amazonaws.com`,
      region: context.region,
    },
  };
}

function key(context: MockContext): MockAnswer {
  const id = uuid(context.urn);
  return { id, outputs: { keyId: id, arn: arn("kms", context, `key/${id}`) } };
}

function database(context: MockContext): MockAnswer {
  const identifier = physicalName(context, "identifier");
  const address = `${identifier}.${hex(context.region, 12)}.${context.region}.rds.amazonaws.com`;
  const resourceId = `db-${hex(context.urn, 26).toUpperCase()}`;
  const secret = arn("secretsmanager", context, `secret:rds!${resourceId}-${hex(address, 6)}`);
  const managed = reveal(context.inputs.manageMasterUserPassword) === true;
  const port = reveal(context.inputs.port) ?? 1433;
  return {
    id: resourceId,
    outputs: {
      identifier,
      resourceId,
      address,
      port,
      endpoint: `${address}:${typeof port === "number" ? port : 1433}`,
      hostedZoneId: `Z${hex(context.region, 13).toUpperCase()}`,
      arn: arn("rds", context, `db:${identifier}`),
      masterUserSecrets: managed
        ? [
            {
              secretArn: secret,
              secretStatus: "active",
              kmsKeyId: text(context.inputs.masterUserSecretKmsKeyId),
            },
          ]
        : [],
    },
  };
}

/** DMS names a resource twice: by the id it was given, and by an ARN of letters of its own. */
function dms(property: string, kind: string): Mock {
  return (context) => {
    const id = text(context.inputs[property]);
    const made = arn("dms", context, `${kind}:${hex(context.urn, 26).toUpperCase()}`);
    const names: Record<string, string> = {
      rep: "replicationInstanceArn",
      cert: "certificateArn",
      endpoint: "endpointArn",
      task: "replicationTaskArn",
      subgrp: "replicationSubnetGroupArn",
    };
    return { id, outputs: { [names[kind] ?? "arn"]: made } };
  };
}

function rotationStack(context: MockContext): MockAnswer {
  const parameters = reveal(context.inputs.parameters) as JsonObject | undefined;
  const functionName = text(parameters?.functionName);
  return {
    id: arn("cloudformation", context, `stack/serverlessrepo-${functionName}/${uuid(context.urn)}`),
    outputs: {
      outputs: { RotationLambdaARN: arn("lambda", context, `function:${functionName}`) },
    },
  };
}

function certificate(context: MockContext): MockAnswer {
  const id = arn("acm", context, `certificate/${uuid(context.urn)}`);
  const domainName = text(context.inputs.domainName);
  const domains = [...new Set([domainName, ...texts(context.inputs.subjectAlternativeNames)])];
  return {
    id,
    outputs: {
      arn: id,
      subjectAlternativeNames: domains,
      domainValidationOptions: domains.map((domain) => ({
        domainName: domain,
        resourceRecordName: `_${hex(domain, 32)}.${domain}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${hex(`${domain}=`, 32)}.acm-validations.aws.`,
      })),
    },
  };
}

function zone(context: MockContext): MockAnswer {
  const id = `Z${hex(context.urn, 20).toUpperCase()}`;
  const servers = [1, 2, 3, 4].map((n) => `ns-${n * 300}.awsdns-${n}0.example`);
  const outputs = { zoneId: id, arn: arn("route53", context, `hostedzone/${id}`) };
  return { id, outputs: { ...outputs, nameServers: servers, primaryNameServer: servers[0] ?? "" } };
}

function record(context: MockContext): MockAnswer {
  const name = text(context.inputs.name);
  const parts = [text(context.inputs.zoneId), name, text(context.inputs.type)];
  return { id: parts.join("_"), outputs: { fqdn: name } };
}

function secret(context: MockContext): MockAnswer {
  const name = physicalName(context);
  const id = arn("secretsmanager", context, `secret:${name}-${hex(context.urn, 6)}`);
  return { id, outputs: { arn: id, name } };
}

function randomValue(context: MockContext): MockAnswer {
  const asked = reveal(context.inputs.byteLength ?? context.inputs.length);
  const length = typeof asked === "number" ? asked : 16;
  const digits = hex(context.urn, length * 2);
  const base64 = Buffer.from(digits, "hex").toString("base64");
  const isSecret = /RandomPassword|RandomBytes/.test(context.type);
  const hidden = (value: Json): Json => (isSecret ? { $secret: value } : value);
  return {
    id: isSecret ? "none" : digits,
    outputs: {
      hex: hidden(digits),
      base64: hidden(base64),
      result: hidden(digits.slice(0, length)),
      b64Std: base64,
      b64Url: Buffer.from(digits, "hex").toString("base64url"),
      dec: BigInt(`0x${digits}`).toString(),
    },
  };
}

const resources: Record<string, Mock> = {
  "aws:ec2/vpc:Vpc": withId("vpc", "ec2", "vpc"),
  "aws:ec2/subnet:Subnet": withId("subnet", "ec2", "subnet"),
  "aws:ec2/securityGroup:SecurityGroup": (context) => {
    const { id, outputs } = withId("sg", "ec2", "security-group")(context);
    return { id, outputs: { ...outputs, name: physicalName(context), ownerId: mockAccountId } };
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": withId("sg", "ec2", "security-group"),
  "aws:ec2/securityGroupRule:SecurityGroupRule": withId("sgrule", "ec2", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": withId(
    "sgr",
    "ec2",
    "security-group-rule",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": withId(
    "sgr",
    "ec2",
    "security-group-rule",
  ),
  "aws:ec2/routeTable:RouteTable": withId("rtb", "ec2", "route-table"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": withId("vpce", "ec2", "vpc-endpoint", (id) => ({
    prefixListId: `pl-${id.slice(-8)}`,
    networkInterfaceIds: [],
  })),
  "aws:ec2/flowLog:FlowLog": withId("fl", "ec2", "vpc-flow-log"),
  "aws:ec2/vpnGateway:VpnGateway": withId("vgw", "ec2", "vpn-gateway"),
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": withId(
    "tgw-attach",
    "ec2",
    "transit-gateway-attachment",
  ),
  "aws:ec2/launchTemplate:LaunchTemplate": (context) => {
    const { id, outputs } = withId("lt", "ec2", "launch-template")(context);
    const name = physicalName(context);
    return { id, outputs: { ...outputs, name, latestVersion: 1, defaultVersion: 1 } };
  },
  "aws:autoscaling/group:Group": withName(
    "autoscaling",
    (name) => `autoScalingGroup:*:autoScalingGroupName/${name}`,
  ),
  "aws:lb/loadBalancer:LoadBalancer": withArn(
    "elasticloadbalancing",
    (name, context) => `loadbalancer/${loadBalancerPath(name, context)}`,
    (name, context) => ({
      arnSuffix: loadBalancerPath(name, context),
      dnsName: `${name}-${hex(context.urn, 9)}.${context.region}.elb.amazonaws.com`,
      zoneId: "Z35SXDOTRQ7X7K",
    }),
  ),
  "aws:lb/targetGroup:TargetGroup": withArn(
    "elasticloadbalancing",
    targetGroupPath,
    (name, context) => ({
      arnSuffix: targetGroupPath(name, context),
    }),
  ),
  "aws:lb/listener:Listener": withArn(
    "elasticloadbalancing",
    (name, context) => `listener/${loadBalancerPath(name, context)}`,
  ),
  "aws:s3/bucket:Bucket": bucket,
  "aws:kms/key:Key": key,
  "aws:kms/alias:Alias": withName(
    "kms",
    (name) => name,
    (_name, context) => ({
      targetKeyArn: arn("kms", context, `key/${text(context.inputs.targetKeyId)}`),
    }),
  ),
  "aws:iam/role:Role": withName(
    "iam",
    (name) => `role/${name}`,
    (_name, context) => ({
      uniqueId: `AROA${hex(context.urn, 16).toUpperCase()}`,
    }),
  ),
  "aws:iam/policy:Policy": withArn("iam", (name) => `policy/${name}`),
  "aws:iam/instanceProfile:InstanceProfile": withName("iam", (name) => `instance-profile/${name}`),
  "aws:rds/instance:Instance": database,
  "aws:rds/subnetGroup:SubnetGroup": withName("rds", (name) => `subgrp:${name}`),
  "aws:rds/parameterGroup:ParameterGroup": withName("rds", (name) => `pg:${name}`),
  "aws:rds/optionGroup:OptionGroup": withName("rds", (name) => `og:${name}`),
  "aws:acm/certificate:Certificate": certificate,
  "aws:acm/certificateValidation:CertificateValidation": (context) => ({
    id: text(context.inputs.certificateArn),
    outputs: {},
  }),
  "aws:route53/zone:Zone": zone,
  "aws:route53/record:Record": record,
  "aws:route53/healthCheck:HealthCheck": (context) => {
    const id = uuid(context.urn);
    return { id, outputs: { arn: arn("route53", context, `healthcheck/${id}`) } };
  },
  "aws:cloudwatch/logGroup:LogGroup": withName("logs", (name) => `log-group:${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": withName("cloudwatch", (name) => `alarm:${name}`),
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": (context) => ({
    id: `${text(context.inputs.secretId)}|${uuid(context.urn)}`,
    outputs: { arn: text(context.inputs.secretId), versionId: uuid(context.urn) },
  }),
  "aws:sns/topic:Topic": withArn("sns", (name) => name),
  "aws:sns/topicPolicy:TopicPolicy": (context) => ({
    id: text(context.inputs.arn),
    outputs: { owner: mockAccountId },
  }),
  "aws:sqs/queue:Queue": withName("sqs", (name) => name),
  "aws:lambda/function:Function": withName("lambda", (name) => `function:${name}`),
  "aws:lambda/invocation:Invocation": (context) => ({
    id: `${text(context.inputs.functionName)}_${hex(context.urn, 7)}`,
    outputs: { result: "{}" },
  }),
  "aws:cloudwatch/eventRule:EventRule": withName("events", (name) => `rule/${name}`),
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": rotationStack,
  "aws:rds/snapshot:Snapshot": (context) => {
    const id = text(context.inputs.dbSnapshotIdentifier);
    return { id, outputs: { dbSnapshotArn: arn("rds", context, `snapshot:${id}`) } };
  },
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": dms(
    "replicationSubnetGroupId",
    "subgrp",
  ),
  "aws:dms/replicationInstance:ReplicationInstance": dms("replicationInstanceId", "rep"),
  "aws:dms/certificate:Certificate": dms("certificateId", "cert"),
  "aws:dms/endpoint:Endpoint": dms("endpointId", "endpoint"),
  "aws:dms/replicationTask:ReplicationTask": dms("replicationTaskId", "task"),
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": withId(
    "pcx",
    "ec2",
    "vpc-peering-connection",
  ),
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": (context) => ({
    id: text(context.inputs.vpcPeeringConnectionId),
    outputs: { acceptStatus: "active" },
  }),
  "aws:ssm/parameter:Parameter": withName("ssm", (name) => `parameter${name}`),
  "random:index/randomBytes:RandomBytes": randomValue,
  "random:index/randomId:RandomId": randomValue,
  "random:index/randomPassword:RandomPassword": randomValue,
  "random:index/randomString:RandomString": randomValue,
  "random:index/randomUuid:RandomUuid": (context) => ({
    id: uuid(context.urn),
    outputs: { result: uuid(context.urn) },
  }),
};

/** Believable outputs of one resource: right in shape, account 123456789012, never real. */
export function mockResource(context: MockContext): MockAnswer {
  if (context.type === "awsx:ec2:Vpc") {
    return {
      id: "",
      outputs: awsxOutputs(context.name, context.inputs, context.urn),
    };
  }
  if (context.type.startsWith("pulumi:providers:")) return { id: uuid(context.urn), outputs: {} };
  const known = resources[context.type];
  if (known) return known(context);
  const service = context.type.split(":")[1]?.split("/")[0] ?? "aws";
  const id = `${context.name}-${hex(context.urn, 7)}`;
  return { id, outputs: { arn: arn(service, context, id) } };
}
