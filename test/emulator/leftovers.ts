import { elements, json, query, rest } from "../../local/emulator/api";

type Filters = Record<string, string[]>;

/** One kind of resource: how to list what a program made of it, beyond AWS's own defaults. */
interface Check {
  what: string;
  list(endpoint: string, region: string): Promise<string[]>;
}

const ec2 =
  (action: string, element: string, filters: Filters = {}) =>
  async (endpoint: string, region: string) => {
    const parameters: Record<string, string> = {};
    Object.entries(filters).forEach(([name, values], filter) => {
      parameters[`Filter.${filter + 1}.Name`] = name;
      values.forEach((value, index) => {
        parameters[`Filter.${filter + 1}.Value.${index + 1}`] = value;
      });
    });
    const call = { endpoint, service: "ec2", region };
    return elements(await query(call, "2016-11-15", action, parameters), element);
  };

const xml =
  (service: string, version: string, action: string, element: string, own?: RegExp) =>
  async (endpoint: string, region: string) => {
    const found = elements(await query({ endpoint, service, region }, version, action), element);
    return own ? found.filter((name) => own.test(name)) : found;
  };

/** Names of a JSON service's list, read from `list[].name`. */
const listed =
  (service: string, target: string, key: string, name: string) =>
  async (endpoint: string, region: string) => {
    const answer = await json<Record<string, Record<string, string>[]>>(
      { endpoint, service, region },
      target,
    );
    return (answer[key] ?? []).map((item) => String(item[name]));
  };

/** An inter-region connection is seen from both sides, also for a while after its end. */
async function peerings(endpoint: string, region: string): Promise<string[]> {
  const call = { endpoint, service: "ec2", region };
  const answer = await query(call, "2016-11-15", "DescribeVpcPeeringConnections");
  const states = elements(answer, "code");
  return elements(answer, "vpcPeeringConnectionId").filter((_, at) => states[at] !== "deleted");
}

const dms = (things: string, name: string) =>
  listed("dms", `AmazonDMSv20160101.Describe${things}`, things, name);

async function functions(endpoint: string, region: string): Promise<string[]> {
  const answer = await rest(
    { endpoint, service: "lambda", region },
    "GET",
    "/2015-03-31/functions/",
  );
  const { Functions } = JSON.parse(answer) as { Functions: { FunctionName: string }[] };
  return Functions.map(({ FunctionName }) => FunctionName);
}

async function keys(endpoint: string, region: string): Promise<string[]> {
  const call = { endpoint, service: "kms", region };
  const { Keys } = await json<{ Keys: { KeyId: string }[] }>(call, "TrentService.ListKeys");
  const states = await Promise.all(
    Keys.map(async ({ KeyId }) => {
      const { KeyMetadata } = await json<{
        KeyMetadata: { KeyState: string; KeyManager: string };
      }>(call, "TrentService.DescribeKey", { KeyId });
      return { KeyId, ...KeyMetadata };
    }),
  );
  return states
    .filter(
      ({ KeyManager, KeyState }) => KeyManager === "CUSTOMER" && KeyState !== "PendingDeletion",
    )
    .map(({ KeyId }) => KeyId);
}

const iam =
  (action: string, element: string, more: Record<string, string> = {}) =>
  async (endpoint: string) => {
    const call = { endpoint, service: "iam", region: "us-east-1" };
    return elements(await query(call, "2010-05-08", action, more), element);
  };

const global = (service: string, path: string, element: string) => async (endpoint: string) =>
  elements(await rest({ endpoint, service, region: "us-east-1" }, "GET", path), element);

const rds = (action: string, element: string, own?: RegExp) =>
  xml("rds", "2014-10-31", action, element, own);
const elb = (action: string, element: string) =>
  xml("elasticloadbalancing", "2015-12-01", action, element);

