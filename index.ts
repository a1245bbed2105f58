import "./stacks/quietStackTraces";
import { getProject, getStack } from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config";
import { awsProvider } from "./stacks/awsProvider";
import { loadConfig } from "./stacks/config";
import { homeZoneId, platformOutputs, type PlatformOutputs } from "./stacks/contract";
import { RegionalPlatform } from "./stacks/regionalPlatform";
import { serviceLevel } from "./stacks/serviceLevel";

const config = loadConfig();
const level = serviceLevel(config);

// A region that `regionCount` leaves out has an empty desired state; `protect` guards its data.
const outputs: PlatformOutputs | { active: false } = level.active
  ? platformOutputs(
      config,
      level,
      new RegionalPlatform(
        "platform",
        {
          config,
          level,
          homeZoneId: homeZoneId(config, level),
          installationTags: { project: getProject(), stack: getStack() },
        },
        { providers: { aws: awsProvider(allConfig()) } },
      ),
    )
  : { active: false };

export = outputs;
