import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi/errors";
import { allConfig, setAllConfig } from "@pulumi/pulumi/runtime/config";
import { loadConfig } from "../../../stacks/config/platformConfig";
import { toRaw } from "./validConfig";

describe("loadConfig", () => {
  const before = allConfig();
  afterEach(() => setAllConfig(before));

  const values = {
    domain: "platform.example.com",
    protect: false,
    network: {
      cidrBlock: "10.10.0.0/16",
      availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    },
  };

  it("reads the running engine's config", () => {
    setAllConfig(toRaw("us-east-1", { ...values, azCount: 2 }));
    assert.equal(loadConfig().azCount, 2);
  });

  it("fails with an error that the engine prints without a stack trace", () => {
    setAllConfig(toRaw("us-east-1", { ...values, azCount: 9 }));
    assert.throws(loadConfig, (error: Error) => {
      assert.ok(RunError.isInstance(error));
      assert.match(error.message, /^Stack \S+: 1 problem in Pulumi\.\S+\.yaml\n {2}- azCount: 9 /);
      return true;
    });
  });
});
