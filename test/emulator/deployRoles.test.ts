import { deepStrictEqual, notStrictEqual, match, ok, strictEqual } from "node:assert";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { listStacks, projectRoot } from "../../config/stackFiles";
import { ensureEmulator, type Emulator } from "../../local/emulator/emulator";
import { elements, query } from "../../local/emulator/api";
import { leftovers } from "./leftovers";
import { OwnProject } from "./ownProject";
import { skipWithoutTools } from "./prerequisites";
import { closeBench, openBench, type Bench } from "./ring";

/** IAM User Guide, "IAM and AWS STS quotas": characters of a managed policy, policies of a role. */
const quotas = { policyCharacters: 6144, policiesPerRole: 10, trustCharacters: 2048 };

describe("roles of deployments on the emulator", () => {
  let bench: Bench;
  let emulator: Emulator;
  let deploy: OwnProject;
  let roles: Record<string, Record<string, string>>;

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    emulator = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
    deploy = new OwnProject(bench, emulator, "deploy");
    await deploy.run("login", pathToFileURL(bench.paths.local).href);
    // As the project has it, for GitHub Actions: what is for Pulumi Cloud needs an account there.
    const file = "Pulumi.main.yaml";
    copyFileSync(join(projectRoot, "deploy", file), join(deploy.folder, file));
    await deploy.run("stack", "init", "main", "--secrets-provider=passphrase");
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  const iam = (action: string, parameters: Record<string, string> = {}) => {
    const call = { endpoint: emulator.endpoint, service: "iam", region: "us-east-1" };
    return query(call, "2010-05-08", action, parameters);
  };
  const first = (xml: string, name: string) => elements(xml, name)[0] ?? "";
  const rolesOf = () => Object.values(roles).flatMap((byOperation) => Object.values(byOperation));
  const nameOf = (arn: string) => arn.split("/").at(-1) ?? "";

  it("refuses credentials of another account before it makes anything", async () => {
    await deploy.run("config", "set", "account", "210987654321");
    const { code, stdout } = await deploy.try("preview");
    notStrictEqual(code, 0);
    match(stdout, /210987654321/);
    match(stdout, /123456789012/);
    await deploy.run("config", "set", "account", "123456789012");
  });

  it("come up for every stack and operation, without a secret", async () => {
    await deploy.run("up", "--yes", "--skip-preview");
    ({ roles } = (await deploy.outputs()) as { roles: typeof roles });
    deepStrictEqual(Object.keys(roles).sort(), listStacks());
    for (const byOperation of Object.values(roles)) {
      ok("preview" in byOperation && "update" in byOperation, Object.keys(byOperation).join());
    }
    strictEqual(new Set(rolesOf()).size, rolesOf().length, "one role each");
    deepStrictEqual(elements(await iam("ListUsers"), "UserName"), []);
  });

  it("a second preview, which reads everything back, finds no changes", async () => {
    await deploy.run("preview", "--refresh", "--expect-no-changes");
  });

  it("trust the identity provider alone, for a limited time and under a boundary", async () => {
    const providers = elements(await iam("ListOpenIDConnectProviders"), "Arn");
    strictEqual(providers.length, 1);
    for (const arn of rolesOf()) {
      const role = await iam("GetRole", { RoleName: nameOf(arn) });
      const trust = decodeURIComponent(first(role, "AssumeRolePolicyDocument"));
      ok(trust.length <= quotas.trustCharacters, `${arn}: ${trust.length} characters of trust`);
      const { Statement } = JSON.parse(trust) as { Statement: Record<string, unknown>[] };
      ok(Statement.length > 0);
      for (const { Effect, Principal, Action, Condition } of Statement) {
        strictEqual(Effect, "Allow");
        deepStrictEqual(Principal, { Federated: providers[0] });
        strictEqual(String(Action), "sts:AssumeRoleWithWebIdentity");
        ok(Condition, `${arn}: no condition`);
      }
      const seconds = Number(first(role, "MaxSessionDuration"));
      ok(seconds >= 3600 && seconds <= 43_200, `${arn}: ${seconds} s`);
      match(first(role, "PermissionsBoundaryArn"), /^arn:aws:iam::123456789012:policy\//);
    }
  });

  it("hold AWS's limits on the number and the size of policies", async () => {
    for (const arn of rolesOf()) {
      const RoleName = nameOf(arn);
      deepStrictEqual(elements(await iam("ListRolePolicies", { RoleName }), "member"), []);
      const attached = elements(await iam("ListAttachedRolePolicies", { RoleName }), "PolicyArn");
      ok(attached.length > 0 && attached.length <= quotas.policiesPerRole, `${arn}: ${attached}`);
      const boundary = first(await iam("GetRole", { RoleName }), "PermissionsBoundaryArn");
      const own = [...attached, boundary].filter((policy) => policy.includes("123456789012"));
      for (const PolicyArn of own) {
        const VersionId = first(await iam("GetPolicy", { PolicyArn }), "DefaultVersionId");
        const version = await iam("GetPolicyVersion", { PolicyArn, VersionId });
        // IAM doesn't count white space.
        const document = decodeURIComponent(first(version, "Document")).replace(/\s/g, "");
        ok(JSON.parse(document), PolicyArn);
        const { length } = document;
        ok(length <= quotas.policyCharacters, `${PolicyArn}: ${length} characters`);
      }
    }
  });

  it("come down once the identity provider, which others may use, is unprotected", async () => {
    await deploy.run("state", "unprotect", "--all", "--yes");
    await deploy.run("destroy", "--yes", "--skip-preview");
    deepStrictEqual(await leftovers(emulator.endpoint, ["us-east-1"]), []);
    deepStrictEqual(elements(await iam("ListOpenIDConnectProviders"), "Arn"), []);
  });
});
