/** What can be gone or stand still, and who says so. */
export interface Loss {
  what: string;
  /** Resources it speaks of: `Component/Type`, with ` name` where there are several of a kind. */
  of: string[];
  /** Logical names of alarms and of rules that pass AWS's events on, the soonest first. */
  tells: string[];
  /** Why nothing tells; or what those above do not see, or not in every installation. */
  why?: string;
}

const boot = ["alarms-web-short", "alarms-app-short"];
const copy = ["replication-alarms-age", "replication-alarms-stalled"];
const up = "runs during `up` only, which fails with it";
const drift = "the daily look for drift finds what somebody has changed or deleted";

/** docs/alarms.md shows this table; a resource that no row speaks of fails the test beside it. */
export const losses: Loss[] = [
  {
    what: "every web server",
    of: ["LoadBalancedFleet/Group web"],
    tells: [
      "entry-healthy-servers",
      "entry-alarms-unreachable",
      "alarms-web-refused",
      "alarms-web-short",
    ],
  },
  {
    what: "every app server",
    of: ["LoadBalancedFleet/Group app"],
    tells: ["entry-healthy-app-servers", "alarms-app-refused", "alarms-app-short"],
  },
  {
    what: "one server of a tier",
    of: ["LoadBalancedFleet/Group web", "LoadBalancedFleet/Group app"],
    tells: ["alarms-web-unhealthy", "alarms-app-unhealthy", ...boot],
    why: "that no new one starts: not seen above the least number of servers",
  },
  {
    what: "requests: the site answers with errors",
    of: ["TierLoadBalancer/TargetGroup web", "TierLoadBalancer/TargetGroup app"],
    tells: ["alarms-web-errors", "alarms-app-errors"],
  },
  {
    what: "a roll of the servers",
    of: ["LoadBalancedFleet/LaunchTemplate web", "LoadBalancedFleet/LaunchTemplate app"],
    tells: ["alarms-roll-failed"],
  },
  {
    what: "what a new server starts with: its template and image, its site, the shared machine key, its rights",
    of: [
      "LoadBalancedFleet/LaunchTemplate web",
      "LoadBalancedFleet/LaunchTemplate app",
      "ArtifactStore/BucketObjectv2",
      "PrivateBucket/Bucket artifacts",
      "MachineKey/Secret",
      "MachineKey/SecretVersion",
      "ServerRole",
    ],
    tells: boot,
    why: "not before a server is to start, and not above the least number of servers",
  },
  {
    what: "growth under load",
    of: ["LoadBalancedFleet/Policy web-cpu", "LoadBalancedFleet/Policy app-cpu"],
    tells: ["alarms-web-refused", "alarms-app-refused"],
    why: "only once the servers that run no longer keep up",
  },
  {
    what: "the web load balancer, its listeners, its targets",
    of: [
      "TierLoadBalancer/LoadBalancer web",
      "TierLoadBalancer/Listener web-https",
      "TierLoadBalancer/Listener web-http",
      "TierLoadBalancer/TargetGroup web",
    ],
    tells: ["entry-alarms-unreachable", "entry-healthy-servers"],
  },
  {
    what: "the app load balancer, its listener, its targets",
    of: [
      "TierLoadBalancer/LoadBalancer app",
      "TierLoadBalancer/Listener app-https",
      "TierLoadBalancer/TargetGroup app",
    ],
    tells: ["entry-healthy-app-servers"],
  },
  {
    what: "the database",
    of: ["SqlServerCluster/Instance"],
    tells: ["alarms-database", "alarms-database-cpu", "alarms-database-function"],
  },
  {
    what: "the standby",
    of: ["SqlServerCluster/Instance"],
    tells: ["alarms-database"],
    why: "RDS tells that it rebuilds the standby, the mirror, or fails over; no metric shows it",
  },
  {
    what: "room for data",
    of: ["SqlServerCluster/Instance"],
    tells: ["alarms-database", "alarms-database-storage"],
  },
  {
    what: "the master's password, which RDS rotates",
    of: ["SqlServerCluster/Instance"],
    tells: ["alarms-database", "alarms-database-function"],
    why: "RDS tells of a reset that fails and of a secret that is missing",
  },
  {
    what: "backups",
    of: ["SqlServerCluster/Instance", "ReplicatedBackups/InstanceAutomatedBackupsReplication"],
    tells: [],
    why: "RDS has events for backups that run and none for one that does not; ask for the latest restorable time",
  },
  {
    what: "the database's log delivery",
    of: ["SqlServerCluster/LogGroup"],
    tells: [],
    why: "SQL Server writes when something happens: silence is a good day",
  },
  {
    what: "change capture at the writer",
    of: ["CaptureAlarms"],
    tells: ["capture-alarms-stopped", "capture-alarms-log"],
  },
  {
    what: "the copying of a table",
    of: ["CrossRegionReplication/ReplicationTask"],
    tells: ["database-upkeep-not-copied"],
  },
  {
    what: "the copy: task, DMS instance and its room, its logins and certificates",
    of: [
      "CrossRegionReplication/ReplicationTask",
      "CrossRegionReplication/ReplicationInstance",
      "CrossRegionReplication/Endpoint",
      "CrossRegionReplication/Certificate",
      "ReplicationAccess",
      "ReplicationServiceRoles",
    ],
    tells: [
      "replication-alarms-stopped",
      ...copy,
      "replication-alarms-latency-source",
      "replication-alarms-latency-target",
      "replication-alarms-storage",
      "replication-alarms-memory",
    ],
    why: "in the region of the copy, whose alarms these are",
  },
  {
    what: "the way between the regions",
    of: ["RegionPeering"],
    tells: [...copy, "replication-alarms-latency-source"],
    why: "in the region of the copy, whose alarms these are",
  },
  {
    what: "the other region",
    of: ["CrossRegionReplication/ReplicationTask"],
    tells: copy,
    why: "the copy's region tells that its writer is gone; the writer's is told of the copy's by Route 53's check, unless both end in us-east-1",
  },
  {
    what: "the whole region",
    of: ["RegionalPlatform"],
    tells: ["entry-alarms-unreachable"],
    why: "its own alarms go with it. Route 53's check speaks from us-east-1; for a region that is us-east-1, or private, only a copy's region does",
  },
  {
    what: "the function that looks after the database",
    of: ["DatabaseFunction/Function", "DatabaseBootstrap"],
    tells: ["alarms-database-function"],
    why: "where regions replicate, and it is called every minute; else it runs during `up`, which fails with it",
  },
  {
    what: "its calls, every minute",
    of: ["DatabaseUpkeep/EventRule", "DatabaseUpkeep/EventTarget"],
    tells: ["database-upkeep-stopped", "replication-alarms-age"],
  },
  {
    what: "its log, or its queue of calls that failed",
    of: ["DatabaseFunction/LogGroup", "DatabaseFunction/Queue"],
    tells: [],
    why: "they explain a failure that an alarm has told",
  },
  {
    what: "the rotation of logins",
    of: ["RotationFunction/CloudFormationStack", "DatabaseBootstrap/SecretRotation"],
    tells: ["alarms-rotation"],
    why: "one that is never tried makes no error. Secrets Manager's event RotationFailed would tell, and needs a CloudTrail trail, which is the account's",
  },
  {
    what: "the secret of a login",
    of: ["DatabaseLogin/Secret", "DatabaseLogin/SecretVersion"],
    tells: ["alarms-app-errors", "alarms-database-function", "alarms-rotation"],
    why: "of migrations' login: its next rotation",
  },
  {
    what: "the certificate, its renewal and its DNS proof",
    of: [
      "GlobalDns/Certificate",
      "GlobalDns/Record dns-validate-domain",
      "GlobalDns/Record dns-validate-region",
      "GlobalDns/Record dns-validate-app",
    ],
    tells: ["alarms-certificate"],
    why: "daily from 30 days before its end, 45 for an imported one: ACM's default",
  },
  {
    what: "the database's key",
    of: ["EncryptionKeys/Key keys-database"],
    tells: ["alarms-database", "alarms-database-cpu", "alarms-rotation"],
  },
  {
    what: "the servers' key",
    of: ["EncryptionKeys/Key keys-servers"],
    tells: boot,
    why: "disks that are open stay open",
  },
  {
    what: "the logs' key, the topic, its subscriptions",
    of: [
      "EncryptionKeys/Key keys-logs",
      "Alarms/Topic",
      "Alarms/TopicSubscription",
      "EntryAlarms/Key",
      "EntryAlarms/Topic",
      "EntryAlarms/TopicSubscription",
    ],
    tells: [],
    why: `what every alarm goes through cannot tell of itself; ${drift}, and a plan warns where nobody is told`,
  },
  {
    what: "alarms, and rules that pass events on",
    of: [
      "Alarms/MetricAlarm",
      "Alarms/EventRule",
      "Alarms/EventTarget",
      "EntryAlarms/MetricAlarm",
      "RegionalEntry/MetricAlarm",
      "ReplicationAlarms/MetricAlarm",
      "ReplicationAlarms/EventRule",
      "ReplicationAlarms/EventTarget",
      "DatabaseUpkeep/MetricAlarm",
    ],
    tells: [],
    why: drift,
  },
  {
    what: "the zone, and the name that always leads here",
    of: ["GlobalDns/Zone", "RegionalEntry/Record entry-direct"],
    tells: ["entry-alarms-unreachable"],
    why: `private: nobody outside asks; ${drift}`,
  },
  {
    what: "the name that all regions share",
    of: ["RegionalEntry/Record entry-latency"],
    tells: [],
    why: `the check asks for the region's own name, since the shared one may lead elsewhere; ${drift}`,
  },
  {
    what: "the app tier's name",
    of: ["RegionalEntry/Zone entry-app", "RegionalEntry/Record entry-app"],
    tells: ["alarms-web-errors"],
    why: "as far as the site answers so where it does not reach the app tier",
  },
  {
    what: "the Route 53 check itself",
    of: ["RegionalEntry/HealthCheck"],
    tells: ["entry-alarms-unreachable"],
    why: "where it follows `entry-healthy-servers`, that alarm tells, not it",
  },
  {
    what: "NAT",
    of: ["Network/NatGateway", "Network/Eip"],
    tells: boot,
    why: "no request goes through it; what a server fetches when it starts does",
  },
  {
    what: "the way in from the internet",
    of: ["Network/InternetGateway"],
    tells: ["entry-alarms-unreachable"],
    why: "with `clientCidrs` Route 53 does not ask, and a lost way and a quiet night look alike from inside",
  },
  {
    what: "the way in from the data centre",
    of: [
      "PrivateGateway/VpcAttachment",
      "PrivateGateway/VpnGateway",
      "PrivateGateway/GatewayAssociation",
    ],
    tells: [],
    why: "a lost way and a quiet night look alike from inside; watch it from where the clients are",
  },
  {
    what: "an endpoint of an AWS API",
    of: ["Network/VpcEndpoint"],
    tells: ["alarms-database-function", "alarms-rotation", ...boot],
    why: "by those that need it: functions and starting servers need Secrets Manager; no metric of an endpoint means it is away",
  },
  {
    what: "the network and its rules: a subnet, a route, who may talk to whom",
    of: ["Network/Vpc", "Network/Subnet", "AllowedFlow", "SecurityGroups"],
    tells: [
      "entry-healthy-servers",
      "entry-healthy-app-servers",
      "alarms-app-errors",
      "alarms-database-function",
      "alarms-rotation",
      ...boot,
    ],
  },
  {
    what: "the network's flow logs",
    of: ["FlowLogs/FlowLog", "FlowLogs/LogGroup"],
    tells: ["alarms-flow-logs"],
  },
  {
    what: "the servers' logs",
    of: ["LoadBalancedFleet/LogGroup web", "LoadBalancedFleet/LogGroup app"],
    tells: ["alarms-web-silent", "alarms-app-silent"],
    why: "by the metrics of the same agent: how much a site logs is its own; above the least number of servers: not seen",
  },
  {
    what: "the load balancers' access logs",
    of: ["PrivateBucket/Bucket logs", "LogArchive"],
    tells: [],
    why: `Elastic Load Balancing has no metric or event for a log it could not write; ${drift}`,
  },
  {
    what: "the snapshot before a copy, the test of DMS's connections",
    of: ["CopyGuard/Snapshot", "ReplicationCheck/Function", "ReplicationCheck/LogGroup"],
    tells: [],
    why: up,
  },
];

