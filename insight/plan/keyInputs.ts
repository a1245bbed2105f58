import { redact, reveal, type Json, type JsonObject, type PlannedResource } from "./plan";
import { at, type Referrer } from "./references";

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
  "aws:cloudwatch/eventRule:EventRule": ["scheduleExpression", "eventPattern", "description"],
  "aws:cloudwatch/eventTarget:EventTarget": ["rule", "arn"],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "retentionInDays", "kmsKeyId"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    "namespace",
    "metricName",
    "comparisonOperator",
    "threshold",
    "evaluationPeriods",
    "datapointsToAlarm",
  ],
  "aws:directconnect/gatewayAssociation:GatewayAssociation": ["dxGatewayId", "allowedPrefixes"],
  "aws:dms/certificate:Certificate": ["certificateId"],
  "aws:dms/endpoint:Endpoint": [
    "endpointType",
    "engineName",
    "databaseName",
    "sslMode",
    "extraConnectionAttributes",
    "certificateArn",
    "secretsManagerArn",
    "secretsManagerAccessRoleArn",
  ],
  "aws:dms/replicationInstance:ReplicationInstance": [
    "replicationInstanceClass",
    "engineVersion",
    "allocatedStorage",
    "multiAz",
    "publiclyAccessible",
    "replicationSubnetGroupId",
    "kmsKeyArn",
  ],
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": ["subnetIds"],
  "aws:dms/replicationTask:ReplicationTask": [
    "migrationType",
    "sourceEndpointArn",
    "targetEndpointArn",
    "replicationInstanceArn",
    "startReplicationTask",
  ],
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
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": [
    "vpcPeeringConnectionId",
    "requester.allowRemoteVpcDnsResolution",
    "accepter.allowRemoteVpcDnsResolution",
  ],
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
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": [
    "vpcId",
    "peerVpcId",
    "peerRegion",
    "autoAccept",
  ],
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": [
    "vpcPeeringConnectionId",
    "autoAccept",
  ],
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ["transitGatewayId", "subnetIds"],
  "aws:iam/role:Role": ["name", "managedPolicyArns"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn"],
  "aws:kms/alias:Alias": ["targetKeyId"],
  "aws:kms/key:Key": ["enableKeyRotation", "deletionWindowInDays", "description"],
  "aws:lambda/function:Function": [
    "runtime",
    "architectures",
    "memorySize",
    "timeout",
    "reservedConcurrentExecutions",
    "vpcConfig.subnetIds",
    "kmsKeyArn",
    "deadLetterConfig.targetArn",
  ],
  "aws:lambda/invocation:Invocation": ["functionName", "lifecycleScope"],
  "aws:lambda/permission:Permission": ["function", "principal", "action", "sourceArn"],
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
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [
    "sourceDbInstanceArn",
    "retentionPeriod",
    "kmsKeyId",
  ],
  "aws:rds/parameterGroup:ParameterGroup": ["family", "parameters"],
  "aws:rds/snapshot:Snapshot": ["dbInstanceIdentifier", "dbSnapshotIdentifier"],
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
  "aws:secretsmanager/secretPolicy:SecretPolicy": ["secretArn", "blockPublicPolicy"],
  "aws:secretsmanager/secretRotation:SecretRotation": [
    "secretId",
    "rotationRules.automaticallyAfterDays",
    "rotateImmediately",
    "rotationLambdaArn",
  ],
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": [
    "name",
    "applicationId",
    "semanticVersion",
    "parameters.functionName",
  ],
  "aws:sns/topicPolicy:TopicPolicy": ["arn", "policy"],
  "aws:sqs/queue:Queue": ["messageRetentionSeconds", "kmsMasterKeyId"],
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

/** The inputs that matter of one resource, as short text, in the table's order; unset ones left out. */
export function keyInputs(resource: PlannedResource, refer: Referrer): [string, string][] {
  const paths = table[resource.type] ?? scalars(resource);
  const plain = paths.flatMap((path): [string, string][] => {
    const value = at(resource.inputs, path.split("."));
    return value === undefined || value === null ? [] : [[label(path), show(value, refer)]];
  });
  const read = documents[resource.type]?.(resource.inputs) ?? [];
  return [...plain, ...read.map(([key, value]): [string, string] => [key, show(value, refer)])];
}

// What matters inside inputs that are JSON documents, and what it is called.
const documents: Record<string, (inputs: JsonObject) => [string, Json][]> = {
  "aws:iam/role:Role": ({ assumeRolePolicy }) => {
    const statements = at(parsed(assumeRolePolicy), ["Statement[]", "Principal", "Service"]);
    return statements === undefined ? [] : [["assumedBy", statements]];
  },
  "aws:dms/replicationTask:ReplicationTask": ({ tableMappings }) => {
    const rules = at(parsed(tableMappings), ["rules"]);
    const tables = (Array.isArray(rules) ? rules : []).flatMap((rule) => {
      const [schema, name] = ["schema-name", "table-name"].map((key) =>
        at(rule, ["object-locator", key]),
      );
      const selects = at(rule, ["rule-type"]) === "selection";
      const includes = at(rule, ["rule-action"]) !== "exclude";
      return selects && includes && typeof schema === "string" && typeof name === "string"
        ? [`${schema}.${name}`]
        : [];
    });
    return tables.length > 0 ? [["tables", tables]] : [];
  },
  "aws:secretsmanager/secret:Secret": ({ replicas }) => {
    const copies = (Array.isArray(replicas) ? replicas : []).map((copy) => [
      at(copy, ["region"]) ?? null,
      at(copy, ["kmsKeyId"]) ?? null,
    ]);
    return copies.flatMap(([region, key]): [string, Json][] => [
      ["replica", region ?? null],
      ["replicaKey", key ?? null],
    ]);
  },
  "aws:lambda/invocation:Invocation": ({ input }) => request(input),
  "aws:cloudwatch/eventTarget:EventTarget": ({ input }) => request(input),
};

/** What the database function is asked for. */
function request(input: Json | undefined): [string, Json][] {
  const document = parsed(input);
  const found: [string, Json | undefined][] = [
    ["task", at(document, ["task"])],
    ["logins", at(document, ["logins[]", "purpose"])],
    ["writable", at(document, ["role", "writable"])],
    ["follows", at(document, ["role", "follows", "region"])],
  ];
  return found.filter((entry): entry is [string, Json] => entry[1] !== undefined);
}

function parsed(value: Json | undefined): Json | undefined {
  const text = reveal(value);
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
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
