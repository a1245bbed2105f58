import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { delimiter } from "node:path";
import { engineEnvironment } from "../../local/environment";
import { localPaths, runPaths } from "../../engine/paths";

const paths = localPaths("/project", {});
const run = runPaths(paths, "public");
const environment = (base: Record<string, string>) =>
  engineEnvironment(base, "/opt/pulumi/pulumi", paths, run, "http://127.0.0.1:5570");

describe("environment of the engine", () => {
  it("has no way to a real account", () => {
    const env = environment({
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "real",
      AWS_ACCESS_KEY_ID: "AKIAREAL",
      AWS_SECRET_ACCESS_KEY: "real",
      AWS_ROLE_ARN: "arn:aws:iam::1:role/real",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.2",
      AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com",
      AWS_CA_BUNDLE: "/ca.pem",
    });
    deepStrictEqual(
      Object.keys(env)
        .filter((name) => name.startsWith("AWS_"))
        .sort(),
      [
        "AWS_ACCESS_KEY_ID",
        "AWS_CONFIG_FILE",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SHARED_CREDENTIALS_FILE",
      ],
    );
    ok(!JSON.stringify(env).includes("real"));
    ok(!JSON.stringify(env).includes("AKIAREAL"));
    ok(env.AWS_CONFIG_FILE?.startsWith(paths.local));
  });

  it("has nothing of the user's Pulumi login, home or passphrase", () => {
    const env = environment({
      PULUMI_ACCESS_TOKEN: "pul-secret",
      PULUMI_HOME: "/home/user/.pulumi",
      PULUMI_BACKEND_URL: "s3://real-state",
      PULUMI_CONFIG_PASSPHRASE: "theirs",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/theirs",
      PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH: "true",
    });
    ok(!("PULUMI_ACCESS_TOKEN" in env));
    ok(!("PULUMI_CONFIG_PASSPHRASE_FILE" in env));
    strictEqual(env.PULUMI_HOME, paths.pulumiHome);
    ok(env.PULUMI_BACKEND_URL?.startsWith("file:///"));
    ok(env.PULUMI_CONFIG_PASSPHRASE !== "theirs");
    strictEqual(env.PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH, "true", "says where plugins come from");
  });

  it("looks for the language host beside the engine first", () => {
    const { PATH = "" } = environment({ PATH: "/usr/bin" });
    strictEqual(PATH.split(delimiter)[0], "/opt/pulumi");
    ok(PATH.split(delimiter).includes("/usr/bin"));
  });
});
