import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../../config/mistake";

/** How the list's server is spoken to. */
export interface Connection {
  /** Without a path, e.g. `https://pricing.us-east-1.amazonaws.com`. */
  baseUrl: string;
  /** Tries of one file before giving up; each goes on where the last one was cut. Default 4. */
  attempts?: number;
  /** Milliseconds before the second try, doubled for each further one. Default 1,000. */
  pauseMs?: number;
  /** Milliseconds without a byte before a try counts as cut. Default 60,000. */
  silenceMs?: number;
}

/** AWS's own server. */
export const awsBaseUrl = "https://pricing.us-east-1.amazonaws.com";

/** A failure that another try may not have. */
class Passing extends Error {}

/** Whether the file is there at all is the caller's to judge. */
export class NotFound extends UserError {}

/**
 * A small JSON file of the list.
 * @throws UserError without a network, for a status other than 200 and for what is not JSON.
 */
export async function fetchJson(connection: Connection, path: string): Promise<unknown> {
  const text = await persistently(connection, path, async (signal, alive) => {
    const response = await request(connection, path, {}, signal);
    const chunks: Buffer[] = [];
    for await (const chunk of body(response)) {
      alive();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = (error as Error).message;
    throw new UserError(`${connection.baseUrl}${path} is not JSON, or cut short: ${reason}.`);
  }
}

interface PartialFile {
  url: string;
  /** What the server calls this state of the file; without one a cut file starts over. */
  validator?: string;
  complete?: true;
}

/**
 * Downloads a file of any size to the disk, going on where an earlier try, of this run or an
 * earlier one, was cut, if the server can and the file is still the same.
 * @param progress bytes so far, and of all where the server says it.
 * @throws UserError when all tries failed. What came so far stays for the next run.
 */
export async function download(
  connection: Connection,
  path: string,
  file: string,
  progress: (bytes: number, all?: number) => void,
): Promise<void> {
  const url = connection.baseUrl + path;
  const state = readState(file);
  if (state?.complete && state.url === url && existsSync(file)) return;
  await persistently(connection, path, (signal, alive) =>
    continueFile(connection, path, file, signal, (bytes, all) => {
      alive();
      progress(bytes, all);
    }),
  );
  writeState(file, { url, complete: true });
}

/** @throws UserError when the folder is not there and cannot be made. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`${folder} cannot be made: ${(error as Error).message}.`);
  }
}

/** Removes a downloaded or half downloaded file. */
export function forget(file: string): void {
  rmSync(file, { force: true });
  rmSync(stateFile(file), { force: true });
}

const stateFile = (file: string) => `${file}.state`;

async function continueFile(
  connection: Connection,
  path: string,
  file: string,
  signal: AbortSignal,
  progress: (bytes: number, all?: number) => void,
): Promise<void> {
  const url = connection.baseUrl + path;
  const state = readState(file);
  const usable = state?.url === url && state.validator !== undefined && existsSync(file);
  const have = usable ? statSync(file).size : 0;
  const headers: Record<string, string> =
    have > 0 && state?.validator !== undefined
      ? { range: `bytes=${have}-`, "if-range": state.validator }
      : {};
  const response = await request(connection, path, headers, signal);
  const resumed = response.status === 206 && startsAt(response, have);
  if (response.status !== 200 && !resumed) {
    await response.body?.cancel();
    forget(file);
    throw new Passing(`${url} cannot be continued after ${have} bytes`);
  }
  const start = resumed ? have : 0;
  const length = response.headers.get("content-length");
  const all = length === null ? undefined : start + Number(length);
  const validator = validatorOf(response);
  writeState(file, { url, validator });
  let bytes = start;
  progress(bytes, all);
  const counted = async function* () {
    for await (const chunk of body(response)) {
      bytes += chunk.length;
      progress(bytes, all);
      yield chunk;
    }
  };
  await pipeline(counted, createWriteStream(file, { flags: resumed ? "a" : "w" }), { signal });
  if (all !== undefined && bytes !== all) {
    throw new Passing(`${url} ended after ${bytes} of ${all} bytes`);
  }
}

function readState(file: string): PartialFile | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(file), "utf8")) as PartialFile;
  } catch {
    return undefined;
  }
}