/** Types that neither run nor hold anything: whose loss shows as that of the part they belong to. */
export const settled: Record<string, string[]> = {
  [`rights; without them the part fails, and ${drift}`]: [
    "BucketPolicy",
    "InstanceProfile",
    "Permission",
    "Role",
    "RolePolicy",
    "RolePolicyAttachment",
    "SecretPolicy",
    "TopicPolicy",
  ],
  [`settings of a part; ${drift}`]: [
    "Alias",
    "BucketLifecycleConfiguration",
    "BucketOwnershipControls",
    "BucketPublicAccessBlock",
    "BucketServerSideEncryptionConfiguration",
    "BucketVersioning",
    "FunctionEventInvokeConfig",
    "ParameterGroup",
    "PeeringConnectionOptions",
    "ReplicationSubnetGroup",
    "SubnetGroup",
    "ZoneAssociation",
  ],
  "ways and rules of the network, a row above": [
    "DefaultSecurityGroup",
    "Route",
    "RouteTable",
    "RouteTableAssociation",
    "SecurityGroup",
    "SecurityGroupEgressRule",
    "SecurityGroupIngressRule",
    "VpcPeeringConnection",
    "VpcPeeringConnectionAccepter",
    "VpnGatewayRoutePropagation",
  ],
  "done during `up`, which fails with it; nothing stays": ["CertificateValidation", "Invocation"],
  "in the state only": ["RandomBytes", "RandomId", "RandomPassword"],
};
