import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import {
  changesOf,
  plannedChanges,
  Progress,
  resourceLabel,
  warningOf,
} from "../../local/progress";

const urn = (type: string, name: string) => `urn:pulumi:east::pe-platform::pe:x$${type}::${name}`;
const database = urn("aws:rds/instance:Instance", "database");
const step = (op: string, of = database) => ({
  op,
  urn: of,
  type: of.split("$").at(-1)?.split("::")[0] ?? "",
  provider: "",
});
const event = (timestamp: number, more: object) =>
  ({ sequence: timestamp, timestamp, ...more }) as EngineEvent;

describe("progress of an operation", () => {
  it("names resources the way readers do", () => {
    strictEqual(resourceLabel(database), "rds.Instance database");
    strictEqual(resourceLabel(urn("random:index/randomId:RandomId", "suffix")), "RandomId suffix");
  });

  it("counts what is done and shows what is waited for longest", () => {
    const progress = new Progress();
    const vpc = urn("aws:ec2/vpc:Vpc", "network");
    progress.add(event(100, { resourcePreEvent: { metadata: step("create") } }));
    progress.add(event(101, { resourcePreEvent: { metadata: step("create", vpc) } }));
    const line = progress.add(event(104, { resOutputsEvent: { metadata: step("create", vpc) } }));
    strictEqual(line, "ec2.Vpc network created (3 s)");
    strictEqual(progress.tally.created, 1);
    strictEqual(progress.summary(180), "1 created: rds.Instance database (80 s)");
  });

  it("reports a problem once, although the provider says it twice", () => {
    const progress = new Progress();
    for (const message of [
      "[ERROR] : no such subnet",
      "no such subnet:",
      "update failed",
      "Running program failed: grpc: the client connection is closing",
    ]) {
      const severity = "error";
      progress.add(event(1, { diagnosticEvent: { urn: database, message, severity } }));
    }
    deepStrictEqual(progress.problems, ["rds.Instance database: no such subnet"]);
  });

  it("passes on what the program says, but nothing that only a screen wants", () => {
    const said = (more: object) =>
      new Progress().add(event(1, { diagnosticEvent: { message: "web: 50 %.\n", ...more } }));
    strictEqual(said({ severity: "info" }), "web: 50 %.");
    strictEqual(said({ severity: "info", ephemeral: true }), undefined);
    strictEqual(said({ severity: "debug" }), undefined);
  });

  it("hands on what the program warns of, and nothing else as a warning", () => {
    const diagnostic = (severity: string) =>
      event(1, { diagnosticEvent: { urn: database, message: "network.x: mind this\n", severity } });
    strictEqual(warningOf(diagnostic("warning")), "network.x: mind this");
    strictEqual(warningOf(diagnostic("error")), undefined);
    strictEqual(warningOf(event(1, {})), undefined);
  });

  it("finds the changes of a preview, and which properties they are of", () => {
    const events = [
      event(1, { resourcePreEvent: { metadata: { ...step("update"), diffs: ["iops"] } } }),
      event(2, { resourcePreEvent: { metadata: step("same") } }),
      event(3, { summaryEvent: { resourceChanges: { same: 5, update: 1 } } }),
    ];
    deepStrictEqual(changesOf(events), { update: 1 });
    deepStrictEqual(plannedChanges(events), ["update rds.Instance database [iops]"]);
    deepStrictEqual(changesOf([event(1, { summaryEvent: { resourceChanges: { same: 5 } } })]), {});
  });

  it("says so before anything happens", () => match(new Progress().summary(), /^starting$/));
});
