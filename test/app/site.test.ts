import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AwsDouble, PlainSqlServer } from "./awsDoubles";
import { SiteServer, compile, freePort, unpackSite, whyNotServed } from "./siteServer";

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
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf";
/** No page may show a visitor the inside. */
const inside = /Exception|\bat [A-Z]\w+\.|System\.|\.cs:|127\.0\.0\.1:|pa'ss|stack trace/i;

describe("sample site", function () {
  this.timeout(120_000);
  const folders: string[] = [];
  const servers: SiteServer[] = [];
  const aws = new AwsDouble();
  let awsAddress = "";

  before(async function () {
    const reason = whyNotServed();
    if (reason) {
      process.stdout.write(`    sample site not compiled or served: ${reason}\n`);
      this.skip();
    }
    awsAddress = await aws.start();
  });

  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    aws.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  async function serve(role: "web" | "app", settings: Record<string, string>): Promise<SiteServer> {
    const folder = unpackSite(role);
    folders.push(folder);
    const server = await SiteServer.start(folder, { role, region: "us-east-1", ...settings });
    servers.push(server);
    return server;
  }

  function serveApp(databasePort: number, more: Record<string, string> = {}): Promise<SiteServer> {
    return serve("app", {
      zone: "us-east-1b",
      databaseEndpoint: `127.0.0.1:${databasePort}`,
      databaseSecretArn: secretArn,
      allowPlainHttp: "true",
      metadataEndpoint: awsAddress,
      secretsManagerEndpoint: `${awsAddress}/`,
      ...more,
    });
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

    before(async () => {
      app = await serveApp(await freePort());
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
      const app = await serveApp(await sql.start());
      try {
        const hops = (await (await app.get("/api/chain")).json()) as Chain["hops"];
        assert.equal(hops[1]?.ok, false);
        assert.ok(sql.packets.includes(PlainSqlServer.preLogin), "the database was asked");
        assert.ok(!sql.packets.includes(PlainSqlServer.login), "no login left the server");
      } finally {
        sql.stop();
      }
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

    it("says that the login cannot be read, not what it is", async () => {
      const broken = new AwsDouble();
      broken.secret = '{"password":"pa\'ss-broken';
      const address = await broken.start();
      const app = await serveApp(await freePort(), {
        metadataEndpoint: address,
        secretsManagerEndpoint: `${address}/`,
      });
      const text = await (await app.get("/api/chain")).text();
      assert.match(text, /its secret is not JSON with username and password/);
      assert.doesNotMatch(text + app.log, /pa'ss/);
      broken.stop();
    });
  });
});
