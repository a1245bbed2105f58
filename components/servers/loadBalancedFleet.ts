import { Group } from "@pulumi/aws/autoscaling/group";
import { Policy } from "@pulumi/aws/autoscaling/policy";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import {
  all,
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
  type ResourceHook,
} from "@pulumi/pulumi";
import type { SiteArtifact } from "./artifactStore";
import { awaitBeforeCreate, rollBeforeUpdate, type FleetApis } from "./fleetHooks";
import type { AllowStatement } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";
import { metricNamespace, ServerRole } from "./serverRole";
import { TierLoadBalancer } from "./tierLoadBalancer";
import { imageId, isPinned, type WindowsImage } from "./windowsImage";
import { renderUserData } from "./windowsUserData";

/** What the web and the app tier take alike. */
export interface FleetArgs {
  region: string;
  accountId: Input<string>;
  /** Makes names that must be known before their resource exists unique in the account. */
  suffix: Input<string>;
  vpcId: Input<string>;
  /** Two zones at least. */
  loadBalancerSubnetIds: Input<string>[];
  /** One private subnet per active zone. */
  serverSubnetIds: Input<string>[];
  loadBalancerGroupId: Input<string>;
  serverGroupId: Input<string>;
  certificateArn: Input<string>;
  instanceType: string;
  /** Servers over all active zones. */
  capacity: { min: number; max: number };
  rootVolumeGiB: number;
  windows: WindowsImage;
  artifact: SiteArtifact;
  machineKeySecretArn: Input<string>;
  stickySessionMinutes: number;
  accessLogBucket: Input<string>;
  accessLogGuards: Resource[];
  /** Encrypts disks. */
  serversKeyArn: Input<string>;
  /** Encrypts the tier's log group. */
  logsKeyArn: Input<string>;
  logRetentionDays: number;
  protect: boolean;
  /** Tags of the installation that Auto Scaling puts on servers; provider defaults don't reach them. */
  installationTags: Record<string, string>;
  /** Ways and rights a server needs to boot: network, allowed flows. */
  waitFor: Resource[];
  /** Calls to EC2 Auto Scaling, made during `up` only. */
  autoScaling: FleetApis;
}

export interface LoadBalancedFleetArgs extends FleetArgs {
  role: "web" | "app";
  internal: boolean;
  redirectHttp: boolean;
  /** Settings the site reads on the server; no secrets, user data is readable. */
  settings: Record<string, Input<string>>;
  statements: AllowStatement[];
}

/** Minutes a server may take from launch to a site that answers: Windows, IIS, agent, site. */
const bootLimitMinutes = 30;
const lifecycleHook = "bootstrap";

/**
 * Servers behind a load balancer, in one auto-scaling group over the active zones. A server joins
 * only after its bootstrap has seen IIS answer (launch hook); one that fails is thrown away. A
 * changed template rolls the group, new servers first: `up` waits for the roll and fails with it,
 * and Auto Scaling brings the former servers back (not those of an unpinned image).
 *
 * Nobody logs on: no key pair, no RDP; Session Manager gives an audited shell.
 *
 * Cost: servers (Windows licence included in the hourly price), disks, one load balancer.
 */
export class LoadBalancedFleet extends PlatformComponent {
  readonly loadBalancer: TierLoadBalancer;
  /** Known before the group is there. */
  readonly autoScalingGroupName: Output<string>;

