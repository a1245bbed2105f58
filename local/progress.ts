import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";

/** How many resources an operation touched, by what happened to them. */
export interface Tally {
  created: number;
  updated: number;
  replaced: number;
  deleted: number;
  unchanged: number;
}

const verbs: Record<string, keyof Tally> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};

/** Bookkeeping operations that are no change of a resource by themselves. */
const ignoredOps = new Set(["create-replacement", "delete-replaced", "discard-replaced", "read"]);

/** Follows an operation's events: what is done, what is going on, what went wrong. */
export class Progress {
  readonly tally: Tally = { created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0 };
  readonly problems: string[] = [];
  private readonly pending = new Map<string, { label: string; since: number }>();

  /** Takes an event in; returns a line where a resource is finished, or the program says something. */
  add(event: EngineEvent): string | undefined {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (diagnosticEvent?.severity === "error") this.addProblem(diagnosticEvent);
    if (resourcePreEvent) this.start(resourcePreEvent.metadata, event.timestamp);
    if (resOutputsEvent) return this.finish(resOutputsEvent.metadata, event.timestamp);
    if (resOpFailedEvent) this.pending.delete(resOpFailedEvent.metadata.urn);
    if (diagnosticEvent?.severity === "info" && !diagnosticEvent.ephemeral) {
      return diagnosticEvent.message.trim();
    }
    return undefined;
  }

  /** One line: counts, and what takes longest right now. */
  summary(now = Date.now() / 1000): string {
    const counts = (Object.keys(this.tally) as (keyof Tally)[])
      .filter((key) => key !== "unchanged" && this.tally[key] > 0)
      .map((key) => `${this.tally[key]} ${key}`);
    const oldest = [...this.pending.values()].sort((a, b) => a.since - b.since);
    const waiting = oldest
      .slice(0, 2)
      .map(({ label, since }) => `${label} (${Math.max(0, Math.round(now - since))} s)`);
    const more = oldest.length > 2 ? `, ${oldest.length - 2} more` : "";
    const busy = waiting.length > 0 ? `: ${waiting.join(", ")}${more}` : "";
    return `${counts.join(", ") || "starting"}${busy}`;
  }

  private start(step: StepEventMetadata, at: number): void {
    if (step.op === "same" || step.type.startsWith("pulumi:")) return;
    this.pending.set(step.urn, { label: resourceLabel(step.urn), since: at });
  }

  private finish(step: StepEventMetadata, at: number): string | undefined {
    const started = this.pending.get(step.urn)?.since;
    this.pending.delete(step.urn);
    const verb = verbs[step.op];
    if (verb === undefined) return undefined;
    this.tally[verb] += 1;
    // The stack itself and its providers are the engine's, not AWS resources.
    if (verb === "unchanged" || step.type.startsWith("pulumi:")) return undefined;
    const seconds = started === undefined ? 0 : Math.round(at - started);
    return `${resourceLabel(step.urn)} ${verb}${seconds > 0 ? ` (${seconds} s)` : ""}`;
  }

  private addProblem({ urn, message }: { urn?: string; message: string }): void {
    // The provider says the same twice, once as its log line.
    const text = message
      .trim()
      .replace(/^\[ERROR\]\s*:\s*/, "")
      .replace(/:$/, "");
    // Repeats in general words what another event says exactly.
    if (text === "" || /^(update|preview) failed$/.test(text)) return;
    // What the program was doing when the engine, for another reason, left it.
    if (/the client connection is closing/.test(text)) return;
    const isResource = urn !== undefined && !urn.includes("pulumi:pulumi:Stack");
    const line = isResource ? `${resourceLabel(urn)}: ${text}` : text;
    if (!this.problems.includes(line)) this.problems.push(line);
  }
}

/** What the program warns of; the engine passes each line on as an event. */
export function warningOf({ diagnosticEvent }: EngineEvent): string | undefined {
  return diagnosticEvent?.severity === "warning" ? diagnosticEvent.message.trim() : undefined;
}

/** "rds.Instance prod-east-database" of a URN. */
export function resourceLabel(urn: string): string {
  const [, , types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  const type = types.split("$").at(-1) ?? "";
  const [pack = "", module = "", kind = ""] = type.split(":");
  const short = pack === "aws" ? `${module.split("/")[0]}.${kind}` : kind || type;
  return `${short} ${name.join("::")}`;
}

/** Changes by operation without those that change nothing; empty when all is as declared. */
export function changesOf(events: EngineEvent[]): Record<string, number> {
  const summary = events.find((event) => event.summaryEvent)?.summaryEvent;
  return Object.fromEntries(
    Object.entries(summary?.resourceChanges ?? {}).filter(
      ([op, count]) => op !== "same" && !ignoredOps.has(op) && (count ?? 0) > 0,
    ),
  ) as Record<string, number>;
}

/** What a preview would do: one line per resource, with the properties that differ. */
export function plannedChanges(events: EngineEvent[]): string[] {
  return events.flatMap((event) => {
    const step = event.resourcePreEvent?.metadata;
    if (!step || step.op === "same" || ignoredOps.has(step.op)) return [];
    const properties = Object.keys(step.detailedDiff ?? {});
    const named = properties.length > 0 ? properties : (step.diffs ?? []);
    const detail = named.length > 0 ? ` [${named.join(", ")}]` : "";
    return [`${step.op} ${resourceLabel(step.urn)}${detail}`];
  });
}
