import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { renderUserData, userDataLimitBytes } from "../../components/servers/windowsUserData";
import { appParams, webParams } from "./fixtures";
import { parsePowerShell } from "./powerShell";

const scriptDir = join(__dirname, "..", "..", "app", "windows");
const scripts = readdirSync(scriptDir).filter((name) => name.endsWith(".ps1"));

function body(text: string): string {
  const match = /^<powershell>\n([\s\S]*)<\/powershell>\n$/.exec(text);
  assert.ok(match, "user data is one <powershell> block");
  return match[1]!;
}

describe("Windows user data", () => {
  it("fits EC2's limit with room for longer names", () => {
    for (const params of [webParams(), appParams()]) {
      const size = Buffer.byteLength(renderUserData(params));
      assert.ok(size <= userDataLimitBytes - 512, `${params.role}: ${size} bytes`);
    }
  });

  it("gives the same bytes for the same parameters, whatever order settings came in", () => {
    const params = appParams();
    const reversed = Object.fromEntries(Object.entries(params.settings).reverse());
    assert.equal(renderUserData({ ...params, settings: reversed }), renderUserData(params));
  });

  it("parses as PowerShell", async () => {
    for (const params of [webParams(), appParams()]) {
      assert.deepEqual((await parsePowerShell(body(renderUserData(params)))).errors, []);
    }
  });

  it("hands every parameter to the scripts, and the scripts use no other", async () => {
    const text = renderUserData(appParams());
    const { assigned, used } = platformNames(text);
    assert.deepEqual([...used].sort(), [...assigned].sort());
    for (const value of Object.values(appParams())) {
      if (typeof value === "string") assert.ok(text.includes(`'${value}'`), value);
    }
    assert.doesNotMatch(text, /\{\{|__[A-Z]+__|<%/);
  });

  it("holds every function that is called, once", async () => {
    const { commands, functions } = await parsePowerShell(body(renderUserData(appParams())));
    const own = new Set(functions);
    assert.equal(own.size, functions.length, "no function is defined twice");
    for (const name of own) assert.ok(commands.includes(name), `${name} is called`);
    // Cmdlets of Windows, IIS' module and AWS Tools for PowerShell that the scripts rely on.
    const foreign = [...new Set(commands)].filter((name) => /^[A-Z]/.test(name) && !own.has(name));
    assert.deepEqual(foreign.sort(), knownCmdlets);
  });

  it("answers the launch hook on success and on failure, and last", () => {
    const text = readFileSync(join(scriptDir, "bootstrap.ps1"), "utf8");
    const order = [
      "Set-Agent",
      "Install-Site",
      "Wait-Site",
      "'CONTINUE'",
      "} catch {",
      "'ABANDON'",
    ];
    const places = order.map((step) => text.indexOf(step));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(!places.includes(-1));
  });

  it("puts the machine key where ASP.NET reads it, never into a log", () => {
    const text = readFileSync(join(scriptDir, "site.ps1"), "utf8");
    const step = /function Set-MachineKey \{[\s\S]*?\n\}/.exec(text)![0];
    assert.match(step, /SecretString[\s\S]*validationKey = \$keys\.validationKey[\s\S]*Save\(/);
    assert.doesNotMatch(step, /Write-(Log|Event|Problem|Output|Host)/);
  });

  it("checks the artifact before it unpacks it", () => {
    const text = readFileSync(join(scriptDir, "site.ps1"), "utf8");
    const steps = ["Read-S3Object", "Get-FileHash", "throw", "Expand-Archive"];
    const places = steps.map((step) => text.indexOf(step));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it("leaves IIS no hour and no idle time at which it ends a worker with its sessions", () => {
    for (const params of [webParams(), appParams()]) {
      const loop =
        /foreach \(\$limit in (.+)\) \{\nSet-ItemProperty \$pool -Name \$limit -Value \(\[TimeSpan\]::Zero\)\n/;
      const [, limits] = loop.exec(renderUserData(params)) ?? [];
      assert.equal(limits, "'processModel.idleTimeout', 'recycling.periodicRestart.time'");
    }
  });

  it("opens no remote desktop, serves no port 80 and trusts no certificate blindly", () => {
    const text = renderUserData(webParams());
    assert.doesNotMatch(text, /3389|-Port 80\b|\$Latest|TrustAllCerts|=>\s*true|SkipCertificate/i);
    assert.match(text, /'fDenyTSConnections' 1/);
  });

  it("refuses a setting that is named like a secret", () => {
    for (const key of ["databasePassword", "apiToken", "clientSecret", "pwd"]) {
      assert.throws(
        () => renderUserData(webParams({ settings: { [key]: "x" } })),
        /named like a secret.*Secrets Manager/,
        key,
      );
    }
    renderUserData(webParams({ settings: { clientSecretArn: "arn:aws:secretsmanager:x" } }));
  });

  it("refuses a malformed hash, a strange setting name and too much text", () => {
    assert.throws(() => renderUserData(webParams({ artifactSha256: "abc" })), /64 hexadecimal/);
    assert.throws(() => renderUserData(webParams({ settings: { "a b": "x" } })), /"a b"/);
    const settings = { long: "x".repeat(4000) };
    assert.throws(
      () => renderUserData(webParams({ settings })),
      /web tier's user data has \d+ byt/,
    );
  });

  it("refuses what PowerShell or EC2Launch could read as something else", () => {
    for (const value of [
      "a\nb",
      "a\u0000",
      "a\u2019; Stop-Computer #",
      "</powershell>",
      "<persist>",
    ]) {
      assert.throws(() => renderUserData(webParams({ artifactKey: value })), /artifactKey/, value);
      assert.throws(
        () => renderUserData(webParams({ settings: { a: value } })),
        /settings\.a/,
        value,
      );
    }
  });

  it("quotes any other text so that PowerShell reads exactly it", async () => {
    const printable = fc.string({ unit: "grapheme-ascii", maxLength: 40 });
    const hostile = fc.constantFrom("'", "''; exit; '", "$(Stop-Computer)", "`", '"', "#", "@{}");
    const values = fc.oneof(
      printable,
      fc.array(fc.oneof(printable, hostile)).map((a) => a.join("")),
    );
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        fc.pre(!/<\/?(powershell|script|persist)/i.test(value) && value.length < 400);
        const text = body(renderUserData(webParams({ settings: { probe: value } })));
        const line = text.split("\n").find((each) => each.startsWith("probe = "))!;
        const { errors, strings } = await parsePowerShell(`$x = @{\n${line}\n}\n`);
        assert.deepEqual(errors, []);
        assert.equal(strings.length, 1, line);
        assert.equal(strings[0]!.slice(1, -1).replaceAll("''", "'"), value);
      }),
      { numRuns: 200 },
    );
  });
});

describe("app/windows", () => {
  for (const name of scripts) {
    const text = readFileSync(join(scriptDir, name), "utf8");

    it(`${name} parses as PowerShell`, async () => {
      assert.deepEqual((await parsePowerShell(text)).errors, []);
    });

    it(`${name} survives the loss of comments and indentation`, () => {
      assert.match(text, /^[\x20-\x7e\n]*$/, "ASCII: EC2Launch's decoding is not ours to choose");
      assert.doesNotMatch(text, /@['"]\n|<#/, "no here-string or block comment");
    });
  }
});

/** Parameters as the header assigns them and as scripts read them. */
function platformNames(text: string) {
  const header = /\$Platform = @\{\n([\s\S]*?)\n\}\n\}\n/.exec(text)![1]!;
  const assigned = new Set([...header.matchAll(/^([A-Z]\w*) = /gm)].map((match) => match[1]!));
  const used = new Set([...text.matchAll(/\$Platform\.(\w+)/g)].map((match) => match[1]!));
  return { assigned, used };
}

const knownCmdlets = [
  "Add-Content",
  "Add-Type",
  "Complete-ASLifecycleAction",
  "ConvertFrom-Json",
  "ConvertTo-Json",
  "Expand-Archive",
  "ForEach-Object",
  "Get-AuthenticodeSignature",
  "Get-ChildItem",
  "Get-Content",
  "Get-Date",
  "Get-FileHash",
  "Get-Item",
  "Get-ItemProperty",
  "Get-SECSecretValue",
  "Get-Website",
  "Import-Certificate",
  "Import-Module",
  "Install-WindowsFeature",
  "Invoke-RestMethod",
  "Invoke-WebRequest",
  "New-EventLog",
  "New-Item",
  "New-ItemProperty",
  "New-Object",
  "New-SelfSignedCertificate",
  "New-WebAppPool",
  "New-Website",
  "Out-Host",
  "Out-Null",
  "Out-String",
  "Read-S3Object",
  "Remove-Item",
  "Remove-WebAppPool",
  "Remove-WebConfigurationProperty",
  "Remove-Website",
  "Select-Object",
  "Set-ItemProperty",
  "Set-SmbServerConfiguration",
  "Set-StrictMode",
  "Set-WebConfigurationProperty",
  "Start-Process",
  "Start-Service",
  "Start-Sleep",
  "Start-Website",
  "Test-Path",
  "Where-Object",
  "Write-EventLog",
  "Write-Output",
];