  constructor(name: string, args: LoadBalancedFleetArgs, opts?: ComponentResourceOptions) {
    super("LoadBalancedFleet", name, opts);
    this.loadBalancer = new TierLoadBalancer(
      name,
      {
        vpcId: args.vpcId,
        subnetIds: args.loadBalancerSubnetIds,
        securityGroupId: args.loadBalancerGroupId,
        internal: args.internal,
        certificateArn: args.certificateArn,
        redirectHttp: args.redirectHttp,
        stickySessionMinutes: args.stickySessionMinutes,
        accessLogs: { bucket: args.accessLogBucket, prefix: `alb/${args.role}` },
        accessLogGuards: args.accessLogGuards,
        protect: args.protect,
      },
      { parent: this },
    );
    const logs = this.logGroup(name, args.logsKeyArn, args.logRetentionDays);
    // Known before the group exists: the servers' rights and their user data name it.
    const groupName = interpolate`${args.role}-${args.suffix}`;
    const role = new ServerRole(
      name,
      {
        region: args.region,
        accountId: args.accountId,
        autoScalingGroupName: groupName,
        logGroupArn: logs.arn,
        artifact: args.artifact,
        machineKeySecretArn: args.machineKeySecretArn,
        statements: args.statements,
      },
      { parent: this },
    );
    const template = this.createTemplate(name, args, role, groupName, logs.name);
    const work = { apis: args.autoScaling, rollBack: isPinned(args.windows), parent: this };
    const roll = rollBeforeUpdate(name, work);
    const group = this.createGroup(name, args, { template, groupName, rights: role.policy, roll });
    this.autoScalingGroupName = groupName;
    const limit = bootLimitMinutes + 10;
    const firstServers = awaitBeforeCreate(name, args.capacity.min, limit, work);
    new Policy(
      `${name}-cpu`,
      {
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: 55,
        },
      },
      { parent: this, hooks: { beforeCreate: [firstServers] } },
    );
    this.registerOutputs();
  }

  private createTemplate(
    name: string,
    args: LoadBalancedFleetArgs,
    role: ServerRole,
    groupName: Output<string>,
    logGroupName: Output<string>,
  ): LaunchTemplate {
    const { artifact, region } = args;
    const userData = all([
      artifact.bucket,
      artifact.key,
      args.machineKeySecretArn,
      groupName,
      logGroupName,
      all(args.settings),
    ]).apply((known) => {
      const [bucket, key, machineKeySecretArn, autoScalingGroupName, logGroup, settings] = known;
      // `--target` leaves out what does not exist yet, and with it this template.
      const values: unknown[] = [...known, ...Object.values(settings)];
      if (values.includes(undefined)) return "";
      return renderUserData({
        role: args.role,
        region,
        lifecycleHookName: lifecycleHook,
        autoScalingGroupName,
        artifactBucket: bucket,
        artifactKey: key,
        artifactSha256: artifact.sha256,
        machineKeySecretArn,
        logGroupName: logGroup,
        metricNamespace,
        settings,
      });
    });
    const tags = { ...args.installationTags, ...this.tags("confidential", name) };
    return new LaunchTemplate(
      name,
      {
        imageId: imageId(args.windows, this),
        instanceType: args.instanceType,
        ebsOptimized: "true",
        iamInstanceProfile: { arn: role.profileArn },
        vpcSecurityGroupIds: [args.serverGroupId],
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/sda1",
            ebs: {
              volumeType: "gp3",
              volumeSize: args.rootVolumeGiB,
              encrypted: "true",
              kmsKeyId: args.serversKeyArn,
              deleteOnTermination: "true",
            },
          },
        ],
        monitoring: { enabled: true },
        updateDefaultVersion: true,
        userData: userData.apply((text) => Buffer.from(text, "utf8").toString("base64")),
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
        tags: this.tags("internal"),
      },
      { parent: this },
    );
  }

  private createGroup(
    name: string,
    args: LoadBalancedFleetArgs,
    parts: {
      template: LaunchTemplate;
      groupName: Output<string>;
      rights: Resource;
      roll: ResourceHook;
    },
  ): Group {
    const { template, groupName, rights, roll } = parts;
    const tags = { ...args.installationTags, ...this.tags("confidential", name) };
    return new Group(
      name,
      {
        name: groupName,
        vpcZoneIdentifiers: args.serverSubnetIds,
        minSize: args.capacity.min,
        maxSize: args.capacity.max,
        // A numbered version: "$Latest" never changes, so an edit would roll nothing.
        launchTemplate: { id: template.id, version: interpolate`${template.latestVersion}` },
        targetGroupArns: [this.loadBalancer.targetGroupArn],
        healthCheckType: "ELB",
        healthCheckGracePeriod: 900,
        defaultInstanceWarmup: 300,
        initialLifecycleHooks: [
          {
            name: lifecycleHook,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: bootLimitMinutes * 60,
            defaultResult: "ABANDON",
          },
        ],
        // Neither at creation nor at updates: see awaitBeforeCreate.
        waitForCapacityTimeout: "0",
        forceDelete: !args.protect,
        enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
        tags: Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      {
        parent: this,
        // Its name is taken until it is gone. Replaced is one that a killed run has left, perhaps
        // without the hook for which servers wait: nobody can see whether it was made.
        deleteBeforeReplace: true,
        dependsOn: [rights, this.loadBalancer.listener, ...args.waitFor],
        hooks: { beforeUpdate: [roll] },
        customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      },
    );
  }
}
