import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** What a client logged in with. */
export interface Login {
  username: string;
  password: string;
  database: string;
}

/** A certificate for `localhost`, and a home in which Mono trusts it. */
export class LocalAuthority {
  readonly key: Buffer;
  readonly certificate: Buffer;
  /** For XDG_CONFIG_HOME. */
  readonly home: string;

  /** Node makes no certificates: OpenSSL's program does. */
  static possible(): boolean {
    return spawnSync("openssl", ["version"]).status === 0;
  }

  constructor() {
    this.home = mkdtempSync(join(tmpdir(), "pe-authority-"));
    const [key, certificate] = [join(this.home, "key.pem"), join(this.home, "certificate.pem")];
    const made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost";
    openssl([...made.split(" "), "-addext", "subjectAltName=DNS:localhost"], key, certificate);
    const hash = openssl(["x509", "-noout", "-subject_hash", "-in", certificate]).trim();
    const trusted = join(this.home, ".mono", "new-certs", "Trust");
    mkdirSync(trusted, { recursive: true });
    this.key = readFileSync(key);
    this.certificate = readFileSync(certificate);
    writeFileSync(join(trusted, `${hash}.0`), this.certificate);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function openssl(args: string[], key?: string, out?: string): string {
  const files = key && out ? ["-keyout", key, "-out", out] : [];
  const run = spawnSync("openssl", [...args, ...files], { encoding: "utf8" });
  if (run.status !== 0) throw run.error ?? new Error(run.stderr);
  return run.stdout;
}

const preLogin = 0x12;
const login7 = 0x10;
const sqlBatch = 0x01;
const procedureCall = 0x03;

/**
 * A SQL Server as far as the chain's question goes: encryption is demanded, one login is known, and
 * every question gets the same row of two texts, after each `complaint` about it (MS-TDS 2.2).
 */
export class SqlServerDouble {
  password = "";
  row: [string, string] = ["EC2AMAZ-1", "10.10.40.9"];
  /** Errors before the answer to a question, which is answered all the same. */
  complaint: (question: string) => string[] = () => [];
  readonly logins: Login[] = [];
  private server?: Server;

  constructor(private readonly authority: LocalAuthority) {}

  async start(): Promise<number> {
    const server = createServer((socket) => this.serve(socket));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server?.close();
  }

  private serve(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      // Version 16.0, ENCRYPT_REQ.
      socket.write(packet([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 3]));
      const { key, certificate: cert } = this.authority;
      const secure = new TLSSocket(wrapped(socket), {
        isServer: true,
        key,
        cert,
        maxVersion: "TLSv1.2",
      });
      secure.on("error", () => socket.destroy());
      let open = Buffer.alloc(0);
      secure.on("data", (data: Buffer) => {
        open = Buffer.concat([open, data]);
        for (let all = message(open); all; all = message(open)) {
          open = open.subarray(all.length);
          const answer = this.answer(all.type, all.content);
          if (answer) secure.write(packet(answer));
        }
      });
    });
  }

  private answer(type: number, content: Buffer): number[] | undefined {
    if (type === sqlBatch || type === procedureCall) {
      // A call's parameters begin at odd places, too.
      const question = content.toString("utf16le") + content.subarray(1).toString("utf16le");
      // A driver's settings of the session.
      if (question.includes("set textsize")) return done(0);
      const errors = this.complaint(question).flatMap((text) => errorOf(22022, text));
      return [...errors, ...rowOf(this.row)];
    }
    if (type !== login7) return undefined;
    const login = readLogin(content);
    this.logins.push(login);
    return login.password === this.password ? welcome : refusal(login.username);
  }
}

/** The handshake travels inside TDS packets, all after it does not (MS-TDS 2.2.6.5). */
function wrapped(socket: Socket): Duplex {
  let held = Buffer.alloc(0);
  const inner = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(isHandshake(chunk) ? packet([...chunk], preLogin) : chunk, () => done());
    },
  });
  socket.on("data", (data) => {
    held = Buffer.concat([held, data]);
    while (held.length > 0) {
      if (held[0] !== preLogin) {
        inner.push(held);
        held = Buffer.alloc(0);
        return;
      }
      const length = held.length < 8 ? Infinity : held.readUInt16BE(2);
      if (held.length < length) return;
      inner.push(held.subarray(8, length));
      held = held.subarray(length);
    }
  });
  socket.on("close", () => inner.push(null));
  return inner;
}

/** Change of cipher, alert or handshake: whatever is not an application's data. */
const isHandshake = (record: Buffer): boolean => record[0] !== 0x17;

const packet = (content: number[], type = 4): Buffer =>
  Buffer.from([type, 1, ...u16(content.length + 8, "big"), 0, 0, 1, 0, ...content]);

/** The first whole message, of one or more packets. */
function message(data: Buffer): { type: number; length: number; content: Buffer } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= data.length;) {
    const end = at + data.readUInt16BE(at + 2);
    if (end > data.length) return undefined;
    parts.push(data.subarray(at + 8, end));
    if (data[at + 1]! & 1) return { type: data[at]!, length: end, content: Buffer.concat(parts) };
    at = end;
  }
  return undefined;
}

function readLogin(content: Buffer): Login {
  const field = (at: number): Buffer => {
    const from = content.readUInt16LE(at);
    return content.subarray(from, from + 2 * content.readUInt16LE(at + 2));
  };
  const plain = (byte: number) => (((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4)) & 0xff;
  return {
    username: field(40).toString("utf16le"),
    password: Buffer.from(field(44).map(plain)).toString("utf16le"),
    database: field(68).toString("utf16le"),
  };
}

const u16 = (value: number, order: "little" | "big" = "little"): number[] => {
  const bytes = [value & 0xff, value >> 8];
  return order === "little" ? bytes : bytes.reverse();
};
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const utf16 = (value: string): number[] => [...Buffer.from(value, "utf16le")];
const shortText = (value: string): number[] => [value.length, ...utf16(value)];
const done = (status: number, rows = 0): number[] => [
  ...[0xfd, ...u16(status), 0xc1, 0],
  ...[...u32(rows), ...u32(0)],
];

const acknowledgement = [1, 0x74, 0, 0, 4, ...shortText("SQL Server"), 16, 0, 0, 0];
const welcome = [0xad, ...u16(acknowledgement.length), ...acknowledgement, ...done(0)];

const refusal = (username: string): number[] => [
  ...errorOf(18456, `Login failed for user '${username}'.`),
  ...done(2),
];

function errorOf(number: number, text: string): number[] {
  const error = [
    ...[...u32(number), 1, 14],
    ...[...u16(text.length), ...utf16(text)],
    ...[...shortText("double"), ...shortText(""), ...u32(1)],
  ];
  return [0xaa, ...u16(error.length), ...error];
}

function rowOf(values: string[]): number[] {
  const column = [...u32(0), ...u16(9), 0xe7, ...u16(256), ...[9, 4, 0xd0, 0, 0x34], 0];
  return [
    ...[0x81, ...u16(values.length), ...values.flatMap(() => column)],
    ...[0xd1, ...values.flatMap((value) => [...u16(2 * value.length), ...utf16(value)])],
    ...done(0x10, 1),
  ];
}
