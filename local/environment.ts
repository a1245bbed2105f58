import { dirname, delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LocalPaths, RunPaths } from "../engine/paths";

type Environment = Record<string, string | undefined>;

/** Engine settings that say where plugins come from; every other PULUMI_ variable is dropped. */
const keptPulumiVariables = [
  "PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH",
  "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
  "PULUMI_IGNORE_AMBIENT_PLUGINS",
  "PULUMI_PARALLEL",
];

/** Protects the state of emulated resources, whose secrets are made up; nothing real uses it. */
const passphrase = "local-emulator-only";

/**
 * The environment of the engine and everything it starts. No real account can be reached from it:
 * all of the caller's AWS_ variables (keys, profiles, roles, endpoints) are gone, the AWS files are
 * empty ones, the credentials are made up, and every service's endpoint is the emulator. The
 * caller's Pulumi login is not used either.
 */
export function engineEnvironment(
  base: Environment,
  cli: string,
  paths: LocalPaths,
  run: RunPaths,
  endpoint: string,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || name.startsWith("AWS_")) continue;
    if (name.startsWith("PULUMI_") && !keptPulumiVariables.includes(name)) continue;
    env[name] = value;
  }
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  // The engine finds its language host beside itself; the program runs on this very Node.
  env[pathName] = [dirname(cli), dirname(process.execPath), env[pathName] ?? ""].join(delimiter);
  return {
    ...env,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(paths.aws, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(paths.aws, "credentials"),
    NO_PROXY: [base.NO_PROXY, "127.0.0.1"].filter(Boolean).join(","),
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_BACKEND_URL: pathToFileURL(run.state).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Makes the engine offer --event-log, which the Automation API relies on in the same way.
    PULUMI_DEBUG_COMMANDS: "true",
  };
}
