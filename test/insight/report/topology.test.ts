import assert from "node:assert/strict";
import type { StackReport } from "../../../insight/figures/report";
import { topology } from "../../../insight/report/topology/model";
import type { Topology } from "../../../insight/report/topology/types";
import {
  directConnect,
  prodWith,
  setting,
  stackWith,
  transitGateway,
  twoWay,
  within,
} from "./topologyCases";

const edges = (graph: Topology, kind: string): string[] =>
  graph.edges
    .filter((edge) => edge.kind === kind)
    .map(({ from, to, label }) => `${from} → ${to}${label === "" ? "" : `: ${label}`}`);

const ids = (graph: Topology, kind: string): string[] =>
  graph.nodes.filter((node) => node.kind === kind).map(({ id }) => id);

const lines = (graph: Topology, id: string): string[] =>
  graph.nodes.find((node) => node.id === id)?.lines ?? [];

describe("topology of prod", () => {
  let graph: Topology;
  let reports: StackReport[];
  before(async () => {
    reports = await prodWith();
    graph = topology(reports);
  });

  it("has both regions, home first, whatever the order of the reports", () => {
    assert.deepEqual(
      graph.regions.map(({ name, note }) => [name, note]),
      [
        ["us-east-1", "stack prod-east · home · writer"],
        ["us-west-2", "stack prod-west · replica"],
      ],
    );
    assert.deepEqual(topology([...reports].reverse()), graph);
  });

  it("takes clients through the internet gateway and every tier, with port and encryption", () => {
    const zones = ["a", "b", "c"].map((letter) => `us-east-1${letter}`);
    const of = (name: string): string => `us-east-1/${name}`;
    const expected = [
      `clients → ${of("gateway")}: 443 TLS`,
      `${of("gateway")} → ${of("web-balancer")}: 443 TLS`,
      ...zones.map((zone) => `${of("web-balancer")} → ${of(`web-servers/${zone}`)}: 443 TLS`),
      ...zones.map((zone) => `${of(`web-servers/${zone}`)} → ${of("app-balancer")}: 443 TLS`),
      ...zones.map((zone) => `${of("app-balancer")} → ${of(`app-servers/${zone}`)}: 443 TLS`),
      ...zones.map((zone) => `${of(`app-servers/${zone}`)} → ${of("database")}: 1433 TLS`),
    ];
    const found = edges(graph, "request").filter((edge) => edge.includes("us-east-1"));
    assert.deepEqual(found, expected);
    assert.equal(edges(graph, "request").length, 2 * expected.length);
  });

  it("lets no request cross regions", () => {
    for (const { kind, from, to } of graph.edges) {
      const regions = [from, to].map((id) => id.split("/")[0]);
      if (kind !== "request" || from === "clients") continue;
      assert.equal(regions[0], regions[1], `${from} → ${to}`);
    }
  });

  it("replicates from the writer to the replica, by DMS beside the replica", () => {
    assert.deepEqual(edges(graph, "replication"), [
      "us-east-1/database → us-west-2/replication: 1433 TLS",
      "us-west-2/replication → us-west-2/database: 1433 TLS",
    ]);
    assert.deepEqual(edges(graph, "backup"), [
      "us-east-1/backups → us-west-2/copiedBackups: backups",
    ]);
    assert.deepEqual(ids(graph, "peering"), ["peering"]);
  });

  it("says size, edition and role", () => {
    assert.deepEqual(lines(graph, "us-east-1/database"), [
      "writer",
      "Standard",
      "db.r6i.xlarge",
      "500 GiB gp3",
    ]);
    assert.equal(lines(graph, "us-west-2/database")[0], "replica");
    const server = graph.nodes.find(({ id }) => id === "us-east-1/app-servers/us-east-1b");
    assert.deepEqual([server?.title, server?.servers], ["m6i.xlarge", { min: 1, max: 4 }]);
  });

  it("has one NAT gateway per zone, for that zone, and one node for all endpoints", () => {
    assert.deepEqual(edges(graph, "egress").slice(0, 3), [
      "us-east-1/nat/us-east-1a → us-east-1/gateway",
      "us-east-1/nat/us-east-1b → us-east-1/gateway",
      "us-east-1/nat/us-east-1c → us-east-1/gateway",
    ]);
    assert.deepEqual(lines(graph, "us-east-1/nat/us-east-1b"), ["out for b"]);
    const endpoints = lines(graph, "us-east-1/endpoints");
    assert.ok(endpoints.includes("secretsmanager") && endpoints.includes("s3 (gateway)"));
  });

  it("tells it in sentences", () => {
    assert.match(graph.description, /us-east-1 runs in 3 zones, reached from the internet/);
    assert.match(graph.description, /3 to 12 web servers/);
    assert.match(graph.description, /DMS in us-west-2 copies from us-east-1 to us-west-2/);
  });
});

