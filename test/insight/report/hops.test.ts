import assert from "node:assert/strict";
import { flowRows, stackPath, tlsVersions } from "../../../insight/report/hops";
import { describeStack, type StackReport } from "../../../insight/figures/report";
import { readStack } from "../../../config/stackFiles";

async function planned(
  stack: string,
  edit?: (config: Record<string, unknown>) => Record<string, unknown>,
): Promise<StackReport> {
  return describeStack(stack, readStack(stack, undefined, edit).raw);
}

/** The report with some resources' inputs changed, as if the program had them so. */
function changed(report: StackReport, type: string, inputs: object): StackReport {
  const resources = report.plan.resources.map((item) =>
    item.type.endsWith(type) ? { ...item, inputs: { ...item.inputs, ...inputs } } : item,
  );
  return { ...report, plan: { ...report.plan, resources } };
}

describe("the request path hop by hop", function () {
  this.timeout(60_000);
  let east: StackReport;
  let west: StackReport;
  before(async () => {
    east = await planned("prod-east");
    west = await planned("prod-west");
  });

  it("goes from the client's lookup to the database without a gap", () => {
    const { request } = stackPath(east);
    assert.deepEqual(
      request.map(({ to, port }) => [to, port]),
      [
        ["Route 53, platform.example.com", 53],
        ["Web load balancer", 443],
        ["Web load balancer", 80],
        ["Web servers", 443],
        ["App load balancer", 443],
        ["App servers", 443],
        ["Database", 1433],
      ],
    );
  });

  it("is encrypted everywhere but at the lookup and the redirect", () => {
    for (const { request, replication } of [stackPath(east), stackPath(west)]) {
      for (const { port, encrypted, to } of [...request, ...replication]) {
        assert.equal(encrypted, port !== 53 && port !== 80, to);
      }
    }
  });

  it("says so where the plan has no TLS: nothing is taken for granted", () => {
    const open = (report: StackReport, to: string): boolean =>
      stackPath(report).request.some((hop) => hop.to === to && hop.port !== 80 && !hop.encrypted);
    assert.ok(open(changed(east, ":TargetGroup", { protocol: "HTTP" }), "Web servers"));
    assert.ok(open(changed(east, ":ParameterGroup", { parameters: [] }), "Database"));
    assert.ok(open(changed(east, ":Listener", { protocol: "HTTP" }), "App load balancer"));
    const dms = changed(west, "dms/endpoint:Endpoint", { sslMode: "none" });
    assert.ok(stackPath(dms).replication.every(({ encrypted }) => !encrypted));
  });

  it("has the changes' way only where the other region is followed", () => {
    assert.deepEqual(stackPath(east).replication, []);
    assert.deepEqual(
      stackPath(west).replication.map(({ from, to }) => [from, to]),
      [
        ["Database in us-east-1", "DMS in us-west-2, over VPC peering"],
        ["DMS", "Database in us-west-2"],
      ],
    );
    assert.match(stackPath(west).request.at(-1)?.to ?? "", /read only/);
  });

  it("lists a row for every flow that the plan lets through", () => {
    for (const report of [east, west]) {
      const components = report.plan.resources.filter(({ type }) => type.endsWith(":AllowedFlow"));
      const peering = report.plan.resources.filter(
        ({ type, component }) =>
          type.endsWith(":SecurityGroupIngressRule") && component?.type.endsWith(":RegionPeering"),
      );
      assert.equal(flowRows(report).length, components.length + peering.length);
    }
    const rows = flowRows(west).filter(({ reason }) => reason.startsWith("Replication from"));
    assert.deepEqual(
      new Set(rows.map(({ region }) => region)),
      new Set(["us-east-1", "us-west-2"]),
    );
  });

  it("is empty for a region that is not in use", async () => {
    const off = await planned("prod-west", (config) => ({
      ...config,
      "pe-platform:regionCount": 1,
    }));
    assert.deepEqual(stackPath(off).request, []);
    assert.deepEqual(flowRows(off), []);
  });

  it("reads the versions of TLS from a policy's name", () => {
    assert.equal(tlsVersions("ELBSecurityPolicy-TLS13-1-2-Res-2021-06"), "TLS 1.2 or 1.3");
    assert.equal(tlsVersions("ELBSecurityPolicy-TLS13-1-3-2021-06"), "TLS 1.3");
    assert.equal(tlsVersions("ELBSecurityPolicy-2016-08"), "TLS by ELBSecurityPolicy-2016-08");
  });
});
