import assert from "node:assert/strict";
import { minutesPerMonth, parallel } from "../../../insight/availability/arithmetic";
import { fleet } from "../../../insight/availability/disruptions";
import { replaceMinutes } from "../../../insight/availability/durations";
import { serviceLevelFigures } from "../../../insight/availability/model";
import { carries, clientsMoved, writesMoved } from "../../../insight/availability/paths";
import { healthChecks, installationShape } from "../../../insight/availability/shape";
import type { InstallationShape, Recovery } from "../../../insight/availability/types";
import {
  alone,
  inputs,
  pair,
  partsOf,
  region,
  stack,
  withCommonCause,
  withValues,
} from "./support";

const of = (shape: InstallationShape, given = inputs) => serviceLevelFigures(shape, given);
const { values } = inputs;

function near(actual: number | undefined, expected: number, by = 1e-9): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= by, `${actual} ≠ ${expected}`);
}

function recovery(shape: InstallationShape, kind: Recovery["disruption"]): Recovery {
  const found = of(shape).recovery.find(({ disruption }) => disruption === kind);
  assert.ok(found);
  return found;
}

const oneZone = region({
  zones: 1,
  web: { minPerZone: 1, maxPerZone: 1, needed: 1 },
  app: { minPerZone: 1, maxPerZone: 1, needed: 1 },
  database: { multiAz: false, backupRetentionDays: 14 },
});

describe("availability by SLA", () => {
  it("ALB · EC2 · ALB · EC2 · RDS over two zones: 99.910 %, 39.4 minutes a month", () => {
    for (const zones of [2, 3]) {
      const { slaComposite } = of(alone(region({ zones }))).write;
      assert.equal((slaComposite.availability * 100).toFixed(3), "99.910");
      assert.equal(slaComposite.minutesPerMonth.toFixed(1), "39.4");
      near(slaComposite.availability, 0.9999 ** 4 * 0.9995, 1e-12);
    }
  });

  it("single instances in one zone: 98.49 %, 662 minutes a month", () => {
    const { slaComposite } = of(alone(oneZone)).read;
    assert.equal((slaComposite.availability * 100).toFixed(2), "98.49");
    assert.equal(slaComposite.minutesPerMonth.toFixed(0), "662");
    near(slaComposite.minutesPerYear, 12 * slaComposite.minutesPerMonth, 1e-6);
  });

  it("a second region changes nothing, and the naive square is told to mean nothing", () => {
    const one = of(alone()).read.slaComposite;
    const { read, write, notes } = of(pair());
    assert.deepEqual(read.slaComposite, one);
    assert.deepEqual(write.slaComposite, one);
    const naive = (parallel([one.availability, one.availability]) * 100).toFixed(5);
    assert.equal(naive, "99.99992");
    assert.ok(notes.some((note) => note.includes(`${naive} %`) && note.includes("nothing")));
  });

  it("of two unlike regions reads have the weaker promise, writes the writer's", () => {
    const { read, write } = of(pair(region(), "oneWay", 0.5, oneZone));
    assert.equal(read.slaComposite.availability, of(alone(oneZone)).read.slaComposite.availability);
    assert.equal(write.slaComposite.availability, of(alone()).write.slaComposite.availability);
  });

  it("the lowest agreement caps it", () => {
    assert.deepEqual(of(alone()).cap, { what: "RDS Multi-AZ 99.95 %", availability: 0.9995 });
    assert.deepEqual(of(alone(oneZone)).cap, { what: "RDS Single-DB 99.5 %", availability: 0.995 });
    assert.ok(of(alone()).write.slaComposite.availability < 0.9995);
  });
});

