import type { Exposure, PlatformConfig } from "../stacks/config/platformConfig";

/** The `config` section of a stack file: plain YAML values by key. */
export type ConfigSection = Record<string, unknown>;

/** What stands in, on the emulator, for things that exist before a stack does. */
export interface StandIns {
  transitGatewayId?: string;
  certificateArn?: string;
  hostedZoneId?: string;
}

/** The stand-ins that a stack needs, and why. */
export interface NeededStandIns {
  transitGateway?: string;
  certificate?: string;
  hostedZone?: string;
}

/** Addresses that may reach a private installation on the emulator. */
export const localClientCidrs = ["10.200.0.0/16"];

/** What a stack relies on that the emulator doesn't have; the other region's stack is really up. */
export function neededStandIns(config: PlatformConfig, exposure: Exposure): NeededStandIns {
  const needed: NeededStandIns = {};
  if (exposure === "private") {
    needed.transitGateway =
      config.network.privateGateway && "directConnectGatewayId" in config.network.privateGateway
        ? "moto has no Direct Connect gateways, so a transit gateway takes its place"
        : "the way into the data centre exists before the stack";
    needed.certificate = "a private name can't be validated by public DNS";
  } else if (config.certificateArn) {
    needed.certificate = "certificateArn names one of a real account";
  }
  if (config.hostedZone !== "create") {
    needed.hostedZone = `hostedZone ${config.hostedZone} is one of a real account`;
  }
  return needed;
}

/**
 * The config section for the emulator: the stack file's, with private exposure where asked for,
 * stand-ins for what the emulator lacks, and bucket names in the path (`<bucket>.127.0.0.1`
 * resolves to nothing). Encrypted values are left out: only the stack's own provider reads them.
 */
export function localConfig(
  section: ConfigSection,
  exposure: Exposure,
  standIns: StandIns,
): ConfigSection {
  const config = withoutEncrypted(section) as ConfigSection;
  const network = { ...record(config[own(config, "network")]) };
  if (exposure === "private") {
    delete network.natGateways;
    network.clientCidrs = localClientCidrs;
    network.privateGateway = { transitGatewayId: standIns.transitGatewayId };
  } else {
    delete network.privateGateway;
  }
  return {
    ...config,
    "aws:s3UsePathStyle": true,
    [own(config, "exposure")]: exposure,
    [own(config, "network")]: network,
    ...(standIns.certificateArn
      ? { [own(config, "certificateArn")]: standIns.certificateArn }
      : {}),
    ...(standIns.hostedZoneId ? { [own(config, "hostedZone")]: standIns.hostedZoneId } : {}),
  };
}

/**
 * The same stack with its guards off: nothing protected, buckets and zones deletable with their
 * content, no deletion protection.
 */
export function unguarded(config: ConfigSection): ConfigSection {
  return { ...config, [own(config, "protect")]: false };
}

/** Keys under which encrypted values were left out. */
export function encryptedKeys(section: ConfigSection): string[] {
  return Object.keys(section).filter((key) => containsEncrypted(section[key]));
}

/** A key of the project as this file spells it: with the project's name in front, or without. */
export function own(config: ConfigSection, key: string): string {
  return key in config ? key : `pe-platform:${key}`;
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEncrypted(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function containsEncrypted(value: unknown): boolean {
  if (isEncrypted(value)) return true;
  if (Array.isArray(value)) return value.some(containsEncrypted);
  return isRecord(value) && Object.values(value).some(containsEncrypted);
}

function withoutEncrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isEncrypted(item)).map(withoutEncrypted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isEncrypted(item))
      .map(([key, item]) => [key, withoutEncrypted(item)]),
  );
}
