import type { PlatformConfig } from "../../stacks/config/platformConfig";
import { standing } from "../../stacks/editRules";
import { serviceLevel } from "../../stacks/serviceLevel";
import type { StackPlan } from "../plan/plan";
import { replicationChecks } from "./replicationWarnings";

/** Something valid that its owner should know before bringing the stack up. */
export interface Warning {
  /** Stable, for machines, e.g. `single-zone`. */
  code: string;
  /** What follows from the setting, and which key changes it. */
  message: string;
}

/** Each finding once, with the stacks it applies to: most apply to several. */
export function findings(
  reports: { stack: string; warnings: Warning[] }[],
): [message: string, stacks: string[]][] {
  const stacksOf = new Map<string, string[]>();
  for (const { stack, warnings } of reports) {
    for (const { message } of warnings) {
      stacksOf.set(message, [...(stacksOf.get(message) ?? []), stack]);
    }
  }
  return [...stacksOf];
}

type Check = (config: PlatformConfig, plan: StackPlan) => string | undefined;

const documentationDomain = /(^|\.)(example\.(com|net|org)|example|test|invalid)$/;

/** RFC 2606 and 6761 reserve these names: nobody can own them, so nothing resolves them. */
export function isDocumentationDomain(domain: string): boolean {
  return documentationDomain.test(domain.toLowerCase().replace(/\.$/, ""));
}

function count(plan: StackPlan, wanted: string): number {
  return plan.resources.filter(({ type }) => type === wanted).length;
}

function natGatewayCount(plan: StackPlan): number {
  return count(plan, "aws:ec2/natGateway:NatGateway");
}

function floatingTiers(config: PlatformConfig): string[] {
  return (["web", "app"] as const).filter((tier) => {
    const { amiId, amiRelease } = config[tier].windows;
    return !amiId && !amiRelease;
  });
}

/** What happens to a region that is left out, and how it is let go. */
function inactive(config: PlatformConfig): string {
  const { region, regionCount, regions, protect } = config;
  const now = protect
    ? "`pulumi up` is refused while protect is on, and that keeps what the region holds."
    : "`pulumi up` deletes what it had, the database too, unless the last `up` had protect on.";
  return (
    `${region} is not among the first ${regionCount} of regions (${regions.join(", ")}): this stack ` +
    `is to be empty. ${now} To let the region go, in this order: 1. with regionCount 2, set protect: ` +
    "false and database.deletionProtection: false, `pulumi up`; 2. set regionCount 1, `pulumi up`. The " +
    `database leaves a final snapshot. This stack goes before that of ${regions[0] ?? "the home region"}, ` +
    "whose regionCount follows."
  );
}

// In the order of how much they matter to somebody about to run `pulumi up`.
const checks: Record<string, Check> = {
  "inactive-region": (config) => (serviceLevel(config).active ? undefined : inactive(config)),
  "documentation-domain": ({ domain }) =>
    isDocumentationDomain(domain)
      ? `domain ${domain} is reserved for documentation, nobody can own it: set your own.`
      : undefined,
  "zone-delegation": ({ hostedZone, exposure, certificateArn }) =>
    hostedZone === "create" && exposure === "public" && !certificateArn
      ? "hostedZone is created: `up` waits for the certificate until the domain's registrar " +
        "delegates to the new zone's name servers."
      : undefined,
  "single-zone": ({ azCount }) =>
    azCount === 1
      ? "azCount 1: the database has no standby and a failing zone stops the platform."
      : undefined,
  "single-region": ({ regionCount }) =>
    regionCount === 1 ? "regionCount 1: a failing region stops the platform." : undefined,
  ...replicationChecks,
  "deletion-protection-off": ({ database }) =>
    database.deletionProtection
      ? undefined
      : "database.deletionProtection is off: one API call can delete the database.",
  "protect-off": ({ protect }) =>
    protect ? undefined : "protect is off: `pulumi destroy` deletes the data without asking.",
  "accepted-edits": ({ acceptEdits }) =>
    acceptEdits.length > 0 ? standing(acceptEdits) : undefined,
  "floating-ami": (config) => {
    const tiers = floatingTiers(config);
    if (tiers.length === 0) return undefined;
    const keys = tiers.map((tier) => `${tier}.windows.amiRelease`).join(" and ");
    return (
      `${tiers.join(" and ")}: each server starts from the Windows image that is newest then, so a ` +
      `fleet may hold two months' images, and Auto Scaling undoes no roll that fails; pin ${keys} to ` +
      "have all servers equal."
    );
  },
  "single-nat": ({ azCount }, plan) =>
    azCount > 1 && natGatewayCount(plan) === 1
      ? `One NAT gateway serves ${azCount} zones: if its zone fails, no server reaches the ` +
        "internet; set network.natGateways to onePerAz."
      : undefined,
  "idle-internet-gateway": ({ exposure }, plan) =>
    exposure === "private" && count(plan, "aws:ec2/internetGateway:InternetGateway") > 0
      ? "awsx creates an internet gateway in every VPC; no route leads to it."
      : undefined,
  "idle-nat": ({ azCount, network }) =>
    network.natGateways === "onePerAz" && azCount < 3
      ? `network.natGateways onePerAz pays for a gateway in each of the three zones; azCount ${azCount} uses ${azCount}.`
      : undefined,
  "no-egress": ({ exposure, network }, plan) =>
    exposure === "public" && natGatewayCount(plan) === 0 && !network.interfaceEndpoints
      ? "No NAT gateway and no interface endpoints: servers cannot reach the AWS services they " +
        "need to start; set network.natGateways or network.interfaceEndpoints."
      : undefined,
  "open-to-all": ({ exposure, network }) =>
    exposure === "public" && network.clientCidrs.some((cidr) => cidr.endsWith("/0"))
      ? "The web load balancer accepts clients from anywhere: narrow network.clientCidrs if they " +
        "come from known addresses."
      : undefined,
  "short-backups": ({ database }) =>
    database.backupRetentionDays < 7
      ? `Backups are kept for ${database.backupRetentionDays} days: raise ` +
        "database.backupRetentionDays (at most 35)."
      : undefined,
  "silent-alarms": ({ alarmEmail }) =>
    alarmEmail ? undefined : "Alarms reach nobody: set alarmEmail.",
};

/** All that applies to a stack; an inactive one has nothing else to warn of. */
export function warnings(config: PlatformConfig, plan: StackPlan): Warning[] {
  const found = Object.entries(checks).flatMap(([code, check]) => {
    const message = check(config, plan);
    return message === undefined ? [] : [{ code, message }];
  });
  const inactive = found.filter(({ code }) => code === "inactive-region");
  return inactive.length > 0 ? inactive : found;
}
