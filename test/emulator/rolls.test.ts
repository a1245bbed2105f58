import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { rollFleet, type FleetApi, type TemplateVersion } from "../../components/servers/fleetRoll";
import { elements, query } from "../../local/emulator/api";
import { fleetApis } from "../../stacks/fleetApi";
import { ownEmulator } from "./ownEmulator";

/** The program's calls to Auto Scaling, and what local/emulator/emulator_autoscaling.py plays of it. */
describe("rolls on the emulator", () => {
  const emulator = ownEmulator();
  const region = "eu-west-1";
  const api =
    (service: string, version: string) => (action: string, parameters: Record<string, string>) =>
      query({ endpoint: emulator().endpoint, service, region }, version, action, parameters);
  const ec2 = api("ec2", "2016-11-15");
  const autoscaling = api("autoscaling", "2011-01-01");
  const imageName = "Windows_Server-2022-English-Full-Base-2026.10.14";

  /** A group of two servers on version 1 of its template, which has a version 2. */
  async function fleet(name: string, image: string): Promise<TemplateVersion> {
    const made = await ec2("CreateLaunchTemplate", {
      LaunchTemplateName: name,
      "LaunchTemplateData.ImageId": image,
      "LaunchTemplateData.InstanceType": "m6i.large",
    });
    const id = elements(made, "launchTemplateId")[0] ?? "";
    await ec2("CreateLaunchTemplateVersion", {
      LaunchTemplateId: id,
      "LaunchTemplateData.ImageId": image,
      "LaunchTemplateData.InstanceType": "m6i.xlarge",
      "LaunchTemplateData.UserData": Buffer.from("<powershell>").toString("base64"),
    });
    const subnets = elements(await ec2("DescribeSubnets", {}), "subnetId");
    await autoscaling("CreateAutoScalingGroup", {
      AutoScalingGroupName: name,
      MinSize: "2",
      MaxSize: "2",
      VPCZoneIdentifier: subnets[0] ?? "",
      "LaunchTemplate.LaunchTemplateId": id,
      "LaunchTemplate.Version": "1",
    });
    return { id, version: "2" };
  }

  /** As a stack's `aws:` settings would have it, with nothing from the environment. */
  const calls = (group: string, rollBack = true): Promise<FleetApi> =>
    fleetApis({
      region,
      accessKey: "AKIDLOCAL",
      secretKey: "hush-hush",
      endpoints: [{ autoscaling: emulator().endpoint }],
    })(group, rollBack);

  const roll = async (group: string, to: TemplateVersion, rollBack?: boolean) => {
    const said: string[] = [];
    const work = {
      name: "web",
      api: await calls(group, rollBack),
      say: (line: string) => void said.push(line),
      sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 200)),
    };
    return rollFleet(work, to).then(() => said);
  };

  const trial = async (group: string, how: string) =>
    strictEqual(
      (await fetch(`${emulator().endpoint}/pe-refresh/${group}?${how}`, { method: "PUT" })).status,
      200,
    );

  const versions = async (group: string) => {
    const answer = await autoscaling("DescribeAutoScalingGroups", {
      "AutoScalingGroupNames.member.1": group,
    });
    return elements(answer, "Version");
  };

  it("knows Amazon's image of every release by its name, and always by the same id", async () => {
    const find = async (name: string) =>
      elements(
        await ec2("DescribeImages", {
          "Owner.1": "amazon",
          "Filter.1.Name": "name",
          "Filter.1.Value.1": name,
        }),
        "imageId",
      );
    const [image, ...others] = await find(imageName);
    match(image ?? "", /^ami-[0-9a-f]{17}$/);
    deepStrictEqual(others, []);
    deepStrictEqual(await find(imageName), [image]);
    deepStrictEqual(await find("Windows_Server-2022-English-Full-Base-lately"), []);
  });

  it("replace all servers with progress, and write the version into the group", async () => {
    const to = await fleet("good", "ami-0123456789abcdef0");
    const said = await roll("good", to);
    ok(said.some((line) => /InProgress, [1-9]\d % of the servers replaced/.test(line)));
    deepStrictEqual(await versions("good"), ["2", "2", "2"]);
    deepStrictEqual(await roll("good", to), [], "there is nothing more to do");
  });

  it("that fail are rolled back to the group's own version", async () => {
    const to = await fleet("bad", "ami-0123456789abcdef0");
    await trial("bad", "outcome=fail&seconds=1");
    await rejects(roll("bad", to), /failed and was rolled back/);
    deepStrictEqual(await versions("bad"), ["1", "1", "1"]);
  });

  it("that fail are not rolled back where the image is a parameter", async () => {
    const to = await fleet("floating", "resolve:ssm:/aws/service/ami-windows-latest/any");
    await trial("floating", "outcome=fail&seconds=1");
    await rejects(roll("floating", to, false), /failed and was not rolled back/);
    deepStrictEqual((await versions("floating")).sort(), ["1", "1", "2"]);
    await trial("floating", "");
    await roll("floating", to, false);
    deepStrictEqual(await versions("floating"), ["2", "2", "2"]);
  });

  it("take the place of one to another version", async () => {
    const to = await fleet("twice", "ami-0123456789abcdef0");
    await trial("twice", "seconds=600");
    await (await calls("twice")).startRefresh({ ...to, version: "1" });
    await trial("twice", "seconds=1");
    const said = await roll("twice", to);
    ok(said.includes("web: cancelling a roll to another version."));
    deepStrictEqual(await versions("twice"), ["2", "2", "2"]);
  });

  it("fail in a sentence where Auto Scaling refuses, without a credential in it", async () => {
    const refused = roll("nobody's", { id: "lt-1", version: "1" });
    await rejects(refused, ({ message }: Error) => {
      match(message, /Auto Scaling was asked and did not answer \(ValidationError: .*nobody's\)/);
      match(message, /the next `pulumi up` waits for it\.$/);
      ok(!/AKIDLOCAL|hush/.test(message));
      return true;
    });
  });
});