describe("topology of other installations", () => {
  it("draws cost-saver's one zone; its load balancers still span two", async () => {
    const graph = topology([await stackWith("cost-saver")]);
    assert.deepEqual(
      graph.regions[0]?.zones.map(({ idle }) => idle),
      [false, true, true],
    );
    assert.deepEqual(ids(graph, "standby"), []);
    assert.deepEqual(ids(graph, "servers").length, 2);
    assert.ok(lines(graph, "us-east-1/database").includes("no standby"));
    const balancer = graph.nodes.find(({ id }) => id === "us-east-1/web-balancer");
    assert.deepEqual(balancer?.zones, ["us-east-1a", "us-east-1b"]);
    assert.deepEqual(lines(graph, "us-east-1/nat/us-east-1a"), ["out for a, b, c"]);
    for (const kind of ["replication", "peering", "copiedBackups"]) {
      assert.deepEqual(ids(graph, kind), [], kind);
    }
  });

  it("follows azCount: zones with servers, standby from two on", async () => {
    for (const azCount of [1, 2, 3]) {
      const graph = topology([await stackWith("prod-east", setting({ azCount, regionCount: 1 }))]);
      assert.equal(graph.regions[0]?.zones.filter(({ idle }) => !idle).length, azCount);
      assert.equal(ids(graph, "standby").length, azCount >= 2 ? 1 : 0);
      assert.equal(ids(graph, "nat").length, azCount === 3 ? 3 : 1);
      assert.equal(ids(graph, "servers").length, 2 * azCount);
    }
  });

  it("shows a region that is left out as not in use, and nothing in it", async () => {
    const graph = topology(await prodWith(setting({ regionCount: 1 })));
    assert.deepEqual(
      graph.regions.map(({ state }) => state),
      ["active", "unused"],
    );
    assert.ok(graph.nodes.every(({ region }) => region !== "us-west-2"));
    assert.match(graph.description, /us-west-2 is not in use/);
  });

  it("says so when a region in use is not among the reports", async () => {
    const graph = topology([await stackWith("prod-west")]);
    assert.equal(graph.regions.find(({ name }) => name === "us-east-1")?.state, "unread");
    assert.deepEqual(edges(graph, "replication"), [
      "us-west-2/replication → us-west-2/database: 1433 TLS",
    ]);
    const known = new Set(graph.nodes.map(({ id }) => id));
    for (const { from, to } of graph.edges) assert.ok(known.has(from) && known.has(to));
  });

  it("goes through a transit gateway, without public subnets, NAT or checks from outside", async () => {
    const graph = topology(await prodWith(transitGateway));
    assert.deepEqual(ids(graph, "transitGateway"), ["us-east-1/gateway", "us-west-2/gateway"]);
    for (const kind of ["internetGateway", "nat"]) assert.deepEqual(ids(graph, kind), [], kind);
    assert.deepEqual(edges(graph, "health"), []);
    assert.ok(lines(graph, "dns").includes("health: CloudWatch alarm"));
    const balancer = graph.nodes.find(({ id }) => id === "us-east-1/web-balancer");
    assert.equal(balancer?.subnet, "private");
    assert.match(balancer.detail, /internal/);
    const kinds = graph.regions[0]?.subnets.map(({ kind }) => kind);
    assert.ok(!kinds?.includes("public"));
  });

  it("goes over Direct Connect", async () => {
    const graph = topology([
      await stackWith("prod-east", (config) => setting({ regionCount: 1 })(directConnect(config))),
    ]);
    assert.deepEqual(ids(graph, "directConnect"), ["us-east-1/gateway"]);
  });

  it("turns replication round with the writer", async () => {
    const graph = topology(await prodWith(within("replication", { writer: "us-west-2" })));
    assert.deepEqual(edges(graph, "replication"), [
      "us-west-2/database → us-east-1/replication: 1433 TLS",
      "us-east-1/replication → us-east-1/database: 1433 TLS",
    ]);
    assert.deepEqual(lines(graph, "us-east-1/database")[0], "replica");
  });

  it("replicates both ways when both regions write, and not at all without a copy", async () => {
    assert.equal(edges(topology(await prodWith(twoWay)), "replication").length, 4);
    const alone = topology(await prodWith(within("replication", { mode: "none" })));
    assert.deepEqual([...ids(alone, "peering"), ...ids(alone, "replication")], []);
  });

  it("refuses no stack, several installations, and one region twice", async () => {
    const east = await stackWith("prod-east");
    assert.throws(() => topology([]), /no stack to draw/);
    const small = await stackWith("cost-saver");
    assert.throws(() => topology([east, small]), /platform\.example\.com and small\.example\.com/);
    assert.throws(() => topology([east, east]), /both of us-east-1/);
  });
});