const perRegion: Check[] = [
  { what: "VPC", list: ec2("DescribeVpcs", "vpcId", { "is-default": ["false"] }) },
  { what: "subnet", list: ec2("DescribeSubnets", "subnetId", { "default-for-az": ["false"] }) },
  {
    what: "security group",
    list: async (endpoint, region) =>
      (await ec2("DescribeSecurityGroups", "groupName")(endpoint, region)).filter(
        (name) => name !== "default",
      ),
  },
  {
    what: "NAT gateway",
    list: ec2("DescribeNatGateways", "natGatewayId", { state: ["available", "pending"] }),
  },
  { what: "elastic address", list: ec2("DescribeAddresses", "allocationId") },
  { what: "internet gateway", list: ec2("DescribeInternetGateways", "internetGatewayId") },
  {
    what: "VPC endpoint",
    list: ec2("DescribeVpcEndpoints", "vpcEndpointId", {
      "vpc-endpoint-state": ["available", "pending"],
    }),
  },
  { what: "flow log", list: ec2("DescribeFlowLogs", "flowLogId") },
  { what: "network interface", list: ec2("DescribeNetworkInterfaces", "networkInterfaceId") },
  { what: "launch template", list: ec2("DescribeLaunchTemplates", "launchTemplateId") },
  {
    what: "instance",
    list: ec2("DescribeInstances", "instanceId", {
      "instance-state-name": ["pending", "running", "stopping", "stopped"],
    }),
  },
  { what: "volume", list: ec2("DescribeVolumes", "volumeId") },
  {
    what: "transit gateway",
    list: ec2("DescribeTransitGateways", "transitGatewayId", { state: ["available", "pending"] }),
  },
  {
    what: "transit gateway attachment",
    list: ec2("DescribeTransitGatewayVpcAttachments", "transitGatewayAttachmentId", {
      state: ["available", "pending"],
    }),
  },
  {
    what: "VPN gateway",
    list: ec2("DescribeVpnGateways", "vpnGatewayId", { state: ["available", "pending"] }),
  },
  { what: "load balancer", list: elb("DescribeLoadBalancers", "LoadBalancerName") },
  { what: "target group", list: elb("DescribeTargetGroups", "TargetGroupName") },
  {
    what: "auto-scaling group",
    list: xml("autoscaling", "2011-01-01", "DescribeAutoScalingGroups", "AutoScalingGroupName"),
  },
  { what: "database", list: rds("DescribeDBInstances", "DBInstanceIdentifier") },
  { what: "database subnet group", list: rds("DescribeDBSubnetGroups", "DBSubnetGroupName") },
  {
    what: "database parameter group",
    list: rds("DescribeDBParameterGroups", "DBParameterGroupName", /^(?!default)/),
  },
  {
    what: "database snapshot",
    // Daily ones, final ones and those before a copy over the data stay on purpose.
    list: rds("DescribeDBSnapshots", "DBSnapshotIdentifier", /^(?!rds:|.*(-final-|before-copy))/),
  },
  {
    what: "copy of automated backups",
    list: rds("DescribeDBInstanceAutomatedBackups", "DBInstanceAutomatedBackupsArn"),
  },
  { what: "VPC peering connection", list: peerings },
  {
    what: "replication instance",
    list: dms("ReplicationInstances", "ReplicationInstanceIdentifier"),
  },
  {
    what: "replication subnet group",
    list: dms("ReplicationSubnetGroups", "ReplicationSubnetGroupIdentifier"),
  },
  { what: "replication endpoint", list: dms("Endpoints", "EndpointIdentifier") },
  {
    what: "replication task",
    list: dms("ReplicationTasks", "ReplicationTaskIdentifier"),
  },
  {
    what: "replication certificate",
    list: dms("Certificates", "CertificateIdentifier"),
  },
  { what: "function", list: functions },
  { what: "event rule", list: listed("events", "AWSEvents.ListRules", "Rules", "Name") },
  { what: "queue", list: xml("sqs", "2012-11-05", "ListQueues", "QueueUrl") },
  { what: "stack", list: xml("cloudformation", "2010-05-15", "DescribeStacks", "StackName") },
  { what: "alarm", list: xml("monitoring", "2010-08-01", "DescribeAlarms", "AlarmName") },
  { what: "topic", list: xml("sns", "2010-03-31", "ListTopics", "TopicArn") },
  {
    what: "log group",
    list: listed("logs", "Logs_20140328.DescribeLogGroups", "logGroups", "logGroupName"),
  },
  {
    what: "secret",
    list: listed("secretsmanager", "secretsmanager.ListSecrets", "SecretList", "Name"),
  },
  {
    what: "certificate",
    list: listed(
      "acm",
      "CertificateManager.ListCertificates",
      "CertificateSummaryList",
      "DomainName",
    ),
  },
  { what: "key not due for deletion", list: keys },
];

const everywhere: Check[] = [
  { what: "hosted zone", list: global("route53", "/2013-04-01/hostedzone", "Name") },
  {
    what: "DNS health check",
    list: global("route53", "/2013-04-01/healthcheck", "CallerReference"),
  },
  { what: "bucket", list: global("s3", "/", "Name") },
  { what: "role", list: iam("ListRoles", "RoleName") },
  { what: "policy", list: iam("ListPolicies", "PolicyName", { Scope: "Local" }) },
  { what: "instance profile", list: iam("ListInstanceProfiles", "InstanceProfileName") },
];

/** Everything that a program could have left on the emulator, by its own API: "us-east-1 VPC vpc-1". */
export async function leftovers(endpoint: string, regions: string[]): Promise<string[]> {
  const run = async (checks: Check[], region: string, label: string) =>
    (
      await Promise.all(
        checks.map(async ({ what, list }) =>
          (await list(endpoint, region)).map((name) => `${label}${what} ${name}`),
        ),
      )
    ).flat();
  const found = await Promise.all([
    ...regions.map((region) => run(perRegion, region, `${region} `)),
    run(everywhere, "us-east-1", ""),
  ]);
  return found.flat().sort();
}

/** Snapshots of databases before they became copies. */
export function keptSnapshots(endpoint: string, region: string): Promise<string[]> {
  return rds("DescribeDBSnapshots", "DBSnapshotIdentifier", /-before-copy-/)(endpoint, region);
}

/** Final snapshots, which a destroyed database leaves on purpose beside its daily ones. */
export function finalSnapshots(endpoint: string, region: string): Promise<string[]> {
  return rds("DescribeDBSnapshots", "DBSnapshotIdentifier", /-final-/)(endpoint, region);
}
