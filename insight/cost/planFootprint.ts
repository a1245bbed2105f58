import { metricNamespace } from "../../functions/database/metrics";
import { regionFinder } from "../plan/crossRegion";
import { isCreated, shortType } from "../plan/inventory";
import {
  reveal,
  type Json,
  type JsonObject,
  type PlannedResource,
  type StackPlan,
} from "../plan/plan";
import { add, logComponents, nothing, type Footprint, type TierFootprint } from "./footprint";
import { billingOf } from "./resourceTypes";

/** A resource with its place. */
interface Placed {
  /** Short type of the component that stands for it in the overview, e.g. `WebTier`. */
  component: string;
  region: string;
  inputs: JsonObject;
}

type Take = (item: Placed, into: Footprint) => void;

const editions: Record<string, "web" | "standard" | "enterprise"> = {
  "sqlserver-web": "web",
  "sqlserver-se": "standard",
  "sqlserver-ee": "enterprise",
};

/** What each billed type adds. Types that are billed with others add nothing of their own. */
const takes: Record<string, Take> = {
  "aws:autoscaling/group:Group": ({ component, inputs }, into) => {
    const tier = tierOf(component, into);
    tier.zones = list(inputs.vpcZoneIdentifiers).length;
    tier.minPerZone = number(inputs.minSize) / tier.zones;
    tier.maxPerZone = number(inputs.maxSize) / tier.zones;
  },
  "aws:ec2/launchTemplate:LaunchTemplate": ({ component, inputs }, into) => {
    const tier = tierOf(component, into);
    tier.instanceType = text(inputs.instanceType);
    tier.detailedMonitoring = object(inputs.monitoring).enabled === true;
    tier.diskGiB = list(inputs.blockDeviceMappings).reduce<number>(
      (sum, disk) => sum + number(object(object(disk).ebs).volumeSize),
      0,
    );
  },
  "aws:lb/loadBalancer:LoadBalancer": ({ component, inputs }, into) => {
    const tier = tierOf(component, into);
    tier.balancerZones = list(inputs.subnets).length;
    tier.publicBalancer = inputs.internal !== true;
  },
  // With target tracking, Auto Scaling makes an alarm to grow by and one to shrink by.
  "aws:autoscaling/policy:Policy": ({ component, region }, into) => {
    add(into.alarms, component, region, 2);
  },
  "aws:ec2/natGateway:NatGateway": (_, into) => {
    networkOf(into).natGateways += 1;
  },
  "aws:ec2/eip:Eip": (_, into) => {
    networkOf(into).natAddresses += 1;
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ inputs }, into) => {
    if (inputs.vpcEndpointType !== "Interface") return;
    networkOf(into).endpointZones += list(inputs.subnetIds).length;
  },
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": (_, into) => {
    networkOf(into).gateway = "transit";
  },
  "aws:ec2/vpnGateway:VpnGateway": (_, into) => {
    networkOf(into).gateway = "direct";
  },
  "aws:rds/instance:Instance": ({ component, region, inputs }, into) => {
    into.database = {
      instanceClass: text(inputs.instanceClass),
      edition: editions[text(inputs.engine)] ?? "standard",
      multiAz: inputs.multiAz === true,
      storageGiB: number(inputs.allocatedStorage),
      iops: number(inputs.iops),
      backupDays: number(inputs.backupRetentionPeriod),
      monitoringSeconds: number(inputs.monitoringInterval),
    };
    if (inputs.manageMasterUserPassword === true) add(into.secrets, component, region);
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (
    { inputs },
    into,
  ) => {
    const [, , , from = ""] = text(inputs.sourceDbInstanceArn).split(":");
    into.backupCopy = { from, days: number(inputs.retentionPeriod) };
  },
  "aws:rds/snapshot:Snapshot": (_, into) => {
    into.guardSnapshots += 1;
  },
  "aws:dms/replicationInstance:ReplicationInstance": ({ inputs }, into) => {
    const copy = copyOf(into);
    copy.instanceClass = text(inputs.replicationInstanceClass);
    copy.storageGiB = number(inputs.allocatedStorage);
    copy.multiAz = inputs.multiAz === true;
  },
  "aws:dms/replicationTask:ReplicationTask": ({ inputs }, into) => {
    copyOf(into).fullLoad = text(inputs.migrationType).includes("full-load");
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ component, region, inputs }, into) => {
    add(into.alarms, component, region);
    if (inputs.namespace !== metricNamespace) return;
    // With the log's use comes what it waits for, which has no alarm.
    add(into.metrics, component, region, inputs.metricName === "LogUsed" ? 2 : 1);
    const { Source: from } = object(inputs.dimensions);
    if (from !== undefined) copyOf(into).from = text(from);
  },
  "aws:cloudwatch/logGroup:LogGroup": ({ component, inputs }, into) => {
    const known = logComponents.find((name) => name === component);
    if (known) into.logDays[known] = number(inputs.retentionInDays);
  },
  "aws:cloudwatch/eventRule:EventRule": ({ inputs }, into) => {
    const [, count, unit] =
      /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text(inputs.scheduleExpression)) ?? [];
    if (count === undefined) return;
    const perHour = unit === "minute" ? 60 : unit === "hour" ? 1 : 1 / 24;
    functionOf(into).runsPerMonth += (730 * perHour) / Number(count);
  },
  "aws:lambda/function:Function": ({ component, inputs }, into) => {
    if (component !== "DatabaseFunction") return;
    functionOf(into).memoryMiB = number(inputs.memorySize);
  },
  "aws:route53/healthCheck:HealthCheck": ({ inputs }, into) => {
    const https = text(inputs.type).startsWith("HTTPS");
    const short = inputs.requestInterval === 10;
    entryOf(into).options = Number(https) + Number(short);
  },
  "aws:route53/zone:Zone": ({ component, region }, into) => {
    add(into.zones, component, region);
  },
  "aws:kms/key:Key": ({ component, region, inputs }, into) => {
    add(into.keys, component, region);
    into.keysRotate ||= inputs.enableKeyRotation === true;
  },
  "aws:secretsmanager/secret:Secret": ({ component, region, inputs }, into) => {
    add(into.secrets, component, region);
    for (const replica of list(inputs.replicas)) {
      add(into.secrets, component, text(object(replica).region));
    }
  },
  "aws:s3/bucket:Bucket": ({ component }, into) => {
    if (component === "ArtifactStore") into.artifacts = true;
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
    { component, inputs },
    into,
  ) => {
    if (component !== "LogArchive") return;
    const days = list(inputs.rules).map((rule) => number(object(object(rule).expiration).days));
    into.archiveDays = Math.max(...days);
  },
  "aws:sns/topicSubscription:TopicSubscription": ({ inputs }, into) => {
    if (inputs.protocol === "email") into.mail = true;
  },
};

