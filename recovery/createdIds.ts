import { UserError } from "../config/mistake";

type Inputs = Record<string, unknown>;

/**
 * What becomes of a create that was cut off, so that nobody knows whether it happened:
 * - `again`: creating it once more does no harm, by the reason given.
 * - `id`: its import id follows from its inputs; a refresh then reads it, or drops it.
 * - `arn`: AWS chose the id; it is found by its tags, and the id is read from its ARN.
 * - `look`: nothing tells whether it exists, and a second one would cost: somebody looks.
 */
export type Recovery =
  | { again: string }
  | { id(inputs: Inputs): string }
  | { arn: RegExp; idOf?(arn: string): string; global?: true }
  | { look: string };

// Only what has no name of its own: the next `up` draws another one, and the first would stay.
const put = { again: "its create is a Put: the same settings are written again" };
const noAws = { again: "it exists in the state only" };
/** The id is one of the inputs; the engine has chosen the names that the program leaves open. */
const input = (...names: string[]): Recovery => ({
  id: (inputs) => names.map((name) => text(inputs, name)).join("/"),
});

function text(inputs: Inputs, name: string): string {
  const value = inputs[name];
  if (typeof value === "string" && value !== "") return value;
  throw UserError.failed(`A create that was cut off has no readable ${name}.`);
}

/** EC2's ids are the end of the ARN. */
const ec2 = (kind: string): Recovery => ({
  arn: new RegExp(`:ec2:[^:]+:\\d+:${kind}/`),
  idOf: (arn) => arn.replace(/^.*\//, ""),
});

const balancing = (kind: string): Recovery => ({
  arn: new RegExp(`:elasticloadbalancing:[^:]+:\\d+:${kind}/`),
});

/** A row per resource type that the stacks' plans contain; import ids as in the registry's pages. */
export const recoveries: Record<string, Recovery> = {
  "aws:acm/certificate:Certificate": { arn: /:acm:.*:certificate\// },
  "aws:acm/certificateValidation:CertificateValidation": { again: "it only waits" },
  "aws:autoscaling/group:Group": input("name"),
  "aws:autoscaling/policy:Policy": input("autoscalingGroupName", "name"),
  "aws:cloudwatch/eventRule:EventRule": input("name"),
  "aws:cloudwatch/eventTarget:EventTarget": put,
  "aws:cloudwatch/logGroup:LogGroup": input("name"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": input("name"),
  "aws:directconnect/gatewayAssociation:GatewayAssociation": input(
    "dxGatewayId",
    "associatedGatewayId",
  ),
  "aws:dms/certificate:Certificate": input("certificateId"),
  "aws:dms/endpoint:Endpoint": input("endpointId"),
  "aws:dms/replicationInstance:ReplicationInstance": input("replicationInstanceId"),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": input("replicationSubnetGroupId"),
  "aws:dms/replicationTask:ReplicationTask": input("replicationTaskId"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { again: "it adopts the VPC's own group" },
  "aws:ec2/eip:Eip": ec2("elastic-ip"),
  "aws:ec2/flowLog:FlowLog": ec2("vpc-flow-log"),
  "aws:ec2/internetGateway:InternetGateway": ec2("internet-gateway"),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("launch-template"),
  "aws:ec2/natGateway:NatGateway": ec2("natgateway"),
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": put,
  "aws:ec2/route:Route": {
    id: (inputs) => {
      const kind = inputs.destinationPrefixListId === undefined ? "CidrBlock" : "PrefixListId";
      return `${text(inputs, "routeTableId")}_${text(inputs, `destination${kind}`)}`;
    },
  },
  "aws:ec2/routeTable:RouteTable": ec2("route-table"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": input("subnetId", "routeTableId"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("security-group"),
  "aws:ec2/subnet:Subnet": ec2("subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpc-endpoint"),
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": ec2("vpc-peering-connection"),
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    again: "it accepts only what waits to be accepted",
  },
  "aws:ec2/vpnGateway:VpnGateway": ec2("vpn-gateway"),
  "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": put,
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ec2("transit-gateway-attachment"),
  "aws:iam/instanceProfile:InstanceProfile": input("name"),
  "aws:iam/role:Role": input("name"),
  "aws:iam/rolePolicy:RolePolicy": {
    id: (inputs) => `${text(inputs, "role")}:${text(inputs, "name")}`,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": put,
  "aws:kms/alias:Alias": input("name"),
  "aws:kms/key:Key": { arn: /:kms:.*:key\//, idOf: (arn) => arn.replace(/^.*\//, "") },
  "aws:lambda/function:Function": input("name"),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": put,
  "aws:lambda/invocation:Invocation": { again: "the functions it calls are idempotent" },
  "aws:lambda/permission:Permission": input("function", "statementId"),
  "aws:lb/listener:Listener": balancing("listener"),
  "aws:lb/loadBalancer:LoadBalancer": balancing("loadbalancer"),
  "aws:lb/targetGroup:TargetGroup": balancing("targetgroup"),
  "aws:rds/instance:Instance": input("identifier"),
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    look: "the automated backups that RDS lists as replicated into this region",
  },
  "aws:rds/parameterGroup:ParameterGroup": input("name"),
  "aws:rds/snapshot:Snapshot": input("dbSnapshotIdentifier"),
  "aws:rds/subnetGroup:SubnetGroup": input("name"),
  "aws:route53/healthCheck:HealthCheck": {
    arn: /:route53:::healthcheck\//,
    idOf: (arn) => arn.replace(/^.*\//, ""),
    global: true,
  },
  "aws:route53/record:Record": {
    id: (inputs) => {
      const parts = ["zoneId", "name", "type"].map((name) => text(inputs, name));
      const set = inputs.setIdentifier;
      return [...parts, ...(typeof set === "string" ? [set] : [])].join("_");
    },
  },
  "aws:route53/zone:Zone": {
    arn: /:route53:::hostedzone\//,
    idOf: (arn) => arn.replace(/^.*\//, ""),
    global: true,
  },
  "aws:route53/zoneAssociation:ZoneAssociation": {
    id: (inputs) => `${text(inputs, "zoneId")}:${text(inputs, "vpcId")}`,
  },
  "aws:s3/bucket:Bucket": input("bucket"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": put,
  "aws:s3/bucketObjectv2:BucketObjectv2": put,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": put,
  "aws:s3/bucketPolicy:BucketPolicy": put,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": put,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": put,
  "aws:s3/bucketVersioning:BucketVersioning": put,
  "aws:secretsmanager/secret:Secret": { arn: /:secretsmanager:.*:secret:/ },
  "aws:secretsmanager/secretPolicy:SecretPolicy": put,
  "aws:secretsmanager/secretRotation:SecretRotation": put,
  "aws:secretsmanager/secretVersion:SecretVersion": {
    again: "a second version takes the place of the first, which nobody has read yet",
  },
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": input("name"),
  "aws:sns/topic:Topic": { arn: /:sns:/ },
  "aws:sns/topicPolicy:TopicPolicy": put,
  "aws:sns/topicSubscription:TopicSubscription": {
    again: "AWS answers a second subscription of an address with the first",
  },
  "aws:sqs/queue:Queue": {
    arn: /:sqs:/,
    idOf: (arn) => {
      const [, , , region, account, name] = arn.split(":");
      return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("security-group-rule"),
  "random:index/randomBytes:RandomBytes": noAws,
  "random:index/randomId:RandomId": noAws,
  "random:index/randomPassword:RandomPassword": noAws,
};
