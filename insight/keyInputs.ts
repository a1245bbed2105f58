import { redact, reveal, type Json, type PlannedResource, type StackPlan } from "./plan";

// The inputs a reader of a plan looks for, by resource type: dotted paths, lists by `[]`.
const table: Record<string, string[]> = {
  "aws:acm/certificate:Certificate": ["domainName", "subjectAlternativeNames", "validationMethod"],
  "aws:autoscaling/group:Group": [
    "minSize",
    "maxSize",
    "desiredCapacity",
    "healthCheckType",
    "healthCheckGracePeriod",
    "vpcZoneIdentifiers",
    "launchTemplate.version",
  ],
  "aws:autoscaling/lifecycleHook:LifecycleHook": [
    "lifecycleTransition",
    "heartbeatTimeout",
    "defaultResult",
  ],
  "aws:autoscaling/policy:Policy": [
    "policyType",
    "targetTrackingConfiguration.predefinedMetricSpecification.predefinedMetricType",
    "targetTrackingConfiguration.targetValue",
  ],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "retentionInDays", "kmsKeyId"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    "namespace",
    "metricName",
    "comparisonOperator",
    "threshold",
    "evaluationPeriods",
  ],
  "aws:directconnect/gatewayAssociation:GatewayAssociation": ["dxGatewayId", "allowedPrefixes"],
  "aws:ec2/eip:Eip": [],
  "aws:ec2/flowLog:FlowLog": ["trafficType", "logDestination"],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    "imageId",
    "instanceType",
    "metadataOptions.httpTokens",
    "blockDeviceMappings[].ebs.volumeSize",
    "blockDeviceMappings[].ebs.encrypted",
  ],
  "aws:ec2/internetGateway:InternetGateway": [],
  "aws:ec2/natGateway:NatGateway": [],
  "aws:ec2/route:Route": [
    "destinationCidrBlock",
    "gatewayId",
    "natGatewayId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
  ],
  "aws:ec2/routeTable:RouteTable": [],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "ingress", "egress"],
  "aws:ec2/securityGroupRule:SecurityGroupRule": [
    "type",
    "protocol",
    "fromPort",
    "toPort",
    "cidrBlocks",
    "prefixListIds",
    "sourceSecurityGroupId",
  ],
  "aws:ec2/subnet:Subnet": ["availabilityZone", "cidrBlock", "mapPublicIpOnLaunch"],
  "aws:ec2/vpc:Vpc": ["cidrBlock", "enableDnsHostnames", "enableDnsSupport"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    "serviceName",
    "vpcEndpointType",
    "privateDnsEnabled",
    "subnetIds",
  ],
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ["transitGatewayId", "subnetIds"],
  "aws:iam/role:Role": ["managedPolicyArns"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn"],
  "aws:kms/alias:Alias": ["targetKeyId"],
  "aws:kms/key:Key": ["enableKeyRotation", "deletionWindowInDays", "description"],
  "aws:lb/listener:Listener": ["port", "protocol", "sslPolicy", "defaultActions[].type"],
  "aws:lb/loadBalancer:LoadBalancer": [
    "internal",
    "loadBalancerType",
    "enableDeletionProtection",
    "subnets",
  ],
  "aws:lb/targetGroup:TargetGroup": ["port", "protocol", "healthCheck.path", "stickiness.enabled"],
  "aws:rds/instance:Instance": [
    "engine",
    "engineVersion",
    "instanceClass",
    "allocatedStorage",
    "maxAllocatedStorage",
    "multiAz",
    "storageEncrypted",
    "backupRetentionPeriod",
    "deletionProtection",
    "skipFinalSnapshot",
  ],
  "aws:rds/parameterGroup:ParameterGroup": ["family", "parameters"],
  "aws:rds/subnetGroup:SubnetGroup": ["subnetIds"],
  "aws:route53/healthCheck:HealthCheck": [
    "type",
    "fqdn",
    "resourcePath",
    "cloudwatchAlarmName",
    "failureThreshold",
  ],
  "aws:route53/record:Record": ["name", "type", "setIdentifier"],
  "aws:route53/zone:Zone": ["name", "vpcs"],
  "aws:s3/bucket:Bucket": ["bucket", "forceDestroy"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["bucket", "key"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["rule.objectOwnership"],
  "aws:s3/bucketPolicy:BucketPolicy": ["policy"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
  ],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
    "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId",
  ],
  "aws:s3/bucketVersioning:BucketVersioning": ["versioningConfiguration.status"],
  "aws:secretsmanager/secret:Secret": ["name", "kmsKeyId", "recoveryWindowInDays"],
  "aws:ssm/parameter:Parameter": ["name", "type"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "prefixListId",
    "referencedSecurityGroupId",
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "prefixListId",
    "referencedSecurityGroupId",
  ],
  "awsx:ec2:Vpc": ["cidrBlock", "availabilityZoneNames", "natGateways.strategy"],
  "pulumi:providers:aws": ["region"],
  "random:index/randomBytes:RandomBytes": ["length"],
  "random:index/randomId:RandomId": ["byteLength"],
  "random:index/randomPassword:RandomPassword": ["length"],
};

const longest = 72;

/** Says which resource an id or ARN belongs to, so that a plan reads without made-up ids. */
export type Referrer = (value: string) => string;

const references = ["arn", "endpoint", "dnsName", "prefixListId"];

/** Replaces ids and ARNs of the plan's own resources by `→ name`. */
export function referrer(plan: StackPlan): Referrer {
  const names = new Map<string, string>();
  for (const { id, name, inputs, outputs } of plan.resources) {
    // What was put in is a setting, e.g. where a topic delivers to; only what came out refers.
    const made = references.map((key) => (key in inputs ? undefined : outputs[key]));
    for (const value of [id, ...made]) {
      if (typeof value === "string" && value.length > 6 && value !== name) names.set(value, name);
    }
  }
  return (value) => {
    const name = names.get(value);
    return name === undefined ? value : `→ ${name}`;
  };
}

/** The inputs that matter of one resource, as short text, in the table's order; unset ones left out. */
export function keyInputs(resource: PlannedResource, refer: Referrer): [string, string][] {
  const paths = table[resource.type] ?? scalars(resource);
  return paths.flatMap((path): [string, string][] => {
    const value = at(resource.inputs, path.split("."));
    return value === undefined || value === null ? [] : [[label(path), show(value, refer)]];
  });
}

/** Types without an entry show their plain settings, at most four. */
function scalars(resource: PlannedResource): string[] {
  return Object.keys(resource.inputs)
    .filter((key) => ["boolean", "number", "string"].includes(typeof resource.inputs[key]))
    .sort()
    .slice(0, 4);
}

function label(path: string): string {
  return path.replaceAll("[]", "").split(".").slice(-1).join("");
}

function at(value: Json | undefined, path: string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  const key = step.replace("[]", "");
  const shown = reveal(value);
  if (typeof shown !== "object" || shown === null || Array.isArray(shown)) return undefined;
  const next = shown[key];
  if (!step.endsWith("[]")) return at(next, rest);
  if (!Array.isArray(next)) return undefined;
  const found = next.map((item) => at(item, rest)).filter((item) => item !== undefined);
  return found.length > 1 ? found : found[0];
}

function show(value: Json, refer: Referrer): string {
  const text = plainText(redact(value), refer).replace(/\s+/g, " ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function plainText(value: Json, refer: Referrer): string {
  if (typeof value === "string") return refer(value);
  if (Array.isArray(value)) return value.map((item) => plainText(item, refer)).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).filter(([, item]) => item !== null);
  return `{${fields.map(([key, item]) => `${key}: ${plainText(item, refer)}`).join(", ")}}`;
}
