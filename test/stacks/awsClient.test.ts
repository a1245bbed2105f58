import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerSettings } from "../../stacks/awsProvider";
import { clientSettings } from "../../stacks/awsClient";

/** What a stack with these `aws:` keys calls Auto Scaling with. */
const settingsOf = (raw: Record<string, string>) =>
  clientSettings(
    providerSettings({ "aws:region": "eu-west-1", "pe-platform:azCount": "3", ...raw }),
    "autoscaling",
  );
const keys = { "aws:accessKey": "AKIDSTACK", "aws:secretKey": "hush" };

/** STS, which gives each role the credentials `AKID-<role>`, and remembers who asked for what. */
class FakeSts {
  readonly asked: { by: string; form: URLSearchParams }[] = [];
  private readonly server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const form = new URLSearchParams(body);
      const by = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "nobody";
      this.asked.push({ by, form });
      const role = form.get("RoleArn")?.split("/").at(-1) ?? "";
      const action = form.get("Action") ?? "";
      response.setHeader("content-type", "text/xml");
      response.end(
        `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>` +
          `<Credentials><AccessKeyId>AKID-${role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
          "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>" +
          `</Credentials></${action}Result></${action}Response>`,
      );
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe("calls beside the provider", () => {
  const sts = new FakeSts();
  let url = "";
  before(async () => (url = await sts.open()));
  after(() => sts.close());
  beforeEach(() => sts.asked.splice(0));

  const endpoints = () => ({ "aws:endpoints": JSON.stringify([{ sts: url }]) });

  it("go to the provider's region and endpoint", async () => {
    const plain = await settingsOf(keys);
    assert.equal(plain.region, "eu-west-1");
    assert.equal(plain.endpoint, undefined);
    const given = JSON.stringify([{ ec2: "http://ec2" }, { autoscaling: "http://as", s3: "" }]);
    assert.equal((await settingsOf({ ...keys, "aws:endpoints": given })).endpoint, "http://as");
    const { useFipsEndpoint } = await settingsOf({ ...keys, "aws:useFipsEndpoint": "true" });
    assert.equal(useFipsEndpoint, true);
  });

  it("use the stack's keys", async () => {
    const { credentials } = await settingsOf({ ...keys, "aws:token": "t" });
    assert.deepEqual(await credentials(), {
      accessKeyId: "AKIDSTACK",
      secretAccessKey: "hush",
      sessionToken: "t",
    });
  });

  it("use the stack's profile, also one whose name is a number", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pe-aws-"));
    try {
      const file = join(folder, "credentials");
      writeFileSync(file, "[12]\naws_access_key_id = AKIDTWELVE\naws_secret_access_key = s\n");
      const { credentials } = await settingsOf({
        "aws:profile": "12",
        "aws:sharedCredentialsFiles": JSON.stringify([file]),
        "aws:sharedConfigFiles": JSON.stringify([join(folder, "config")]),
      });
      assert.equal((await credentials()).accessKeyId, "AKIDTWELVE");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("assume the stack's roles, one by the other", async () => {
    const roles = [
      { roleArn: "arn:aws:iam::111111111111:role/first", sessionName: "deploy" },
      {
        roleArn: "arn:aws:iam::222222222222:role/second",
        externalId: "outside",
        duration: "1h30m",
      },
    ];
    const { credentials } = await settingsOf({
      ...keys,
      ...endpoints(),
      "aws:assumeRoles": JSON.stringify(roles),
    });
    assert.equal((await credentials()).accessKeyId, "AKID-second");
    const [first, second] = sts.asked;
    assert.deepEqual([first?.by, second?.by], ["AKIDSTACK", "AKID-first"]);
    assert.equal(first?.form.get("RoleSessionName"), "deploy");
    assert.equal(second?.form.get("ExternalId"), "outside");
    assert.equal(second?.form.get("DurationSeconds"), "5400");
  });

  it("assume a role by a web identity, as deployments do", async () => {
    const role = {
      roleArn: "arn:aws:iam::111111111111:role/web",
      webIdentityToken: "token",
      sessionName: "ci",
    };
    const { credentials } = await settingsOf({
      ...endpoints(),
      "aws:assumeRoleWithWebIdentity": JSON.stringify(role),
    });
    assert.equal((await credentials()).accessKeyId, "AKID-web");
    assert.equal(sts.asked[0]?.form.get("WebIdentityToken"), "token");
    assert.equal(sts.asked[0]?.form.get("RoleSessionName"), "ci");
  });
});