/** What a plan's resources are paid for. Resources of the other region's provider count there. */
export function planFootprint(plan: StackPlan): Footprint {
  const footprint = nothing(plan.region);
  const areas = areaOf(plan);
  const regionOf = regionFinder(plan);
  for (const resource of plan.resources.filter(isCreated)) {
    const place = { component: areas.get(resource.urn) ?? "Stack", region: regionOf(resource) };
    const billing = billingOf(resource.type);
    if (!billing) add(footprint.unknown, resource.type, place.region);
    else if ("billed" in billing) {
      takes[resource.type]?.({ ...place, inputs: shown(resource) }, footprint);
    }
  }
  finish(footprint);
  return footprint;
}

/** What is known of one resource by what another one says. */
function finish(footprint: Footprint): void {
  const { tiers, network, entry } = footprint;
  tiers.sort(({ tier: a }, { tier: b }) => (a === b ? 0 : a === "web" ? -1 : 1));
  if (network) network.zones = Math.max(0, ...tiers.map(({ zones }) => zones));
  if (entry) entry.publicNames = tiers.some(({ publicBalancer }) => publicBalancer);
}

function tierOf(component: string, into: Footprint): TierFootprint {
  const tier = component === "WebTier" ? "web" : "app";
  const found = into.tiers.find((item) => item.tier === tier);
  if (found) return found;
  const made: TierFootprint = {
    tier,
    instanceType: "",
    zones: 0,
    minPerZone: 0,
    maxPerZone: 0,
    diskGiB: 0,
    detailedMonitoring: false,
    balancerZones: 0,
    publicBalancer: false,
  };
  into.tiers.push(made);
  return made;
}

function networkOf(into: Footprint) {
  return (into.network ??= { natGateways: 0, natAddresses: 0, zones: 0, endpointZones: 0 });
}

function entryOf(into: Footprint) {
  return (into.entry ??= { options: 0, publicNames: false });
}

function functionOf(into: Footprint) {
  return (into.databaseFunction ??= { memoryMiB: 0, runsPerMonth: 0 });
}

function copyOf(into: Footprint) {
  return (into.copy ??= {
    from: "",
    instanceClass: "",
    storageGiB: 0,
    multiAz: false,
    fullLoad: false,
  });
}

/** The component below the outermost one stands for a resource, as in the inventory. */
function areaOf(plan: StackPlan): Map<string, string> {
  const above = new Map<string, string[]>();
  for (const { urn, type, parent } of plan.resources) {
    const line = above.get(parent ?? "") ?? [];
    above.set(urn, type.startsWith("pe:") ? [...line, shortType(type)] : line);
  }
  return new Map([...above].map(([urn, line]) => [urn, line[1] ?? line[0] ?? "Stack"]));
}

function shown({ inputs }: PlannedResource): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, reveal(value) ?? null]),
  );
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function object(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function number(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** Types with a rule of what they add; for the test that none is forgotten. */
export const countedTypes = Object.keys(takes);
