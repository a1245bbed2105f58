import type { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

type Credentials = ReturnType<typeof fromTemporaryCredentials>;

/** What every client of the AWS SDK takes. */
export interface ClientSettings {
  region: string;
  credentials: Credentials;
  endpoint?: string;
  useFipsEndpoint?: boolean;
  useDualstackEndpoint?: boolean;
  maxAttempts: number;
}

interface AssumedRole {
  roleArn?: string;
  sessionName?: string;
  /** As Go writes it, e.g. "1h30m". */
  duration?: string;
  externalId?: string;
  policy?: string;
  policyArns?: string[];
  sourceIdentity?: string;
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
}

interface WebIdentityRole extends AssumedRole {
  webIdentityToken?: string;
  webIdentityTokenFile?: string;
}

/** The provider's settings that decide whom it calls, and as whom. */
interface ProviderSettings {
  region?: string;
  profile?: string;
  accessKey?: string;
  secretKey?: string;
  token?: string;
  sharedConfigFiles?: string[];
  sharedCredentialsFiles?: string[];
  assumeRoles?: AssumedRole[];
  assumeRoleWithWebIdentity?: WebIdentityRole;
  endpoints?: Record<string, string>[];
  useFipsEndpoint?: boolean;
  useDualstackEndpoint?: boolean;
  stsRegion?: string;
}

/**
 * Settings of a client of the AWS SDK that calls the same region and endpoint with the same
 * credentials as the stack's AWS provider does, by the same `aws:` settings and environment.
 *
 * @param settings as the provider gets them.
 * @param service its key in the provider's `endpoints`.
 */
export async function clientSettings(settings: unknown, service: string): Promise<ClientSettings> {
  // The SDK's advice on Node is about its own next releases, and would stand in the output of `up`.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const provider = settings as ProviderSettings;
  const { region = "us-east-1", useFipsEndpoint, useDualstackEndpoint } = provider;
  const endpoint = endpointOf(provider, service);
  return {
    region,
    credentials: await credentialsOf(provider, provider.stsRegion ?? region),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(useFipsEndpoint === undefined ? {} : { useFipsEndpoint }),
    ...(useDualstackEndpoint === undefined ? {} : { useDualstackEndpoint }),
    // About two minutes of an outage: the roll goes on meanwhile, and so does the next run.
    maxAttempts: 10,
  };
}

function endpointOf({ endpoints = [] }: ProviderSettings, service: string): string | undefined {
  return endpoints.map((named) => named[service]).find((url) => url);
}

// Loaded only when a call is about to be made: a preview needs none of it.
const providers = () => import("@aws-sdk/credential-providers");

async function credentialsOf(settings: ProviderSettings, region: string): Promise<Credentials> {
  const { fromTemporaryCredentials } = await providers();
  const endpoint = endpointOf(settings, "sts");
  const clientConfig = { region, ...(endpoint === undefined ? {} : { endpoint }) };
  let credentials = await ownCredentials(settings, clientConfig);
  for (const role of settings.assumeRoles ?? []) {
    const { externalId, sourceIdentity, tags, transitiveTagKeys } = role;
    credentials = fromTemporaryCredentials({
      masterCredentials: credentials,
      clientConfig,
      params: {
        ...sessionOf(role),
        RoleArn: role.roleArn,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
        ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
        ...(transitiveTagKeys && { TransitiveTagKeys: transitiveTagKeys }),
      },
    });
  }
  return credentials;
}

/** Of whoever runs the program, before any role is assumed. */
async function ownCredentials(
  settings: ProviderSettings,
  clientConfig: { region: string; endpoint?: string },
): Promise<Credentials> {
  const { fromNodeProviderChain, fromTokenFile, fromWebToken } = await providers();
  const { accessKey, secretKey, token, profile } = settings;
  const { assumeRoleWithWebIdentity: web, sharedConfigFiles, sharedCredentialsFiles } = settings;
  if (accessKey && secretKey) {
    const keys = { accessKeyId: accessKey, secretAccessKey: secretKey };
    return () => Promise.resolve(token ? { ...keys, sessionToken: token } : keys);
  }
  if (web?.roleArn) {
    const { webIdentityToken, webIdentityTokenFile } = web;
    const session = sessionOf(web);
    const given = {
      clientConfig,
      roleArn: web.roleArn,
      roleSessionName: session.RoleSessionName,
      ...(web.policy === undefined ? {} : { policy: web.policy }),
    };
    return webIdentityToken
      ? fromWebToken({ ...given, webIdentityToken })
      : fromTokenFile({ ...given, ...(webIdentityTokenFile ? { webIdentityTokenFile } : {}) });
  }
  return fromNodeProviderChain({
    clientConfig,
    ...(profile ? { profile } : {}),
    ...(sharedConfigFiles?.[0] ? { configFilepath: sharedConfigFiles[0] } : {}),
    ...(sharedCredentialsFiles?.[0] ? { filepath: sharedCredentialsFiles[0] } : {}),
  });
}

function sessionOf({ sessionName, duration, policy, policyArns }: AssumedRole) {
  const seconds = duration === undefined ? undefined : secondsOf(duration);
  return {
    RoleSessionName: sessionName ?? "pulumi",
    ...(seconds === undefined ? {} : { DurationSeconds: seconds }),
    ...(policy === undefined ? {} : { Policy: policy }),
    ...(policyArns && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
  };
}

function secondsOf(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}
