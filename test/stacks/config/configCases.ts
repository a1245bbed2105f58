import { toRaw } from "./validConfig";

// A valid config that every case changes in one place.
export const zones = (region: string): string[] =>
  ["a", "b", "c"].map((letter) => `${region}${letter}`);
const image = { windows: { amiRelease: "2026.10.14" } };
export const base = {
  domain: "platform.example.com",
  network: { cidrBlock: "10.10.0.0/16", availabilityZones: zones("us-east-1") },
  web: image,
  app: image,
};
export const certificateArn = `arn:aws:acm:us-east-1:123456789012:certificate/${"a".repeat(36)}`;
export const gateway = { transitGatewayId: "tgw-0123456789abcdef0" };
export const guid = "5f294f92-bafb-4011-916d-9b0bd8a6f1c2";

export type Values = Record<string, unknown>;
export const east = (change: Values): Record<string, string> =>
  toRaw("us-east-1", { ...base, ...change });
export const network = (change: Values, rest: Values = {}): Record<string, string> =>
  east({ ...rest, network: { ...base.network, ...change } });
export const privately = (change: Values, rest: Values = {}): Record<string, string> =>
  network(
    { privateGateway: gateway, clientCidrs: ["10.100.0.0/16"], ...change },
    { exposure: "private", certificateArn, ...rest },
  );
export const web = (change: Values): Record<string, string> =>
  east({ web: { ...image, ...change } });
export const app = (change: Values): Record<string, string> =>
  east({ app: { ...image, ...change } });
export const windows = (change: Values): Record<string, string> => web({ windows: change });
export const artifact = (change: Values): Record<string, string> =>
  web({ artifact: { bucket: "releases", key: "web.zip", sha256: "a".repeat(64), ...change } });
export const database = (change: Values, rest: Values = {}): Record<string, string> =>
  east({ ...rest, database: change });
export const classOf = (edition: string, instanceClass: string): Record<string, string> =>
  database({ edition, instanceClass });
export const west = (change: Values): Record<string, string> =>
  toRaw("us-west-2", {
    ...base,
    network: { cidrBlock: "10.20.0.0/16", availabilityZones: zones("us-west-2") },
    regionCount: 2,
    peerStack: "prod-east",
    ...change,
  });
export const without = (raw: Record<string, string>, key: string): Record<string, string> =>
  Object.fromEntries(Object.entries(raw).filter(([name]) => name !== key));

/** What is wrong, the config (the stack's name is `one`), and the keys of its problems, in order. */
export type BadConfig = [title: string, raw: Record<string, string>, keys: string[]];
