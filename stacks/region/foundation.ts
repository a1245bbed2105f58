import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { RandomId } from "@pulumi/random/randomId";
import { EncryptionKeys } from "../../components/base/encryptionKeys";
import { LogArchive } from "../../components/base/logArchive";
import { ArtifactStore } from "../../components/servers/artifactStore";
import { MachineKey } from "../../components/servers/machineKey";
import { sitePackage } from "../../components/servers/sitePackage";
import type { PlatformConfig } from "../config/platformConfig";
import type { Foundation, RegionStart } from "./context";

/** Keys, and the stores that servers write to and boot from. */
export function createFoundation({ config, child }: RegionStart): Foundation {
  const { region, protect } = config;
  const accountId = getCallerIdentityOutput({}, child).accountId;
  const suffix = new RandomId("suffix", { byteLength: 4 }, child).hex;
  const keys = new EncryptionKeys(
    "keys",
    { region, accountId, suffix, rotationDays: config.rotation.keyDays, protect },
    child,
  );
  const logs = new LogArchive(
    "logs",
    { region, accountId, retentionDays: config.logRetentionDays, protect },
    child,
  );
  const store = new ArtifactStore(
    "artifacts",
    { keyArn: keys.serversKeyArn, sites: sampleSites(config), protect },
    child,
  );
  const machineKeySecretArn = new MachineKey(
    "machine-key",
    { keyArn: keys.serversKeyArn, protect },
    child,
  ).secretArn;
  return { accountId, suffix, keys, logs, store, machineKeySecretArn };
}

/** The sites of the tiers that have none of their own. */
function sampleSites(config: PlatformConfig) {
  const roles = (["web", "app"] as const).filter((role) => !config[role].artifact);
  return Object.fromEntries(roles.map((role) => [role, sitePackage(role, config.region)]));
}
