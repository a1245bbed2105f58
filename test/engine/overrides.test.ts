import { deepStrictEqual, ok, strictEqual } from "node:assert";
import {
  encryptedKeys,
  localClientCidrs,
  localConfig,
  neededStandIns,
  unguarded,
} from "../../engine/overrides";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";

const section = {
  "aws:region": "us-west-2",
  "pe-platform:domain": "platform.example.com",
  "pe-platform:network": {
    cidrBlock: "10.20.0.0/16",
    natGateways: "single",
    clientCidrs: ["0.0.0.0/0"],
  },
  "pe-platform:database": { edition: "standard", deletionProtection: true },
};

describe("config of a local run", () => {
  it("keeps a public stack as it is, with buckets in the path", () => {
    deepStrictEqual(localConfig(section, "public", {}), {
      ...section,
      "aws:s3UsePathStyle": true,
      "pe-platform:exposure": "public",
    });
  });

  it("closes a stack to the internet and gives it a gateway and a certificate", () => {
    const config = localConfig(section, "private", {
      transitGatewayId: "tgw-1",
      certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/1",
    });
    strictEqual(config["pe-platform:exposure"], "private");
    deepStrictEqual(config["pe-platform:network"], {
      cidrBlock: "10.20.0.0/16",
      clientCidrs: localClientCidrs,
      privateGateway: { transitGatewayId: "tgw-1" },
    });
    strictEqual(
      config["pe-platform:certificateArn"],
      "arn:aws:acm:us-west-2:123456789012:certificate/1",
    );
  });

  it("changes keys that are written without the project's name under that spelling", () => {
    const config = localConfig({ exposure: "private", network: {} }, "public", {
      hostedZoneId: "Z1",
    });
    strictEqual(config.exposure, "public");
    ok(!("pe-platform:exposure" in config), "the key is there twice");
    strictEqual(config["pe-platform:hostedZone"], "Z1");
  });

  it("leaves encrypted values out and names their keys", () => {
    const secret = {
      ...section,
      "pe-platform:alarmEmail": { secure: "v1:abc" },
      "pe-platform:web": { instanceType: "m6i.large", token: { secure: "v1:def" } },
    };
    const config = localConfig(secret, "public", {});
    ok(!("pe-platform:alarmEmail" in config));
    deepStrictEqual(config["pe-platform:web"], { instanceType: "m6i.large" });
    deepStrictEqual(encryptedKeys(secret), ["pe-platform:alarmEmail", "pe-platform:web"]);
  });

  it("takes the guards off and changes nothing else", () => {
    const guarded = { ...section, "pe-platform:protect": true };
    deepStrictEqual(unguarded(guarded), { ...section, "pe-platform:protect": false });
    strictEqual(guarded["pe-platform:protect"], true, "the original was changed");
  });
});

describe("stand-ins of a local run", () => {
  const config = (more: Partial<PlatformConfig> = {}, region = "us-east-1"): PlatformConfig => ({
    ...parseConfig(
      {
        "aws:region": region,
        "pe-platform:domain": "platform.example.com",
        "pe-platform:protect": "false",
        "pe-platform:regionCount": "2",
        "pe-platform:peerStack": region === "us-east-1" ? "west" : "east",
        "pe-platform:network": JSON.stringify({
          cidrBlock: "10.10.0.0/16",
          availabilityZones: [`${region}a`, `${region}b`, `${region}c`],
        }),
      },
      region === "us-east-1" ? "east" : "west",
    ),
    ...more,
  });

  it("are none for a public stack: the other region's is really up", () => {
    deepStrictEqual(neededStandIns(config(), "public"), {});
    deepStrictEqual(neededStandIns(config({}, "us-west-2"), "public"), {});
  });

  it("take the place of a real zone and certificate", () => {
    const own = config({
      hostedZone: "Z0123456789",
      certificateArn: "arn:aws:acm:us-east-1:1:certificate/1",
    });
    const needed = neededStandIns(own, "public");
    deepStrictEqual(Object.keys(needed).sort(), ["certificate", "hostedZone"]);
    ok(needed.hostedZone?.includes("Z0123456789"));
  });

  it("say that a transit gateway replaces Direct Connect", () => {
    const base = config();
    const direct = config({
      network: {
        ...base.network,
        privateGateway: { directConnectGatewayId: "dx-1", amazonSideAsn: 64512 },
      },
    });
    ok(neededStandIns(direct, "private").transitGateway?.includes("Direct Connect"));
    ok(!neededStandIns(base, "private").transitGateway?.includes("Direct Connect"));
  });
});
