/** A service of the emulator, in one region. */
export interface ServiceCall {
  endpoint: string;
  service: string;
  region: string;
}

/**
 * Calls the emulator the way the AWS SDKs do, without one: the emulator reads service and region
 * from the credential scope and checks no signature.
 */
async function send(call: ServiceCall, path: string, init: RequestInit): Promise<string> {
  const scope = `local/20260101/${call.region}/${call.service}/aws4_request`;
  const response = await fetch(`${call.endpoint}${path}`, {
    ...init,
    signal: AbortSignal.timeout(60_000),
    headers: {
      ...(init.headers as Record<string, string> | undefined),
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(
    `The emulator answered ${response.status} to ${call.service} ${path}: ${text.slice(0, 300)}`,
  );
}

const form = { "Content-Type": "application/x-www-form-urlencoded" };

/** Query protocol (ec2, rds, iam, elasticloadbalancing, autoscaling, sts): answers XML. */
export function query(
  call: ServiceCall,
  version: string,
  action: string,
  parameters: Record<string, string> = {},
): Promise<string> {
  const body = new URLSearchParams({ Action: action, Version: version, ...parameters });
  return send(call, "/", { method: "POST", headers: form, body: body.toString() });
}

/** JSON protocol (kms, ssm, acm, secretsmanager, logs). */
export async function json<Answer>(
  call: ServiceCall,
  target: string,
  body: Record<string, unknown> = {},
): Promise<Answer> {
  const headers = { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target };
  const text = await send(call, "/", { method: "POST", headers, body: JSON.stringify(body) });
  return JSON.parse(text || "{}") as Answer;
}

/** REST with XML (route53, s3). */
export function rest(call: ServiceCall, method: string, path: string, body?: string) {
  return send(call, path, { method, ...(body === undefined ? {} : { body }) });
}

/** The text of every such element. Enough for the emulator's flat answers; no XML parser. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, "g"))].map(
    (match) => match[1] ?? "",
  );
}
