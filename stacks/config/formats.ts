import { Region } from "@pulumi/aws/types/enums";
import { closest } from "fastest-levenshtein";
import ipaddr from "ipaddr.js";

/**
 * Regions of the commercial partition, from the AWS provider. The others (China, GovCloud, the
 * isolated ones) have ARNs and service names of their own that this program does not write.
 */
export const regions: string[] = Object.values(Region).filter(
  (region) => !/^(cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc)-/.test(region),
);

export function regionHint(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  if (/^(cn|us-gov|us-iso|eusc|eu-isoe)/.test(value)) {
    return "only the commercial partition is supported";
  }
  if (/^[a-z]{2}-[a-z]+-\d[a-z]$/.test(value)) return "that is a zone: leave out the last letter";
  return `did you mean ${closest(value.toLowerCase(), regions)}?`;
}

export function zoneHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (/^[a-z]{2}-[a-z]+-\d-/.test(value)) return "Local Zones cannot run the platform";
  return regions.includes(value) ? "that is a region: a zone has a letter after it" : undefined;
}

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const domainPattern = new RegExp(`^(${label}\\.)+${label}$`);

/** 190 characters leave room for the names the platform adds in front. */
export const longestDomain = 190;

/** A lower-case DNS name of two labels or more; not an address. */
export function isDomain(value: string): boolean {
  return value.length <= longestDomain && domainPattern.test(value) && !/\.\d+$/.test(value);
}

export function domainHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (value.includes("://")) return "leave the scheme out";
  if (value.endsWith(".")) return "leave the last dot out";
  if (/[A-Z]/.test(value)) return "write it in lower case";
  if (value.startsWith("*")) return "the certificate names its hosts itself, leave the * out";
  if (value.includes("/")) return "leave the path out";
  if (ipaddr.IPv4.isValid(value)) return "a certificate needs a name";
  if (value.length > longestDomain) return `it has ${value.length} characters`;
  return undefined;
}

/** An IPv4 range whose address is the first of the range. */
export function isCidr(value: string): boolean {
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(value) || !ipaddr.IPv4.isValidCIDR(value)) return false;
  return `${ipaddr.IPv4.networkAddressFromCIDR(value).toString()}/${prefix(value)}` === value;
}

/** Each range needs two of the 60 rules that a security group may hold: ports 80 and 443. */
export const mostClientCidrs = 30;

export function cidrHint(value: unknown): string | undefined {
  if (Array.isArray(value) && value.length > mostClientCidrs) {
    return `it has ${value.length}: a security group has room for ${mostClientCidrs}`;
  }
  if (typeof value !== "string") return undefined;
  if (ipaddr.IPv6.isValidCIDR(value)) return "the load balancer has IPv4 addresses only";
  if (ipaddr.IPv4.isValidFourPartDecimal(value)) return `one address is ${value}/32`;
  if (!ipaddr.IPv4.isValidCIDR(value)) return undefined;
  const network = `${ipaddr.IPv4.networkAddressFromCIDR(value).toString()}/${prefix(value)}`;
  return network === value ? undefined : `the range that holds it starts at ${network}`;
}

function prefix(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

function bounds(cidr: string): [number, number] {
  const [address, bits] = ipaddr.IPv4.parseCIDR(cidr);
  const first = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return [first, first + 2 ** (32 - bits) - 1];
}

/** True when two valid ranges share an address. */
export function overlaps(one: string, other: string): boolean {
  const [first, last] = bounds(one);
  const [otherFirst, otherLast] = bounds(other);
  return first <= otherLast && otherFirst <= last;
}

function within(cidr: string, range: string): boolean {
  const [first, last] = bounds(cidr);
  const [rangeFirst, rangeLast] = bounds(range);
  return first >= rangeFirst && last <= rangeLast;
}

const rfc1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** RFC 1918, where a VPC belongs. */
export function isPrivateCidr(cidr: string): boolean {
  return rfc1918.some((range) => within(cidr, range));
}

/** RFC 1918 and RFC 6598: addresses that clients have behind a private gateway only. */
export function isInternalCidr(cidr: string): boolean {
  return isPrivateCidr(cidr) || within(cidr, "100.64.0.0/10");
}

/** A /16 of RFC 1918, from its first address. */
export function isVpcCidr(value: string): boolean {
  return isCidr(value) && value.endsWith("/16") && isPrivateCidr(value);
}

export function vpcCidrHint(value: unknown): string | undefined {
  if (typeof value !== "string" || !ipaddr.IPv4.isValidCIDR(value)) return undefined;
  if (prefix(value) !== 16) return "three zones of subnets need a /16, and AWS allows no more";
  if (!isCidr(value)) return cidrHint(value);
  return "the range is public";
}

/** 1 to 10,080 minutes a week from Monday 00:00 UTC. */
export type MinuteRange = [from: number, to: number];

const clock = "([01]\\d|2[0-3]):([0-5]\\d)";
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dailyPattern = new RegExp(`^${clock}-${clock}$`);
const weeklyPattern = new RegExp(`^(${days.join("|")}):${clock}-(${days.join("|")}):${clock}$`);
const day = 24 * 60;
const week = 7 * day;

/** Minutes of the day of `hh:mm-hh:mm`; `to` is past midnight where the window is. */
export function dailyWindow(value: string): MinuteRange | undefined {
  const [, fromHour, fromMinute, toHour, toMinute] = dailyPattern.exec(value) ?? [];
  if (toMinute === undefined) return undefined;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  return [from, to > from ? to : to + day];
}

/** Minutes of the week of `ddd:hh:mm-ddd:hh:mm`; `to` is past Sunday where the window is. */
export function weeklyWindow(value: string): MinuteRange | undefined {
  const [, fromDay, fromHour, fromMinute, toDay, toHour, toMinute] =
    weeklyPattern.exec(value) ?? [];
  if (fromDay === undefined || toDay === undefined) return undefined;
  const from = days.indexOf(fromDay) * day + Number(fromHour) * 60 + Number(fromMinute);
  const to = days.indexOf(toDay) * day + Number(toHour) * 60 + Number(toMinute);
  return [from, to > from ? to : to + week];
}

/** RDS refuses a maintenance window that meets the daily backup window on any day. */
export function windowsMeet([from, to]: MinuteRange, maintenance: MinuteRange): boolean {
  // A week on either side covers both windows running past Sunday midnight.
  return Array.from({ length: 22 }, (_, index) => (index - 7) * day).some(
    (shift) => from + shift < maintenance[1] && maintenance[0] < to + shift,
  );
}

export function windowMinutes([from, to]: MinuteRange): number {
  return to - from;
}
