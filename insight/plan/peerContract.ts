import { cidrPlan } from "../../stacks/cidrPlan";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { contractVersion, type RegionContract } from "../../stacks/contract";
import { hex, mockAccountId, uuid } from "../../catalogue/answers";
import type { Json, JsonObject } from "../../catalogue/json";
import type { StackOutputs } from "./plan";
import { listStacks, readStack } from "../../config/stackFiles";

/**
 * Answers for the other region's stack as if it were up: its addresses from its own stack file
 * where there is one, all ids made up. The stack that is planned counts as never brought up.
 */
export function mockPeer(stack: string, raw: Record<string, string>): StackOutputs {
  return (reference) => {
    const name = reference.split("/").at(-1) ?? reference;
    const config = tryParse(() => raw, stack);
    if (name === stack || !config || name !== config.peerStack) return undefined;
    const region = config.regions.find((other) => other !== config.region);
    if (region === undefined) return undefined;
    const { cidrBlock, azCount } = peerNumbers(name, config, region);
    const contract = contractOf(config, region, cidrBlock, azCount);
    return {
      hostedZoneId: contract.hostedZoneId,
      contract: JSON.parse(JSON.stringify(contract)) as Json,
    } satisfies JsonObject;
  };
}

function tryParse(read: () => Record<string, string>, stack: string): PlatformConfig | undefined {
  try {
    return parseConfig(read(), stack);
  } catch {
    return undefined; // Told where that stack itself is planned.
  }
}

/** From the peer's stack file if that is this installation's other region, else invented. */
function peerNumbers(name: string, { domain, network, azCount }: PlatformConfig, region: string) {
  const peer = listStacks().includes(name) ? tryParse(() => readStack(name).raw, name) : undefined;
  if (peer?.domain === domain && peer.region === region) {
    return { cidrBlock: peer.network.cidrBlock, azCount: peer.azCount };
  }
  const other = network.cidrBlock === "10.20.0.0/16" ? "10.10.0.0/16" : "10.20.0.0/16";
  return { cidrBlock: other, azCount };
}

function contractOf(
  { domain, regions, region: own, replication, database }: PlatformConfig,
  region: string,
  cidrBlock: string,
  azCount: number,
): RegionContract {
  const id = (prefix: string, what: string): string =>
    `${prefix}-0${hex(`${domain} ${region} ${what}`, 16)}`;
  const suffix = hex(`${domain} ${region}`, 8);
  const arn = (service: string, resource: string, where = region): string =>
    `arn:aws:${service}:${where}:${mockAccountId}:${resource}`;
  const identifier = `database-${suffix}`;
  const home = regions[0] === region;
  const joined = replication.mode !== "none";
  const receives = joined && (replication.mode === "twoWay" || replication.writer === own);
  return {
    version: contractVersion,
    installation: domain,
    region,
    home,
    azCount,
    suffix,
    hostedZoneId: `Z${hex(`${domain} zone`, 20).toUpperCase()}`,
    vpcId: id("vpc", "network"),
    cidrBlock,
    protected: true,
    isolated: cidrPlan(cidrBlock).map(({ letter, isolatedCidr }) => ({
      letter,
      cidr: isolatedCidr,
      routeTableId: id("rtb", `isolated ${letter}`),
    })),
    databaseGroupId: id("sg", "database"),
    databaseKeyArn: arn("kms", `key/${uuid(`${domain} ${region} database`)}`),
    database: {
      host: `${identifier}.${hex(region, 12)}.${region}.rds.amazonaws.com`,
      port: 1433,
      identifier,
      arn: arn("rds", `db:${identifier}`),
      resourceId: `db-${hex(`${domain} ${region} ${database.name}`, 26).toUpperCase()}`,
      masterSecretArn: arn("secretsmanager", `secret:rds!db-${suffix}-${hex(suffix, 6)}`),
    },
    writer: replication.writer,
    term: 1,
    ...(receives ? { follows: own } : {}),
    ...(receives && replication.backupRetentionDays > 0 ? { backupsOf: own } : {}),
    function: { name: `database-function-${hex(suffix, 7)}`, codeHash: hex(`${region} code`, 43) },
    rotationFunctionArn: arn("lambda", `function:platform-rotation-${suffix}`),
    ...(home || !joined
      ? {}
      : {
          sourceSecretReplicaArn: arn(
            "secretsmanager",
            `secret:replication-source-login-${hex(suffix, 7)}-${hex(region, 6)}`,
            own,
          ),
        }),
  };
}
