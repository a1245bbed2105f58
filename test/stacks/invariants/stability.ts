import type { PlannedResource, StackPlan } from "../../../insight/plan/plan";
import { label } from "./case";

// Invariant 1. Stricter than "no create-only input": nothing at all may differ but what the two
// numbers are for, and that is changed in place (provider schema: not ForceNew).
const inPlace: Record<string, string[]> = {
  "aws:rds/instance:Instance": ["multiAz"],
  "aws:rds/subnetGroup:SubnetGroup": [],
  "aws:ec2/vpc:Vpc": [],
  "aws:ec2/subnet:Subnet": [],
  "aws:ec2/routeTable:RouteTable": [],
  "aws:kms/key:Key": [],
  "aws:route53/zone:Zone": [],
  "aws:s3/bucket:Bucket": [],
  "aws:lb/loadBalancer:LoadBalancer": ["subnets"],
  "aws:lb/targetGroup:TargetGroup": [],
  "aws:secretsmanager/secret:Secret": [],
  "aws:ec2/securityGroup:SecurityGroup": [],
};

/** What an edit of azCount or regionCount would do to what must stay: both plans are active. */
export function unstable(before: StackPlan, after: StackPlan): string[] {
  const next = new Map(after.resources.map((item) => [item.urn, item]));
  return before.resources.flatMap((resource) => {
    const allowed = inPlace[resource.type];
    if (!allowed) return [];
    const twin = next.get(resource.urn);
    if (!twin && joinsRegions(resource)) return [];
    if (!twin) return [`${label(resource)} would be deleted`];
    const changed = changedInputs(resource, twin).filter((key) => !allowed.includes(key));
    return changed.map((key) => `${label(resource)}: ${key} would change`);
  });
}

/** What is only there for another region goes with it: logins of DMS. */
function joinsRegions({ type, name }: PlannedResource): boolean {
  return (
    type === "aws:secretsmanager/secret:Secret" && /replication-(source|target)-login$/.test(name)
  );
}

function changedInputs(one: PlannedResource, other: PlannedResource): string[] {
  const keys = new Set([...Object.keys(one.inputs), ...Object.keys(other.inputs)]);
  return [...keys].filter(
    (key) => JSON.stringify(one.inputs[key]) !== JSON.stringify(other.inputs[key]),
  );
}
