import { describeStack, type StackReport } from "../../../insight/figures/report";
import { readStack } from "../../../config/stackFiles";

type Config = Record<string, unknown>;
export type Edit = (config: Config) => Config;

/** A stack as its file stands, with some keys changed. */
export async function stackWith(stack: string, edit: Edit = (config) => config) {
  const { raw } = readStack(stack, undefined, edit);
  return describeStack(stack, raw);
}

/** Both stacks of prod, with the same keys changed. */
export async function prodWith(edit?: Edit): Promise<StackReport[]> {
  return [await stackWith("prod-east", edit), await stackWith("prod-west", edit)];
}

/** Sets keys of the project. */
export function setting(values: Record<string, unknown>): Edit {
  return (config) => ({
    ...config,
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [pe(key), value])),
  });
}

/** Sets some members of a key that holds an object. */
export function within(key: string, values: Record<string, unknown>): Edit {
  return (config) => ({ ...config, [pe(key)]: { ...(config[pe(key)] as object), ...values } });
}

/** As a private installation with this gateway. */
export function privateBy(privateGateway: Record<string, unknown>): Edit {
  return (config) => {
    const region = String(config["aws:region"]);
    const certificateArn = `arn:aws:acm:${region}:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000`;
    const clientCidrs = ["10.200.0.0/16", "10.201.0.0/16"];
    const open = setting({ exposure: "private", certificateArn })(config);
    return within("network", { clientCidrs, privateGateway })(open);
  };
}

export const transitGateway = privateBy({ transitGatewayId: "tgw-0123456789abcdef0" });
export const directConnect = privateBy({
  directConnectGatewayId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
  amazonSideAsn: 64_512,
});

export const twoWay = within("replication", {
  mode: "twoWay",
  tables: ["fund.%", "dbo.Investor%"],
  ownership: { tenantColumn: "OwnerRegion", values: { "us-east-1": "east", "us-west-2": "west" } },
});

function pe(key: string): string {
  return `pe-platform:${key}`;
}
