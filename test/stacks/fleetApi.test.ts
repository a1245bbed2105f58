import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rightsOf } from "../../catalogue";
import { fleetApis } from "../../stacks/fleetApi";

const wanted = { id: "lt-1", version: "2" };

/** Auto Scaling's answers, shortened; "" for those that say nothing. */
const answers: Record<string, string> = {
  DescribeAutoScalingGroups: `<AutoScalingGroups><member>
    <AutoScalingGroupName>web-ab12</AutoScalingGroupName><MinSize>2</MinSize>
    <LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>1</Version></LaunchTemplate>
    <Instances>
      <member><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
      <member><LifecycleState>InService</LifecycleState><HealthStatus>Unhealthy</HealthStatus></member>
      <member><LifecycleState>Pending:Wait</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
    </Instances></member></AutoScalingGroups>`,
  DescribeLoadBalancerTargetGroups: `<LoadBalancerTargetGroups>
    <member><State>InService</State></member><member><State>Added</State></member>
    </LoadBalancerTargetGroups>`,
  DescribeInstanceRefreshes: `<InstanceRefreshes><member><InstanceRefreshId>r-1</InstanceRefreshId>
    <Status>RollbackSuccessful</Status><StatusReason>Why.</StatusReason>
    <PercentageComplete>50</PercentageComplete><DesiredConfiguration><LaunchTemplate>
    <LaunchTemplateId>lt-1</LaunchTemplateId><Version>2</Version></LaunchTemplate>
    </DesiredConfiguration></member></InstanceRefreshes>`,
  StartInstanceRefresh: "<InstanceRefreshId>r-2</InstanceRefreshId>",
  CancelInstanceRefresh: "<InstanceRefreshId>r-2</InstanceRefreshId>",
  UpdateAutoScalingGroup: "",
  DescribeScalingActivities: `<Activities>
    <member><StatusCode>Successful</StatusCode><StartTime>2026-11-27T03:00:00Z</StartTime></member>
    <member><StatusCode>Failed</StatusCode><StartTime>2026-11-27T02:00:00Z</StartTime>
    <StatusMessage>No capacity.</StatusMessage></member></Activities>`,
};

describe("the calls of a roll", () => {
  const sent: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const form = new URLSearchParams(body);
      sent.push(form);
      const action = form.get("Action") ?? "";
      response.setHeader("content-type", "text/xml");
      response.end(
        `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">` +
          `<${action}Result>${answers[action] ?? ""}</${action}Result></${action}Response>`,
      );
    });
  });
  before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  beforeEach(() => sent.splice(0));
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const api = (rollBack = true) =>
    fleetApis({
      region: "eu-west-1",
      accessKey: "AKIDSTACK",
      secretKey: "hush",
      endpoints: [{ autoscaling: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }],
    })("web-ab12", rollBack);

  it("count healthy servers in service, and ask whether every target group serves", async () => {
    assert.deepEqual(await (await api()).state(), {
      template: { id: "lt-1", version: "1" },
      minSize: 2,
      inService: 1,
      serving: false,
    });
  });

  it("start a refresh to a desired configuration, without which nothing is undone", async () => {
    assert.equal(await (await api()).startRefresh(wanted), "r-2");
    const form = Object.fromEntries(sent[0] ?? []);
    const template = "DesiredConfiguration.LaunchTemplate";
    assert.deepEqual(form, {
      Action: "StartInstanceRefresh",
      Version: "2011-01-01",
      AutoScalingGroupName: "web-ab12",
      Strategy: "Rolling",
      [`${template}.LaunchTemplateId`]: "lt-1",
      [`${template}.Version`]: "2",
      "Preferences.MinHealthyPercentage": "100",
      "Preferences.MaxHealthyPercentage": "150",
      "Preferences.SkipMatching": "true",
      "Preferences.AutoRollback": "true",
    });
    await (await api(false)).startRefresh(wanted);
    assert.equal(sent[1]?.get("Preferences.AutoRollback"), "false");
  });

  it("read what has become of a refresh", async () => {
    assert.deepEqual(await (await api()).refresh("r-1"), {
      id: "r-1",
      status: "RollbackSuccessful",
      statusReason: "Why.",
      percentage: 50,
      template: wanted,
    });
    assert.equal(sent[0]?.get("InstanceRefreshIds.member.1"), "r-1");
  });

  it("tell of launches that failed since then only", async () => {
    const calls = await api();
    assert.equal(await calls.failedLaunch(new Date("2026-11-27T01:00:00Z")), "No capacity.");
    assert.equal(await calls.failedLaunch(new Date("2026-11-27T02:30:00Z")), undefined);
  });

  it("are allowed to whoever deploys a group", async () => {
    const calls = await api();
    await calls.state();
    await calls.startRefresh(wanted);
    await calls.refresh();
    await calls.cancelRefresh();
    await calls.setTemplate(wanted);
    await calls.failedLaunch(new Date());
    const used = sent.map((form) => `autoscaling:${form.get("Action")}`);
    assert.equal(new Set(used).size, Object.keys(answers).length);
    const { read, manage } = rightsOf("aws:autoscaling/group:Group")!;
    const allowed = [...read, ...manage].flatMap(({ actions }) => actions);
    for (const action of used) assert.ok(allowed.includes(action), action);
  });
});