describe("modelled availability of one region", () => {
  it("reads and writes are alike: every request needs the database", () => {
    const { read, write } = of(alone());
    assert.deepEqual(read.modelled, write.modelled);
  });

  it("servers: formula 4 for the tier, with its common cause", () => {
    const shape = region({ web: { minPerZone: 1, maxPerZone: 2, needed: 2 } });
    const parts = partsOf(of(alone(shape)).read.modelled);
    const unit = (values["instance.failuresPerYear"] * replaceMinutes(inputs)) / 525_600;
    const expected = withCommonCause(2, 3, unit, values["beta.instance"]) * minutesPerMonth;
    near(
      (parts["web servers: all at once, common cause"] ?? 0) +
        (parts["web servers: too few left"] ?? 0),
      expected,
    );
  });

  it("a fleet grows to what the load needs, and is out where it may not", () => {
    const web = { minPerZone: 1, maxPerZone: 4, needed: 7 };
    assert.deepEqual(fleet(region({ web }), "web"), {
      perZone: 3,
      servers: 9,
      needed: 7,
      sufficient: true,
    });
    const { read, singlePoints } = of(alone(region({ web: { ...web, needed: 13 } })));
    assert.equal(read.modelled.availability, 0);
    assert.equal(read.modelled.minutesPerMonth, minutesPerMonth);
    assert.equal(singlePoints[0]?.remedy, "web.instancesPerAz: { min: 5, max: 5 }");
  });

  it("the loss of a zone is waited for only as long as other servers take to start", () => {
    const short = region({ web: { minPerZone: 1, maxPerZone: 4, needed: 3 } });
    const parts = partsOf(of(alone(short)).write.modelled);
    const zones = ((1 - values["beta.zone"]) * values["zone.failuresPerYear"] * 3) / 12;
    const none = values["zone.capacityShortShare"];
    near(
      parts["a zone: too few web servers left, until others have started"],
      zones * (1 - none) * replaceMinutes(inputs),
      1e-6,
    );
    near(
      parts["a zone: too few web servers left, and none to be had elsewhere"],
      zones * none * values["zone.outageMinutes"],
    );
  });

  it("with spare servers in the other zones, a lost zone costs detection and the fail-over", () => {
    const parts = partsOf(of(alone()).write.modelled);
    const zones = ((1 - values["beta.zone"]) * values["zone.failuresPerYear"] * 3) / 12;
    near(
      parts["a zone: requests to its servers, until the load balancer sees it"],
      (zones / 3) * (values["loadBalancer.detectionSeconds"] / 60),
    );
    assert.ok(!Object.keys(parts).some((what) => what.includes("too few web servers left")));
  });

  it("one zone is out as long as the zone, and the database may be in another one", () => {
    const parts = partsOf(of(alone(oneZone)).write.modelled);
    const zone = ((1 - values["beta.zone"]) * values["zone.failuresPerYear"]) / 12;
    near(parts["the only zone"], zone * values["zone.outageMinutes"]);
    near(
      parts["a zone without servers: the database is in it, without a standby"],
      (zone * 2 * values["zone.outageMinutes"]) / 3,
    );
  });

  it("database: formula 5 with a standby, and repair without", () => {
    const parts = partsOf(of(alone()).write.modelled);
    const failures = values["database.failuresPerYear"] / 12;
    near(parts["database: fail-over to the standby"], failures * 2.5);
    near(parts["database: a fail-over that needs people"], failures * 0.02 * 120);
    near(parts["database: maintenance, by fail-over"], (values["maintenance.perYear"] / 12) * 1);
    const single = partsOf(of(alone(oneZone)).write.modelled);
    near(single["database: without a standby, until it runs again"], failures * 30.5);
    near(single["database: maintenance, without a standby"], (4 / 12) * 20);
    near(single["database: storage lost, until it is restored"], (0.002 / 12) * 280);
  });

  it("NAT gateways change nothing for requests while endpoints let servers start", () => {
    const short = { web: { minPerZone: 1, maxPerZone: 4, needed: 3 } };
    const figures = (["none", "single", "onePerAz"] as const).map(
      (natGateways) => of(alone(region({ ...short, natGateways }))).write.modelled,
    );
    assert.deepEqual(figures[0], figures[1]);
    assert.deepEqual(figures[1], figures[2]);
    const behind = (natGateways: "single" | "onePerAz"): number =>
      of(alone(region({ ...short, natGateways, startsNeedNat: true }))).write.modelled
        .minutesPerMonth;
    assert.ok(behind("single") > behind("onePerAz"));
  });
});

