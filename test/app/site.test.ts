import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AwsDouble, PlainSqlServer } from "./awsDoubles";
import { SiteServer, compile, freePort, unpackSite, whyNotServed } from "./siteServer";
import { LocalAuthority, SqlServerDouble } from "./sqlServerDouble";

interface Chain {
  ok: boolean;
  hops: { tier: string; ok: boolean; region: string; zone: string; error?: string }[];
}

const modules = [
  "Investor Tracking",
  "Portfolio Management",
  "CRM",
  "Accounting",
  "Reporting and Auditing",
  "Batch Data Processing",
  "Business Events and Rules",
  "Team Security and Admin Tools",
];
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-login-AbCdEf";
/** The login's secret, as the platform writes it. */
const loginSecret = (port: number, changed: Record<string, unknown> = {}): string =>
  JSON.stringify({
    engine: "sqlserver",
    host: "127.0.0.1",
    port,
    dbname: "platform",
    username: "platform_app",
    password: "pa'ss;word\"1",
    ssl: true,
    ...changed,
  });

/** No page may show a visitor the inside. */
const inside = /Exception|\bat [A-Z]\w+\.|System\.|\.cs:|127\.0\.0\.1:|pa'ss|stack trace/i;

describe("sample site", function () {
  this.timeout(120_000);
  const folders: string[] = [];
  const servers: SiteServer[] = [];
  const doubles: { stop(): void }[] = [];

  before(async function () {
    const reason = whyNotServed();
    if (reason) {
      process.stdout.write(`    sample site not compiled or served: ${reason}\n`);
      this.skip();
    }
  });

  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    for (const double of doubles) double.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  async function serve(
    role: "web" | "app",
    settings: Record<string, string>,
    environment: Record<string, string> = {},
  ): Promise<SiteServer> {
    const folder = unpackSite(role);
    folders.push(folder);
    const all = { role, region: "us-east-1", ...settings };
    const server = await SiteServer.start(folder, all, environment);
    servers.push(server);
    return server;
  }

  /** An app tier and the AWS that it asks for its secret. */
  async function serveApp(
    secret: string | undefined,
    environment: Record<string, string> = {},
  ): Promise<{ app: SiteServer; aws: AwsDouble }> {
    const aws = new AwsDouble();
    aws.secret = secret;
    doubles.push(aws);
    const address = await aws.start();
    const settings = {
      zone: "us-east-1b",
      databaseSecretArn: secretArn,
      databaseSubnets: "10.10.40.0/21=us-east-1a;10.10.104.0/21=us-east-1b",
      allowPlainHttp: "true",
      metadataEndpoint: address,
      secretsManagerEndpoint: `${address}/`,
    };
    return { app: await serve("app", settings, environment), aws };
  }

  async function databaseHop(app: SiteServer): Promise<Chain["hops"][0]> {
    const text = await (await app.get("/api/chain")).text();
    assert.match(text, /^\[/, `no list of hops: ${said(text)}\n${app.log}`);
    return (JSON.parse(text) as Chain["hops"])[1]!;
  }

  function serveWeb(appPort: number, more: Record<string, string> = {}): Promise<SiteServer> {
    return serve("web", {
      zone: "us-east-1a",
      appEndpoint: `http://127.0.0.1:${appPort}`,
      allowPlainHttp: "true",
      ...more,
    });
  }

  async function chainOf(web: SiteServer): Promise<Chain> {
    const response = await web.get("/chain?format=json");
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    const chain = (await response.json()) as Chain;
    assert.equal(response.status, chain.ok ? 200 : 502);
    return chain;
  }

  it("compiles without a warning in the C# that IIS compiles", () => {
    for (const role of ["web", "app"] as const) {
      const folder = unpackSite(role);
      folders.push(folder);
      const code = join(folder, "App_Code");
      const sources = readdirSync(code).map((name) => join(code, name));
      assert.equal(compile(join(folder, "site.dll"), "library", sources), "");
    }
  });

  it("tells the database's region by its name and its zone by its address", () => {
    const folder = unpackSite("app");
    folders.push(folder);
    const program = join(folder, "probe.exe");
    const sources = [
      join(folder, "App_Code", "DatabasePlace.cs"),
      join(__dirname, "host", "PlaceProbe.cs"),
    ];
    assert.equal(compile(program, "exe", sources), "");
    const subnets = "10.10.40.0/21=us-east-1a;10.10.104.0/21=us-east-1b;broken;1.2.3.4/99=x";
    const cases: [string, string][] = [
      ["region db.abc123.us-east-1.rds.amazonaws.com", "us-east-1"],
      ["region db.abc123.us-gov-west-1.rds.amazonaws.com", "us-gov-west-1"],
      ["region sql.example.com", ""],
      [`zone ${subnets} 10.10.40.1`, "us-east-1a"],
      [`zone ${subnets} 10.10.47.255`, "us-east-1a"],
      [`zone ${subnets} 10.10.48.0`, ""],
      [`zone ${subnets} 10.10.104.9`, "us-east-1b"],
      [`zone ${subnets} fe80::1`, ""],
      ["zone 0.0.0.0/0=anywhere 203.0.113.9", "anywhere"],
    ];
    const run = spawnSync("mono", [program], {
      encoding: "utf8",
      input: cases.map(([line]) => `${line}\n`).join(""),
    });
    assert.deepEqual(
      run.stdout.split("\n").slice(0, -1),
      cases.map(([, answer]) => answer),
      run.stderr,
    );
  });

  describe("with web and app tier up and no database", () => {
    let web: SiteServer;
    let app: SiteServer;
    let aws: AwsDouble;

    before(async () => {
      ({ app, aws } = await serveApp(loginSecret(await freePort())));
      web = await serveWeb(app.port);
      // The first request compiles a site; both at once.
      await Promise.all([web.get("/healthz"), app.get("/healthz")]);
    });

    it("answers /healthz on both tiers whatever is behind", async () => {
      for (const server of [web, app]) {
        const response = await server.get("/healthz");
        assert.equal(response.status, 200, server.log);
        assert.equal(await response.text(), "ok");
      }
    });

    it("lists the eight modules on its home page, and where it is served from", async () => {
      const response = await web.get("/");
      const page = await response.text();
      assert.equal(response.status, 200, page);
      const headings = [...page.matchAll(/<h2>([^<]+)<\/h2>/g)].map((match) => match[1]);
      assert.deepEqual(headings, modules);
      assert.match(page, /Served from us-east-1, zone us-east-1a/);
      assert.match(page, /<html lang="en">/);
    });

    it("keeps a visitor's count, in a cookie that scripts and plain http never see", async () => {
      const first = await web.get("/");
      const cookie = first.headers.get("set-cookie") ?? "";
      assert.match(cookie, /^pe-session=\w+;.*secure; HttpOnly/i);
      const again = await web.get("/", { cookie: cookie.split(";")[0]! });
      assert.match(await again.text(), /id="visits">2</);
      assert.match(await (await web.get("/")).text(), /id="visits">1</);
    });

    it("takes a form it made, and refuses one whose state was changed", async () => {
      const first = await web.get("/");
      const cookie = (first.headers.get("set-cookie") ?? "").split(";")[0]!;
      const page = await first.text();
      const fields = [...page.matchAll(/<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"/g)].map(
        (match): [string, string] => [match[1]!, match[2]!],
      );
      const post = (form: [string, string][]) =>
        fetch(`http://127.0.0.1:${web.port}/Default.aspx`, {
          method: "POST",
          headers: { cookie },
          body: new URLSearchParams(form),
        });
      const own = await post(fields);
      assert.equal(own.status, 200);
      assert.match(await own.text(), /id="visits">0</, "the button was carried out");
      const changed = await post(
        fields.map(([name, value]) => [
          name,
          name === "__VIEWSTATE" ? value.replace(/^(.{8})./, "$1B") : value,
        ]),
      );
      assert.ok(changed.status >= 400, `a changed form got ${changed.status}`);
      assert.doesNotMatch(await changed.text(), inside);
    });

    it("tells on /chain which hop failed, with region and zone of those that answered", async () => {
      const { ok, hops } = await chainOf(web);
      assert.equal(ok, false);
      assert.deepEqual(
        hops.map(({ tier, ok: answered, region, zone }) => [tier, answered, region, zone]),
        [
          ["web", true, "us-east-1", "us-east-1a"],
          ["app", true, "us-east-1", "us-east-1b"],
          ["database", false, "", ""],
        ],
      );
      assert.equal(hops[2]?.error, "SQL Server could not be reached");
    });

    it("shows the same as a page, with a short reason and nothing from the inside", async () => {
      const response = await web.get("/chain");
      const page = await response.text();
      assert.equal(response.status, 502);
      assert.match(
        page,
        /role="alert"><strong>Database:<\/strong> SQL Server could not be reached/,
      );
      assert.equal([...page.matchAll(/class="state">answered/g)].length, 2);
      assert.equal([...page.matchAll(/class="state">failed/g)].length, 1);
      assert.doesNotMatch(page, inside);
      assert.match(app.log, /The database hop failed/, "the server's log has the details");
    });

    it("reads the login with a right signature, once for many requests", async () => {
      await chainOf(web);
      await chainOf(web);
      assert.deepEqual(aws.refused, []);
      assert.deepEqual(aws.asked, [secretArn]);
    });

    it("sends headers that keep browsers careful, and not which software it is", async () => {
      const { headers } = await web.get("/");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
      assert.equal(headers.get("x-aspnet-version"), null);
    });

    it("hides its settings and sources, and has one sentence for a wrong address", async () => {
      for (const path of [
        "/platform.config",
        "/web.config",
        "/App_Code/Hop.cs",
        "/nope",
        "/Site.master",
      ]) {
        const response = await web.get(path);
        const text = await response.text();
        assert.ok([403, 404].includes(response.status), `${path}: ${response.status}`);
        assert.doesNotMatch(text, /appEndpoint|class Hop/, path);
        assert.doesNotMatch(text, inside, path);
      }
    });
  });

  describe("when something else fails", () => {
    it("sends no login to a database that offers no encryption", async () => {
      const sql = new PlainSqlServer();
      doubles.push(sql);
      const { app } = await serveApp(loginSecret(await sql.start()));
      assert.equal((await databaseHop(app)).ok, false);
      assert.ok(sql.packets.includes(PlainSqlServer.preLogin), "the database was asked");
      assert.ok(!sql.packets.includes(PlainSqlServer.login), "no login left the server");
    });

    it("names the app tier when it is down, and leaves the database unasked", async () => {
      const web = await serveWeb(await freePort());
      const { hops } = await chainOf(web);
      assert.equal(hops[1]?.error, "no connection to it could be made");
      assert.equal(hops[2]?.error, "not asked, since the hop before it failed");
    });

    it("calls no app tier without TLS unless a test allows it", async () => {
      const port = await freePort();
      const web = await serveWeb(port, { allowPlainHttp: "false" });
      const { hops } = await chainOf(web);
      assert.equal(hops[1]?.error, "its address (setting appEndpoint) is not https");
    });

    it("says what is wrong with the secret, not what it is", async () => {
      const { app, aws } = await serveApp(undefined);
      const port = 1433;
      const cases: [string | undefined, string][] = [
        [undefined, "its secret has no value yet"],
        ["pa'ss-broken", "its secret is not JSON"],
        ["null", "its secret is not JSON"],
        [loginSecret(port, { host: undefined }), "its secret lacks host"],
        [loginSecret(port, { host: "", port: null }), "its secret lacks host, port"],
        ['{"username":"a","password":"pa\'ss"}', "its secret lacks host, port, dbname"],
        [loginSecret(port, { port: "x" }), "its secret has a port that is no number"],
      ];
      for (const [secret, sentence] of cases) {
        aws.secret = secret;
        await untilSecretIsReadAgain();
        const text = await (await app.get("/api/chain")).text();
        assert.ok(text.includes(`"${sentence}"`), text);
        assert.doesNotMatch(text + app.log, /pa'ss/);
      }
    });
  });

  describe("with a database that answers", () => {
    let authority: LocalAuthority;
    let sql: SqlServerDouble;
    let port: number;

    before(async function () {
      if (!LocalAuthority.possible()) {
        process.stdout.write("    no database double: the program openssl is not installed\n");
        this.skip();
      }
      authority = new LocalAuthority();
      sql = new SqlServerDouble(authority);
      doubles.push(sql);
      sql.password = "first";
      port = await sql.start();
    });

    after(() => authority?.remove());

    const trusting = () => ({ XDG_CONFIG_HOME: authority.home });
    const atLocalhost = (changed: Record<string, unknown> = {}) =>
      loginSecret(port, { host: "localhost", password: "first", ...changed });

    it("logs in where and as the secret says, as soon as it has a value, over TLS", async () => {
      const { app, aws } = await serveApp(undefined, trusting());
      assert.equal((await databaseHop(app)).error, "its secret has no value yet");
      aws.secret = atLocalhost({ port: String(port) });
      await untilSecretIsReadAgain();
      const hop = await databaseHop(app);
      assert.deepEqual([hop.ok, hop.zone, hop.error], [true, "us-east-1a", undefined], app.log);
      assert.deepEqual(sql.logins, [
        { username: "platform_app", password: "first", database: "platform" },
      ]);
    });

    it("takes up a rotated password at the next request, and asks for it once", async () => {
      const { app, aws } = await serveApp(atLocalhost(), trusting());
      // Connections that are open outlive a rotation; this server has none yet.
      sql.password = "second";
      const early = await databaseHop(app);
      assert.equal(early.error, "SQL Server refused the login", app.log);
      const before = aws.asked.length;
      aws.secret = atLocalhost({ password: "second" });
      await untilSecretIsReadAgain();
      assert.equal((await databaseHop(app)).ok, true, app.log);
      assert.equal(aws.asked.length - before, 1);
      assert.equal(sql.logins.at(-1)?.password, "second");
    });

    it("trusts no other authority, and no other name than the secret's host", async () => {
      const known = sql.logins.length;
      const stranger = await serveApp(atLocalhost());
      const misnamed = await serveApp(atLocalhost({ host: "127.0.0.1" }), trusting());
      for (const { app } of [stranger, misnamed]) assert.equal((await databaseHop(app)).ok, false);
      assert.equal(sql.logins.length, known, "no login left the server");
    });
  });
});

/** The words of an error page of Mono's. */
const said = (page: string) =>
  page
    .replace(/<style[^]*?<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

/** The site leaves a secret alone for two seconds. */
const untilSecretIsReadAgain = () => new Promise((resolve) => setTimeout(resolve, 2100));
