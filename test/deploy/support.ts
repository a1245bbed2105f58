import type { DeployContext } from "../../deploy/deployContext";

/** A valid config in the engine's raw form; a key set to undefined is left out. */
export function rawConfig(
  changes: Record<string, string | object | undefined> = {},
): Record<string, string> {
  const values: Record<string, string | object | undefined> = {
    "aws:region": "us-east-1",
    organization: "acme",
    repository: "acme/pe-platform",
    account: "123456789012",
    stacks: { "cost-saver": {}, "prod-east": {}, "prod-west": {} },
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key.includes(":") ? key : `pe-deploy:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
  );
}

const production = {
  regions: ["us-east-1", "us-west-2"],
  open: true,
  regionCount: 2,
  writer: "us-east-1",
  domain: "platform.example.com",
  projectTag: "pe-platform",
  protected: true,
};

/** The platform as its three stack files have it, in a clone of main and release. */
export function deployContext(changes: Partial<DeployContext> = {}): DeployContext {
  return {
    project: "pe-platform",
    stacks: {
      "cost-saver": {
        region: "us-east-1",
        regions: ["us-east-1"],
        open: true,
        regionCount: 1,
        writer: "us-east-1",
        domain: "small.example.com",
        cidrBlock: "10.30.0.0/16",
        projectTag: "pe-platform-cost-saver",
        protected: true,
      },
      "prod-east": { ...production, region: "us-east-1", cidrBlock: "10.10.0.0/16" },
      "prod-west": { ...production, region: "us-west-2", cidrBlock: "10.20.0.0/16" },
    },
    branches: ["main", "release"],
    hasToken: true,
    ...changes,
  };
}

export const review = {
  template: "cost-saver",
  domain: "review.example.com",
  hostedZone: "Z0123456789ABC",
};
