import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a server must know to start; plain text and no secret, user data is readable on it. */
export interface UserDataParams {
  role: "web" | "app";
  region: string;
  /** The launch hook that waits for the bootstrap's answer, and its group. */
  lifecycleHookName: string;
  autoScalingGroupName: string;
  artifactBucket: string;
  artifactKey: string;
  /** Hexadecimal, 64 digits; a site with any other content is refused. */
  artifactSha256: string;
  /** Secret with JSON {validationKey, decryptionKey}. */
  machineKeySecretArn: string;
  /** CloudWatch log group for the bootstrap's, Windows' and IIS's logs. */
  logGroupName: string;
  /** CloudWatch namespace of the server's metrics. */
  metricNamespace: string;
  /** Written to the site's platform.config as appSettings; keys are letters and digits. */
  settings: Record<string, string>;
}

/** Bytes of user data EC2 takes, before base64 (EC2 User Guide, "Run commands at launch"). */
export const userDataLimitBytes = 16 * 1024;

/** Where the bootstrap's scripts are, in the order they depend on each other. */
const scriptDir = join(__dirname, "..", "..", "app", "windows");
const scriptNames = ["support", "agent", "server", "site", "bootstrap"];

const parameterNames: Record<Exclude<keyof UserDataParams, "settings">, string> = {
  role: "Role",
  region: "Region",
  lifecycleHookName: "LifecycleHook",
  autoScalingGroupName: "AutoScalingGroup",
  artifactBucket: "ArtifactBucket",
  artifactKey: "ArtifactKey",
  artifactSha256: "ArtifactSha256",
  machineKeySecretArn: "MachineKeySecretArn",
  logGroupName: "LogGroup",
  metricNamespace: "MetricNamespace",
};

/** Settings whose value would be a secret; servers read secrets by ARN with their role. */
const secretLike = /(password|passwd|pwd|token|credential|privatekey|apikey|secret)$/i;

/**
 * A server's user data: the parameters, then the scripts of app/windows without comments and
 * indentation, which keeps it below EC2's limit. The same parameters give the same bytes, so only
 * a real edit makes a new launch template version and rolls the servers.
 *
 * @throws Error for a value PowerShell or EC2Launch could read as something else, for a setting
 *   named like a secret, for a malformed hash, and above 16 KiB.
 */
export function renderUserData(params: UserDataParams): string {
  if (!/^[0-9a-f]{64}$/i.test(params.artifactSha256)) {
    throw new Error(
      `The artifact's SHA-256 must be 64 hexadecimal digits, not "${params.artifactSha256}".`,
    );
  }
  const text = [
    "<powershell>",
    "$ErrorActionPreference = 'Stop'",
    "$ProgressPreference = 'SilentlyContinue'",
    "Set-StrictMode -Version 3.0",
    "[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12",
    "$Platform = @{",
    ...Object.entries(parameterNames).map(
      ([key, name]) => `${name} = ${literal(key, params[key as keyof typeof parameterNames])}`,
    ),
    "Settings = [ordered]@{",
    ...settingLines(params.settings),
    "}",
    "}",
    scripts(),
    "</powershell>",
    "",
  ].join("\n");
  const size = Buffer.byteLength(text, "utf8");
  if (size > userDataLimitBytes) {
    throw new Error(
      `The ${params.role} tier's user data has ${size} bytes; EC2 takes ${userDataLimitBytes}. ` +
        "Shorten the tier's settings or the scripts in app/windows.",
    );
  }
  return text;
}

function settingLines(settings: Record<string, string>): string[] {
  // Sorted: the order in which a caller happened to write them must not roll the servers.
  return Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(key)) {
        throw new Error(`The setting name "${key}" must be letters and digits.`);
      }
      if (secretLike.test(key)) {
        throw new Error(
          `The setting "${key}" is named like a secret. User data is readable on the server: ` +
            "keep the value in Secrets Manager and pass its ARN (name it …SecretArn).",
        );
      }
      return `${key} = ${literal(`settings.${key}`, value)}`;
    });
}

/**
 * A single-quoted PowerShell string, in which nothing is expanded. Only printable ASCII: PowerShell
 * also ends such a string at typographic quotes, and EC2Launch's decoding is not ours to choose.
 */
function literal(name: string, value: string): string {
  if (typeof value !== "string") {
    throw new Error(`User data ${name} must be a string, not ${typeof value}.`);
  }
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw new Error(`User data ${name} may hold printable ASCII only: ${JSON.stringify(value)}.`);
  }
  if (/<\/?(powershell|script|persist)/i.test(value)) {
    throw new Error(`User data ${name} holds a tag that EC2Launch acts on: ${value}.`);
  }
  return `'${value.replaceAll("'", "''")}'`;
}

let scriptText: string | undefined;

function scripts(): string {
  scriptText ??= scriptNames
    .flatMap((name) => readFileSync(join(scriptDir, `${name}.ps1`), "utf8").split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");
  return scriptText;
}