function writeState(file: string, state: PartialFile): void {
  writeFileSync(stateFile(file), JSON.stringify(state));
}

/** A weak tag names files that are alike, not equal: their halves must not be joined. */
function validatorOf({ headers }: Response): string | undefined {
  const tag = headers.get("etag");
  if (tag !== null && !tag.startsWith("W/")) return tag;
  return headers.get("last-modified") ?? undefined;
}

function startsAt({ headers }: Response, have: number): boolean {
  return new RegExp(`^bytes ${have}-`).test(headers.get("content-range") ?? "");
}

async function request(
  { baseUrl }: Connection,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const url = baseUrl + path;
  // Compressed bytes have other offsets; a redirect could lead to an unsafe address.
  const options = { headers: { "accept-encoding": "identity", ...headers }, signal };
  const response = await fetch(url, { ...options, redirect: "error" });
  // 416: what is here is not the beginning of what is there.
  const continued = headers.range !== undefined && [206, 416].includes(response.status);
  if (response.status === 200 || continued) return response;
  await response.body?.cancel();
  if (response.status === 404) throw new NotFound(`${url} does not exist (404).`);
  const answer = `${url} answered ${response.status} ${response.statusText}`.trimEnd();
  if (response.status >= 500 || response.status === 429) throw new Passing(answer);
  throw new UserError(`${answer}: try again later, or check --base-url.`);
}

function body(response: Response): AsyncIterable<Buffer> {
  if (response.body === null) throw new Passing("The answer was empty");
  return Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
}

/** Tries until it works, for failures that may pass; each try ends after a silence. */
async function persistently<T>(
  connection: Connection,
  path: string,
  run: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  const { attempts = 4, pauseMs = 1000, silenceMs = 60_000 } = connection;
  for (let attempt = 1; ; attempt += 1) {
    const watch = watchSilence(silenceMs);
    try {
      return await run(watch.signal, watch.alive);
    } catch (error) {
      if (!mayPass(error)) throw plain(error, connection, path);
      if (attempt >= attempts) throw plain(error, connection, path, attempts);
    } finally {
      watch.stop();
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** (attempt - 1)));
  }
}

function watchSilence(silenceMs: number) {
  const controller = new AbortController();
  const abort = () => controller.abort(new Passing(`nothing came for ${silenceMs / 1000} s`));
  let timer = setTimeout(abort, silenceMs);
  return {
    signal: controller.signal,
    alive: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, silenceMs);
    },
    stop: () => clearTimeout(timer),
  };
}

const diskCodes = ["ENOSPC", "EACCES", "EROFS", "EPERM", "EDQUOT", "EISDIR", "ENOTDIR", "EMFILE"];

const unreachable = ["ENOTFOUND", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"];

/** `fetch` wraps the reason: a TypeError with a cause. */
function reasonOf(error: unknown): { code?: string; message: string } {
  const cause = (error as { cause?: unknown }).cause;
  const source = (cause ?? error) as { code?: string; message?: string };
  return { code: source.code, message: source.message ?? String(source) };
}

function mayPass(error: unknown): boolean {
  if (error instanceof UserError) return false;
  if (error instanceof Passing) return true;
  const { code = "", message } = reasonOf(error);
  if (diskCodes.includes(code) || unreachable.includes(code)) return false;
  return !/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) && !/redirect/.test(message);
}

function plain(error: unknown, { baseUrl }: Connection, path: string, attempts = 1): UserError {
  if (error instanceof UserError) return error;
  const { code = "", message } = reasonOf(error);
  const url = baseUrl + path;
  if (diskCodes.includes(code)) {
    const why = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : message;
    return new UserError(`The download cannot be stored: ${why}.`);
  }
  if (unreachable.includes(code) || code === "EAI_AGAIN") {
    return new UserError(
      `${baseUrl} cannot be reached (${code}): check the network, a proxy or firewall, and --base-url.`,
    );
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return new UserError(`${baseUrl} has no certificate that is trusted here (${code}).`);
  }
  const tries = attempts > 1 ? ` ${attempts} times` : "";
  return new UserError(
    `The download of ${url} failed${tries}: ${message}. Run the command again: it goes on where it stopped.`,
  );
}
