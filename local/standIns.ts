import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "../stacks/config/platformConfig";
import { elements, json, query, rest } from "./emulator/api";
import type { NeededStandIns, StandIns } from "../engine/overrides";
import type { RunPaths } from "../engine/paths";

const ec2Version = "2016-11-15";
const label = "stand-in of a local run";

/** Makes on the emulator what the stack expects to exist; `known` ones are used again. */
export async function makeStandIns(
  endpoint: string,
  config: Pick<PlatformConfig, "region" | "domain" | "exposure">,
  needed: NeededStandIns,
  known: StandIns,
): Promise<StandIns> {
  const { region, domain, exposure } = config;
  const made: StandIns = {};
  if (needed.transitGateway) {
    made.transitGatewayId = known.transitGatewayId ?? (await transitGateway(endpoint, region));
  }
  if (needed.certificate) {
    made.certificateArn = known.certificateArn ?? (await certificate(endpoint, region, domain));
  }
  if (needed.hostedZone) {
    const inVpc = exposure === "private" ? region : undefined;
    made.hostedZoneId = known.hostedZoneId ?? (await hostedZone(endpoint, domain, inVpc));
  }
  return made;
}

async function transitGateway(endpoint: string, region: string): Promise<string> {
  const call = { endpoint, service: "ec2", region };
  const answer = await query(call, ec2Version, "CreateTransitGateway", { Description: label });
  return only(elements(answer, "transitGatewayId"), "transit gateway");
}

async function certificate(endpoint: string, region: string, domain: string): Promise<string> {
  const { CertificateArn } = await json<{ CertificateArn: string }>(
    { endpoint, service: "acm", region },
    "CertificateManager.RequestCertificate",
    {
      DomainName: domain,
      SubjectAlternativeNames: [`*.${domain}`, `*.${region}.${domain}`],
      ValidationMethod: "DNS",
    },
  );
  return CertificateArn;
}

/** A private zone has to belong to some VPC: here the region's default one. */
async function hostedZone(endpoint: string, domain: string, inVpc?: string): Promise<string> {
  const vpc = inVpc ? await privateZoneSettings(endpoint, inVpc) : "";
  const body =
    '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">' +
    `<Name>${domain}</Name>${vpc}<CallerReference>${Date.now()}</CallerReference>` +
    `<HostedZoneConfig><Comment>${label}</Comment>` +
    `<PrivateZone>${inVpc ? "true" : "false"}</PrivateZone></HostedZoneConfig>` +
    "</CreateHostedZoneRequest>";
  const call = { endpoint, service: "route53", region: "us-east-1" };
  const answer = await rest(call, "POST", "/2013-04-01/hostedzone", body);
  return only(elements(answer, "Id"), "hosted zone").replace("/hostedzone/", "");
}

async function privateZoneSettings(endpoint: string, region: string): Promise<string> {
  const call = { endpoint, service: "ec2", region };
  const filter = { "Filter.1.Name": "isDefault", "Filter.1.Value.1": "true" };
  const [id] = elements(await query(call, ec2Version, "DescribeVpcs", filter), "vpcId");
  return `<VPC><VPCRegion>${region}</VPCRegion><VPCId>${id}</VPCId></VPC>`;
}

function only(found: string[], what: string): string {
  const [first] = found;
  if (!first) throw new Error(`The emulator made no ${what}.`);
  return first;
}

interface Saved {
  /** Mark of the emulator that holds them; another emulator has none of them. */
  mark: string;
  region: string;
  standIns: StandIns;
}

const fileOf = (run: RunPaths, stack: string) => join(run.project, `standIns.${stack}.json`);

/** Those of an earlier run on the same emulator, so that every run sees the same ids. */
export function readStandIns(run: RunPaths, stack: string, mark: string): StandIns {
  return readSaved(run, stack, mark)?.standIns ?? {};
}

export function saveStandIns(run: RunPaths, stack: string, saved: Saved): void {
  writeFileSync(fileOf(run, stack), `${JSON.stringify(saved, null, 2)}\n`);
}

function readSaved(run: RunPaths, stack: string, mark: string): Saved | undefined {
  if (!existsSync(fileOf(run, stack))) return undefined;
  const saved = JSON.parse(readFileSync(fileOf(run, stack), "utf8")) as Saved;
  return saved.mark === mark ? saved : undefined;
}

/** Deletes a stack's stand-ins once the stack is gone. A zone that still has records refuses. */
export async function deleteStandIns(
  endpoint: string,
  run: RunPaths,
  stack: string,
  mark: string,
): Promise<void> {
  const saved = readSaved(run, stack, mark);
  if (!saved) return;
  const { region } = saved;
  const { transitGatewayId, certificateArn, hostedZoneId } = saved.standIns;
  if (transitGatewayId) {
    const call = { endpoint, service: "ec2", region };
    const parameters = { TransitGatewayId: transitGatewayId };
    await query(call, ec2Version, "DeleteTransitGateway", parameters);
  }
  if (certificateArn) {
    const call = { endpoint, service: "acm", region };
    const body = { CertificateArn: certificateArn };
    await json(call, "CertificateManager.DeleteCertificate", body);
  }
  if (hostedZoneId) {
    const call = { endpoint, service: "route53", region: "us-east-1" };
    await rest(call, "DELETE", `/2013-04-01/hostedzone/${hostedZoneId}`);
  }
  rmSync(fileOf(run, stack), { force: true });
}
