import type { UserDataParams } from "../../components/servers/windowsUserData";

const hash = "0123456789abcdef".repeat(4);
const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret";

/** Values as long as a real stack's. */
export function webParams(changed: Partial<UserDataParams> = {}): UserDataParams {
  return {
    role: "web",
    region: "us-east-1",
    lifecycleHookName: "bootstrap",
    autoScalingGroupName: "web-prod-east-1a2b3c4d",
    artifactBucket: "artifacts-20261123201155123400000001",
    artifactKey: `sites/web/${hash}.zip`,
    artifactSha256: hash,
    machineKeySecretArn: `${secret}:machine-key-1a2b3c4-AbCdEf`,
    logGroupName: "web-1a2b3c4",
    metricNamespace: "PePlatform/Servers",
    settings: { appEndpoint: "https://app.us-east-1.platform.example.com" },
    ...changed,
  };
}

export function appParams(changed: Partial<UserDataParams> = {}): UserDataParams {
  return webParams({
    role: "app",
    artifactKey: `sites/app/${hash}.zip`,
    settings: {
      databaseSecretArn: `${secret}:app-login-20261123201155123400000001-AbCdEf`,
      databaseSubnets:
        "10.10.40.0/21=us-east-1a;10.10.104.0/21=us-east-1b;10.10.168.0/21=us-east-1c",
    },
    ...changed,
  });
}