describe("modelled availability of two regions", () => {
  const regionPart = (shape: InstallationShape, path: "read" | "write"): number =>
    partsOf(of(shape)[path].modelled).region ?? 0;

  it("health checks and DNS move clients: 2.5 minutes by HTTPS, 5 by an alarm", () => {
    near(clientsMoved(region(), inputs), (10 * 3 + 60 + 60) / 60);
    near(clientsMoved(region({ healthCheck: healthChecks.alarm }), inputs), 5);
  });

  it("reads: the lost region's clients wait for the move, all for a common cause (formula 6)", () => {
    const shape = pair();
    const rate = values["region.failuresPerYear"] / 12;
    const beta = values["beta.region"];
    const outage = values["region.outageMinutes"];
    // The rest is the small chance that the other region is down as well.
    near(regionPart(shape, "read"), rate * (beta * outage + (1 - beta) * 2.5), 0.01);
    assert.ok(regionPart(shape, "read") > rate * (beta * outage + (1 - beta) * 2.5));
  });

  it("writes: a lost region is waited for until people have moved the writer (formula 7)", () => {
    const rate = values["region.failuresPerYear"] / 12;
    const beta = values["beta.region"];
    const outage = values["region.outageMinutes"];
    near(writesMoved(inputs), 10 + 30 + 2 + 15);
    near(regionPart(pair(), "write"), rate * (beta * outage + (1 - beta) * 57), 0.01);
  });

  it("writes are not squared away: all but the region's loss stays as with one region", () => {
    const one = partsOf(of(alone()).write.modelled);
    const two = partsOf(of(pair()).write.modelled);
    for (const [what, minutes] of Object.entries(one)) {
      if (what !== "region") near(two[what], minutes);
    }
    assert.ok(of(pair()).write.modelled.availability < of(pair()).read.modelled.availability);
  });

  it("nobody moves the writer for an outage that ends sooner", () => {
    const brief = withValues({ "region.outageMinutes": 20 });
    const rate = values["region.failuresPerYear"] / 12;
    near(partsOf(of(pair(), brief).write.modelled).region, rate * 20);
  });

  it("app tier and database are not seen by the health check: their parts stay", () => {
    const one = partsOf(of(alone()).read.modelled);
    const two = partsOf(of(pair()).read.modelled);
    for (const what of [
      "app load balancer: the service fails",
      "database: fail-over to the standby",
      "app servers: all at once, common cause",
    ]) {
      near(two[what], one[what] ?? 0);
    }
    const web = "web load balancer: the service fails";
    assert.ok((two[web] ?? 0) < (one[web] ?? 0) / 5);
  });

  it("without replication neither region stands in for the other", () => {
    const { read, write, strategy } = of(pair(region(), "none"));
    near(read.modelled.minutesPerMonth, of(alone()).read.modelled.minutesPerMonth);
    near(write.modelled.minutesPerMonth, of(alone()).write.modelled.minutesPerMonth);
    assert.equal(strategy.name, "none for the loss of a region");
  });

  it("both regions writing: each row still has one writer, so it is as one way", () => {
    const both = of(pair(region(), "twoWay")).write.modelled;
    near(both.minutesPerMonth, of(pair()).write.modelled.minutesPerMonth);
  });

  it("a second region that is too small to carry the load stands in later, or not at all", () => {
    const load = { web: { minPerZone: 2, maxPerZone: 4, needed: 4 } };
    const full = pair(region(load), "oneWay", 0.5, region({ web: { ...load.web, needed: 2 } }));
    const small = (maxPerZone: number): InstallationShape =>
      pair(region(load), "oneWay", 0.5, region({ web: { minPerZone: 1, maxPerZone, needed: 1 } }));
    assert.ok(regionPart(small(2), "read") > regionPart(full, "read"));
    assert.ok(regionPart(small(1), "read") > regionPart(small(2), "read"));
    assert.equal(of(full).strategy.name, "hot standby");
    assert.equal(of(small(2)).strategy.name, "warm standby");
    assert.equal(recovery(small(1), "region").writeRtoMinutes, null);
  });

  it("the region that is left carries the sum of both loads, not the larger one", () => {
    const tier = (needed: number) => ({ minPerZone: 1, maxPerZone: 4, needed });
    const one = region({ web: tier(2), app: tier(1) });
    const shape = pair(one);
    near(carries(shape, one, inputs), 0.75 + 2 + 15);
    const { strategy, recovery: rows } = of(shape);
    assert.equal(strategy.name, "warm standby");
    assert.match(strategy.why, /has to start servers to carry both regions' load/);
    near(rows.find(({ disruption }) => disruption === "region")?.readRtoMinutes ?? 0, 2.5 + 17.75);
    const more = region({ web: tier(7), app: tier(1) });
    assert.equal(carries(pair(more), more, inputs), Number.POSITIVE_INFINITY);
    for (const mode of ["oneWay", "twoWay"] as const) {
      assert.match(of(pair(more, mode)).strategy.why, /too few for both regions' load/);
    }
  });

  it("says that clients near the copy cannot write there, and how many they are", () => {
    const { notes } = of(pair(region(), "oneWay", 0.75));
    assert.ok(notes.some((note) => note.includes("25 % of clients are nearest to us-west-2")));
  });

  it("says that a weaker second region makes reads near it worse", () => {
    const told = (shape: InstallationShape): boolean =>
      of(shape).notes.some((note) => note.includes("worse reads"));
    assert.ok(told(pair(region(), "oneWay", 0.5, oneZone)));
    assert.ok(!told(pair()));
  });
});

describe("recovery", () => {
  const table = (shape: InstallationShape) =>
    of(shape).recovery.map(({ disruption, readRtoMinutes, writeRtoMinutes, rpoMinutes }) => [
      disruption,
      readRtoMinutes,
      writeRtoMinutes,
      rpoMinutes,
    ]);

  it("prod: minutes for server and zone, the runbook's for writes of a lost region", () => {
    assert.deepEqual(table(installationShape([stack("prod-east"), stack("prod-west")])), [
      ["instance", 2.5, 2.5, 0],
      ["zone", 2.5, 2.5, 0],
      ["region", 2.5, 57, 3],
      ["corruption", 270, 270, 60],
    ]);
  });

  it("cost-saver: a restart, a restore, and no bound for a lost region", () => {
    assert.deepEqual(table(installationShape([stack("cost-saver")])), [
      ["instance", 30.5, 30.5, 0],
      ["zone", 280, 280, 5],
      ["region", null, null, null],
      ["corruption", 270, 270, 60],
    ]);
  });

  it("without spare servers the recovery of a zone takes Windows' start", () => {
    const short = alone(region({ app: { minPerZone: 1, maxPerZone: 2, needed: 3 } }));
    near(recovery(short, "zone").readRtoMinutes ?? undefined, replaceMinutes(inputs));
    assert.match(recovery(short, "zone").how, /app servers elsewhere \(in 10 % of cases/);
    assert.match(recovery(short, "instance").how, /^An app server is replaced/);
  });

  it("reads recover like the weakest region, writes like the writer", () => {
    const zone = recovery(pair(region(), "oneWay", 0.5, oneZone), "zone");
    assert.deepEqual([zone.readRtoMinutes, zone.writeRtoMinutes, zone.rpoMinutes], [280, 2.5, 0]);
  });

  it("two regions without replication have no bound for a lost one", () => {
    const lost = recovery(pair(region(), "none"), "region");
    assert.deepEqual(
      [lost.readRtoMinutes, lost.writeRtoMinutes, lost.rpoMinutes],
      [null, null, null],
    );
  });

  it("names the strategy as AWS does", () => {
    const name = (shape: InstallationShape): string => of(shape).strategy.name;
    assert.equal(name(alone()), "none for the loss of a region");
    assert.equal(name(pair()), "hot standby");
    assert.equal(name(pair(region(), "twoWay")), "multi-site active/active");
  });
});

describe("single points of failure", () => {
  const points = (shape: InstallationShape) =>
    of(shape).singlePoints.map(({ what, remedy }) => [what, remedy]);

  it("cost-saver: database, region, zone and each tier's server, the worst first", () => {
    const { singlePoints } = of(installationShape([stack("cost-saver")]));
    assert.deepEqual(
      singlePoints.map(({ what }) => what),
      [
        "the database without a standby",
        "the region us-east-1",
        "the only zone",
        "the only web server",
        "the only app server",
      ],
    );
    const minutes = singlePoints.map(({ minutesPerMonth: one }) => one);
    assert.deepEqual(
      minutes,
      [...minutes].sort((a, b) => b - a),
    );
    assert.deepEqual(
      singlePoints.map(({ remedy }) => remedy?.split(" (")[0]),
      [
        "azCount: 2",
        "regionCount: 2",
        "azCount: 2",
        "web.instancesPerAz: { min: 2, max: 2 }",
        "app.instancesPerAz: { min: 2, max: 2 }",
      ],
    );
  });

  it("prod: the writer's region, for writes", () => {
    const prod = installationShape([stack("prod-east"), stack("prod-west")]);
    assert.deepEqual(points(prod), [["the region us-east-1, for writes", undefined]]);
  });

  it("two zones with one NAT gateway: it costs requests nothing, and is named", () => {
    const [nat] = of(alone(region({ zones: 2, natGateways: "single" }))).singlePoints.slice(-1);
    assert.equal(nat?.what, "the NAT gateway");
    assert.equal(nat.minutesPerMonth, 0);
    assert.equal(nat.remedy, "network.natGateways: onePerAz");
  });

  it("each zone, where the others' servers do not carry the load, with the servers to add", () => {
    const short = alone(region({ zones: 2, web: { minPerZone: 2, maxPerZone: 2, needed: 3 } }));
    assert.deepEqual(
      points(short).find(([what]) => what?.startsWith("each zone")),
      ["each zone, for its 2 web servers", "web.instancesPerAz: { min: 3, max: 3 }"],
    );
    const mended = alone(region({ zones: 2, web: { minPerZone: 3, maxPerZone: 3, needed: 3 } }));
    assert.ok(!points(mended).some(([what]) => what?.startsWith("each zone")));
    assert.ok(of(mended).write.modelled.minutesPerMonth < of(short).write.modelled.minutesPerMonth);
  });
});
