import { GlobalDns } from "../../components/entry/globalDns";
import type { RegionContext } from "./context";

/** The installation's names and their certificate, as far as this stack owns them. */
export function createNames({ config, level, peer, network, child }: RegionContext): GlobalDns {
  const homeZoneId = level.isHomeRegion ? undefined : peer?.hostedZoneId;
  const hostedZoneId = config.hostedZone === "create" ? homeZoneId : config.hostedZone;
  return new GlobalDns(
    "dns",
    {
      region: config.region,
      domain: config.domain,
      ...(hostedZoneId === undefined ? {} : { hostedZoneId }),
      ...(config.exposure === "private" ? { privateVpcId: network.vpcId } : {}),
      ...(config.certificateArn ? { certificateArn: config.certificateArn } : {}),
      ownsSharedRecords: level.isHomeRegion,
      protect: config.protect,
    },
    child,
  );
}
