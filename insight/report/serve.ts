import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../config/mistake";

export interface ServeOptions {
  /** Makes the page; must not throw for what a reader can correct. */
  build: () => Promise<string>;
  /** Calls back at every change until what it returns is called. */
  watch: (onChange: () => void) => () => void;
  /** 0 takes any that is free. */
  port: number;
  /** Hears `planning anew` and the like. @default nobody */
  onEvent?: (event: "changed" | "built") => void;
}

export interface Served {
  /** E.g. `http://127.0.0.1:4780/`. */
  url: string;
  /** Ends all connections and the watch. */
  close(): Promise<void>;
}

/** Only this machine may connect, whatever a firewall lets through. */
const host = "127.0.0.1";

/**
 * Serves the page on this machine only, builds it anew after a change and has open pages reload.
 * @throws UserError where the port is taken or not allowed.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { build, watch, port, onEvent } = options;
  const pages = new Pages(build, onEvent);
  const server = createServer((request, response) => {
    void answer(request, response, pages);
  });
  await listen(server, port);
  const unwatch = watch(() => {
    pages.renew();
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${taken}/`,
    close: async () => {
      unwatch();
      pages.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const sentences: Record<string, string> = {
        EADDRINUSE: `Port ${port} is taken: choose another one, e.g. --port ${port + 1}, or end what uses it.`,
        EACCES: `Port ${port} is not allowed: choose one from 1024 up, e.g. --port 4780.`,
      };
      const known = sentences[error.code ?? ""];
      reject(known === undefined ? error : new UserError(known));
    });
    server.listen(port, host, resolve);
  });
}

/** The page as it stands, its next version in the making, and who waits for it. */
class Pages {
  private page: Promise<string>;
  private number = 1;
  private building = true;
  private stale = false;
  private readonly listeners = new Set<ServerResponse>();
  /** Differs between two runs of the server. */
  private readonly run = Date.now().toString(36);

  constructor(
    private readonly build: () => Promise<string>,
    private readonly onEvent: (event: "changed" | "built") => void = () => undefined,
  ) {
    this.page = this.started();
  }

  /** The newest page; while one is in the making, that one. */
  get(): Promise<string> {
    return this.page;
  }

  /** A change while a page is being made means one more after it, however many changes there are. */
  renew(): void {
    if (this.building) {
      this.stale = true;
      return;
    }
    this.building = true;
    this.onEvent("changed");
    this.tell("working");
    this.page = this.started();
  }

  listen(response: ServerResponse): void {
    this.listeners.add(response);
    response.on("close", () => this.listeners.delete(response));
    response.write(`event: version\ndata: ${this.version}\n\n`);
  }

  end(): void {
    for (const listener of this.listeners) listener.end();
  }

  private get version(): string {
    return `${this.run}-${this.number}`;
  }

  /** A failure is told to whoever asks for the page, and must not end the server meanwhile. */
  private started(): Promise<string> {
    const page = this.make();
    page.catch(() => undefined);
    return page;
  }

  private async make(): Promise<string> {
    try {
      return await this.build();
    } finally {
      this.building = false;
      this.number += 1;
      setImmediate(() => {
        this.onEvent("built");
        this.tell("reload");
        if (this.stale) {
          this.stale = false;
          this.renew();
        }
      });
    }
  }

  private tell(event: string): void {
    for (const listener of this.listeners) {
      listener.write(`event: ${event}\ndata: ${this.version}\n\n`);
    }
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
): Promise<void> {
  const send = (status: number, type: string, text: string): void => {
    response.writeHead(status, { ...headers, "Content-Type": `${type}; charset=utf-8` });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  // A foreign site whose name was made to point here must not read the plan (DNS rebinding).
  if (!isLocal(request.headers.host)) {
    return send(421, "text/plain", "This server answers to 127.0.0.1 and localhost only.\n");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return send(405, "text/plain", "Only GET is answered.\n");
  }
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (pathname === "/events") {
    response.writeHead(200, { ...headers, "Content-Type": "text/event-stream" });
    return pages.listen(response);
  }
  if (pathname === "/favicon.ico") {
    response.writeHead(204, headers);
    response.end();
    return;
  }
  if (pathname !== "/") return send(404, "text/plain", "There is only one page: /\n");
  try {
    send(200, "text/html", await pages.get());
  } catch (error) {
    send(500, "text/plain", `The page could not be made: ${(error as Error).message}\n`);
  }
}

/** No other origin may read, frame or embed the page; nothing of it is kept. */
const headers = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

function isLocal(value: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(value ?? "");
}
