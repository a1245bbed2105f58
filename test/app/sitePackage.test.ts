import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate, createHash } from "node:crypto";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { sitePackage } from "../../components/servers/sitePackage";

const root = join(__dirname, "..", "..");

function unpack(role: "web" | "app", region = "us-east-1"): Record<string, Uint8Array> {
  return unzipSync(Buffer.from(sitePackage(role, region).contentBase64, "base64"));
}

describe("site package", () => {
  it("names the zip by its content", () => {
    for (const role of ["web", "app"] as const) {
      const made = sitePackage(role, "us-east-1");
      const zip = Buffer.from(made.contentBase64, "base64");
      assert.equal(made.sha256, createHash("sha256").update(zip).digest("hex"));
      assert.equal(made.key, `sites/${role}/${made.sha256}.zip`);
    }
  });

  it("is the same in another process, time zone and working folder", () => {
    const program = `process.stdout.write(require(${JSON.stringify(
      join(root, "components", "servers", "sitePackage"),
    )}).sitePackage("app", "us-east-1").sha256)`;
    const run = spawnSync(
      process.execPath,
      ["-r", join(root, "node_modules/ts-node/register/transpile-only"), "-e", program],
      {
        cwd: "/",
        encoding: "utf8",
        env: {
          ...process.env,
          TZ: "Pacific/Kiritimati",
          TS_NODE_PROJECT: join(root, "tsconfig.json"),
        },
      },
    );
    assert.equal(run.stdout, sitePackage("app", "us-east-1").sha256, run.stderr);
  });

  it("is made once a process", () => {
    assert.equal(sitePackage("web", "us-east-1"), sitePackage("web", "us-east-1"));
  });

  it("holds the tier's own files and the shared ones, with forward slashes, in order", () => {
    const web = Object.keys(unpack("web"));
    for (const name of ["web.config", "Global.asax", "Healthz.ashx", "App_Code/Hop.cs"]) {
      assert.ok(web.includes(name), name);
    }
    assert.ok(web.includes("assets/site.css") && web.includes("Chain.aspx"));
    assert.ok(!web.some((name) => name.includes("\\") || name.startsWith("/")));
    assert.deepEqual(web, [...web].sort());
    const app = Object.keys(unpack("app"));
    assert.ok(app.includes("ChainApi.ashx") && app.includes("App_Code/Database.cs"));
    assert.ok(!app.includes("Chain.aspx") && !web.includes("App_Code/Database.cs"));
  });

  it("gives the app tier the authorities of its region's databases, still valid", () => {
    for (const region of ["us-east-1", "us-west-2", "eu-central-1"]) {
      const files = Object.entries(unpack("app", region));
      const authorities = files.filter(([name]) => name.startsWith("rds-ca/"));
      assert.equal(authorities.length, 3, region);
      for (const [name, content] of authorities) {
        const certificate = new X509Certificate(strFromU8(content));
        assert.match(certificate.subject, new RegExp(`CN=Amazon RDS ${region} Root CA`), name);
        assert.ok(certificate.ca && certificate.verify(certificate.publicKey), name);
        assert.ok(Date.parse(certificate.validTo) > Date.now(), name);
      }
    }
    assert.ok(!Object.keys(unpack("web")).some((name) => name.startsWith("rds-ca/")));
  });

  it("packs a site for a region whose authorities are not known", () => {
    assert.ok(!Object.keys(unpack("app", "xx-test-1")).some((name) => name.startsWith("rds-ca/")));
  });

  it("carries no secret and no server's settings", () => {
    for (const role of ["web", "app"] as const) {
      const names = Object.keys(unpack(role));
      assert.ok(!names.some((name) => /platform\.config|\.pfx$|\.key$|bin\//.test(name)));
      const config = strFromU8(unpack(role)["web.config"]!);
      assert.doesNotMatch(config, /machineKey|password|connectionString/i);
    }
  });
});
