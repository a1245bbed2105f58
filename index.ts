import "./stacks/quietStackTraces";
import "./stacks/quietDebugLog";
import { setImmediate } from "node:timers/promises";
import { getProject, getStack } from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config";
import { awsProvider, healthProvider, peerProvider, providerSettings } from "./stacks/awsProvider";
import { loadConfig } from "./stacks/config/platformConfig";
import { encryptedKeys } from "./stacks/editGuard";
import { guardedConfig } from "./stacks/editRules";
import { fleetApis } from "./stacks/fleetApi";
import { readPeer, refuseWhileProtected } from "./stacks/peer";
import type { PlatformOutputs } from "./stacks/region/platformOutputs";
import { replicationPlan } from "./stacks/replicationPlan";
import { serviceLevel } from "./stacks/serviceLevel";

/** A function, so that the other region's contract is read before anything is registered. */
export = async (): Promise<PlatformOutputs | { active: false }> => {
  const config = loadConfig();
  const level = serviceLevel(config);
  // A region that `regionCount` leaves out has an empty desired state, once nothing guards its data.
  if (!level.active) {
    await refuseWhileProtected(config);
    return { active: false };
  }
  const replication = replicationPlan(config, level);
  const {
    contract,
    term,
    keepReplicatedBackups = false,
  } = await readPeer(config, level, replication);
  const raw = allConfig();
  const aws = awsProvider(raw);
  const forHealth = level.healthCheck === "https" ? healthProvider(raw) : undefined;
  const forPeer =
    replication.ownsPeering && contract ? peerProvider(raw, contract.region) : undefined;
  // Plugins take seconds to start: off they go to the engine, while the rest is loaded and made.
  await setImmediate();
  const { RegionalPlatform } = await import("./stacks/region/platform");
  const { platformOutputs } = await import("./stacks/region/platformOutputs");
  const platform = new RegionalPlatform(
    "platform",
    {
      config,
      level,
      replication,
      keepReplicatedBackups,
      ...(contract ? { peer: contract } : {}),
      ...(forPeer ? { peerProvider: forPeer } : {}),
      ...(forHealth ? { healthProvider: forHealth } : {}),
      installationTags: { project: getProject(), stack: getStack() },
      autoScaling: fleetApis(providerSettings(raw)),
      guarded: guardedConfig(config, encryptedKeys()),
    },
    { providers: { aws } },
  );
  return platformOutputs(config, level, replication, term, platform);
};
