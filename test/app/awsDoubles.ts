import { createHash, createHmac } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from "node:net";
import { SignatureV4 } from "@smithy/signature-v4";

/** Instance metadata and Secrets Manager of a server, answering as AWS does. */
export class AwsDouble {
  readonly credentials = {
    accessKeyId: "ASIAEXAMPLEKEY",
    secretAccessKey: "example/secret+key",
    sessionToken: "example-session-token==",
  };
  /** Undefined: the secret has no value yet. */
  secret: string | undefined;
  /** Secrets asked for under a right signature. */
  readonly asked: string[] = [];
  readonly refused: string[] = [];
  private server?: Server;

  async start(): Promise<string> {
    const server = createHttpServer((request, response) => {
      void this.answer(request).then(({ status, text }) => {
        response.writeHead(status).end(text);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const body = await read(request);
    const path = request.url ?? "";
    if (path === "/latest/api/token") {
      const ok =
        request.method === "PUT" && request.headers["x-aws-ec2-metadata-token-ttl-seconds"];
      return ok ? { status: 200, text: "metadata-token" } : { status: 400, text: "" };
    }
    if (path.startsWith("/latest/")) {
      if (request.headers["x-aws-ec2-metadata-token"] !== "metadata-token") {
        return { status: 401, text: "" };
      }
      const { accessKeyId, secretAccessKey, sessionToken } = this.credentials;
      const roles = "/latest/meta-data/iam/security-credentials/";
      return {
        status: 200,
        text:
          path === roles
            ? "app-servers"
            : JSON.stringify({
                Code: "Success",
                AccessKeyId: accessKeyId,
                SecretAccessKey: secretAccessKey,
                Token: sessionToken,
              }),
      };
    }
    const problem = await this.checkSignature(request, body);
    if (problem) {
      this.refused.push(problem);
      return { status: 400, text: '{"__type":"InvalidSignatureException"}' };
    }
    this.asked.push((JSON.parse(body) as { SecretId: string }).SecretId);
    return this.secret === undefined
      ? { status: 400, text: '{"__type":"ResourceNotFoundException"}' }
      : { status: 200, text: JSON.stringify({ SecretString: this.secret }) };
  }

  /** Signs the same request with AWS's own signer and compares. */
  private async checkSignature(
    request: IncomingMessage,
    body: string,
  ): Promise<string | undefined> {
    const sent = request.headers.authorization ?? "";
    const names = /SignedHeaders=([^,]+)/.exec(sent)?.[1]?.split(";") ?? [];
    const headers = Object.fromEntries(
      names.map((name) => [name, String(request.headers[name] ?? "")]),
    );
    const date = String(request.headers["x-amz-date"]);
    const signer = new SignatureV4({
      service: "secretsmanager",
      region: "us-east-1",
      credentials: this.credentials,
      sha256: NodeSha256,
      applyChecksum: false,
    });
    const signed = await signer.sign(
      {
        method: request.method ?? "",
        protocol: "http:",
        hostname: "127.0.0.1",
        path: request.url ?? "/",
        query: {},
        headers,
        body,
      },
      {
        signingDate: new Date(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z")),
      },
    );
    return signed.headers.authorization === sent
      ? undefined
      : `sent ${sent}\nexpected ${signed.headers.authorization}`;
  }
}

/** Node's SHA-256 in the form AWS's signer takes. */
class NodeSha256 {
  private readonly parts: Uint8Array[] = [];

  constructor(private readonly secret?: string | ArrayBuffer | ArrayBufferView) {}

  update(data: Uint8Array): void {
    this.parts.push(data);
  }

  digest(): Promise<Uint8Array> {
    const hash =
      this.secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", this.secret as string | Uint8Array);
    for (const part of this.parts) hash.update(part);
    return Promise.resolve(hash.digest());
  }

  reset(): void {
    this.parts.length = 0;
  }
}

/**
 * A SQL Server that takes connections but no encryption: what someone between app and database
 * would pretend to be. Keeps the kinds of packet it got (MS-TDS 2.2.3.1.1).
 */
export class PlainSqlServer {
  static readonly preLogin = 0x12;
  static readonly login = 0x10;
  readonly packets: number[] = [];
  private server?: TcpServer;

  async start(): Promise<number> {
    const server = createTcpServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", (data) => {
        this.packets.push(data[0] ?? 0);
        // PRELOGIN response: version 16.0, ENCRYPT_NOT_SUP.
        const payload = [0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2];
        socket.write(Buffer.from([4, 1, 0, payload.length + 8, 0, 0, 1, 0, ...payload]));
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server?.close();
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
