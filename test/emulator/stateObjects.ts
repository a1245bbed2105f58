import { elements } from "../../local/emulator/api";

/** Answer to an S3 request of any kind. */
export interface S3Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A bucket on the emulator, as a program other than Pulumi meets it. */
export class StateObjects {
  constructor(
    private readonly endpoint: string,
    readonly bucket: string,
  ) {}

  /** @param path below the bucket; may have a query. */
  async request(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<S3Answer> {
    const scope = "local/20260101/us-east-1/s3/aws4_request";
    const response = await fetch(`${this.endpoint}/${this.bucket}/${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...headers,
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Ids of an object's versions, the newest first. */
  async versions(key: string): Promise<string[]> {
    const { text } = await this.request("GET", `?versions&prefix=${encodeURIComponent(key)}`);
    const found = [...text.matchAll(/<Version>.*?<\/Version>/gs)].map(([version]) => version);
    return found
      .filter((version) => elements(version, "Key")[0] === key)
      .map((version) => elements(version, "VersionId")[0] ?? "");
  }

  /** Keys that are there now, below a prefix. */
  async keys(prefix: string): Promise<string[]> {
    const { text } = await this.request("GET", `?list-type=2&prefix=${encodeURIComponent(prefix)}`);
    return elements(text, "Key");
  }
}
