/** What a resource type costs: money by the rule named, or nothing for the reason given. */
export type Billing = { billed: string } | { free: string };

const free = (reason: string): Billing => ({ free: reason });
const billed = (what: string): Billing => ({ billed: what });

const iam = free("IAM is free");
const routing = free("routes and route tables are free");
const groups = free("security groups are free");
const bucketSetting = free("a setting of a bucket, which is billed by what is in it");
const local = free("made by Pulumi, not by AWS");

/** Every type of resource that the program can make. */
const types: Record<string, Billing> = {
  "aws:acm/certificate:Certificate": free("public certificates are free"),
  "aws:acm/certificateValidation:CertificateValidation": free("waits, and is no resource at AWS"),
  "aws:autoscaling/group:Group": billed("its servers, licences, disks and metrics"),
  "aws:autoscaling/policy:Policy": billed("two alarms of a target-tracking policy"),
  "aws:cloudwatch/eventRule:EventRule": billed("the runs of the function that it starts"),
  "aws:cloudwatch/eventTarget:EventTarget": free("schedules and events of AWS are free"),
  "aws:cloudwatch/logGroup:LogGroup": billed("what is written and kept in it"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": billed("the alarm, and a metric of the program's own"),
  "aws:directconnect/gatewayAssociation:GatewayAssociation": free(
    "associations are free; data out is billed with the virtual private gateway",
  ),
  "aws:dms/certificate:Certificate": free("certificates of DMS are free"),
  "aws:dms/endpoint:Endpoint": free("endpoints of DMS are free"),
  "aws:dms/replicationInstance:ReplicationInstance": billed("hours and storage"),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": free("subnet groups are free"),
  "aws:dms/replicationTask:ReplicationTask": billed("the data that it moves"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": groups,
  "aws:ec2/eip:Eip": billed("hours of a public address"),
  "aws:ec2/flowLog:FlowLog": free("billed by its log group"),
  "aws:ec2/internetGateway:InternetGateway": free("internet gateways are free"),
  "aws:ec2/launchTemplate:LaunchTemplate": billed("what each server of its group is"),
  "aws:ec2/natGateway:NatGateway": billed("hours and data"),
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": free("a setting of the peering"),
  "aws:ec2/route:Route": routing,
  "aws:ec2/routeTable:RouteTable": routing,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routing,
  "aws:ec2/securityGroup:SecurityGroup": groups,
  "aws:ec2/subnet:Subnet": free("subnets are free"),
  "aws:ec2/vpc:Vpc": free("VPCs are free"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": billed("interface endpoints: hours and data; gateways: none"),
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": free(
    "peerings are free; the data is billed with what sends it",
  ),
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": free("peerings are free"),
  "aws:ec2/vpnGateway:VpnGateway": billed("data out through Direct Connect; the gateway is free"),
  "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": routing,
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": billed("hours and data"),
  "aws:iam/instanceProfile:InstanceProfile": iam,
  "aws:iam/role:Role": iam,
  "aws:iam/rolePolicy:RolePolicy": iam,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam,
  "aws:kms/alias:Alias": free("aliases are free"),
  "aws:kms/key:Key": billed("the key, its first two rotations, and requests"),
  "aws:lambda/function:Function": billed("the runs, where there are any month by month"),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": free("a setting of a function"),
  "aws:lambda/invocation:Invocation": free("one run per change, below a cent"),
  "aws:lambda/permission:Permission": free("permissions are free"),
  "aws:lb/listener:Listener": free("billed with the load balancer"),
  "aws:lb/loadBalancer:LoadBalancer": billed("hours, capacity units, public addresses, data out"),
  "aws:lb/targetGroup:TargetGroup": free("billed with the load balancer"),
  "aws:rds/instance:Instance": billed("server, licences, storage, backups, monitoring, password"),
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": billed(
    "storage here, and transfer from the other region",
  ),
  "aws:rds/parameterGroup:ParameterGroup": free("parameter groups are free"),
  "aws:rds/snapshot:Snapshot": billed("storage beyond what is free"),
  "aws:rds/subnetGroup:SubnetGroup": free("subnet groups are free"),
  "aws:route53/healthCheck:HealthCheck": billed("the check and its options"),
  "aws:route53/record:Record": billed("queries that no alias answers; records are free"),
  "aws:route53/zone:Zone": billed("the zone"),
  "aws:route53/zoneAssociation:ZoneAssociation": free("associations are free"),
  "aws:s3/bucket:Bucket": billed("what is in it, and requests"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": billed(
    "how long access logs are kept; expiry itself is free",
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": free("billed with its bucket"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting,
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketSetting,
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting,
  "aws:secretsmanager/secret:Secret": billed("the secret, its copies, and calls"),
  "aws:secretsmanager/secretPolicy:SecretPolicy": free("a setting of a secret"),
  "aws:secretsmanager/secretRotation:SecretRotation": free(
    "a few runs of AWS's function a month, below a cent",
  ),
  "aws:secretsmanager/secretVersion:SecretVersion": free("versions are free"),
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": free(
    "the rotation function: a few runs a month, below a cent",
  ),
  "aws:sns/topic:Topic": free("alarms are far below the free million of requests"),
  "aws:sns/topicPolicy:TopicPolicy": free("a setting of a topic"),
  "aws:sns/topicSubscription:TopicSubscription": billed("mails over the free thousand"),
  "aws:sqs/queue:Queue": billed("failed calls"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": groups,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": groups,
  "random:index/randomBytes:RandomBytes": local,
  "random:index/randomId:RandomId": local,
  "random:index/randomPassword:RandomPassword": local,
};

/** What a type costs; undefined for a type that nobody has decided on. */
export function billingOf(type: string): Billing | undefined {
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

/** Every type that is decided on, in alphabetical order. */
export const decidedTypes = Object.keys(types);
