/** What an alarm takes silence for, and why: decided for each, none by default. */
export interface Silence {
  counts: "breaching" | "notBreaching" | "ignore";
  why: string;
}

const counted = "counted only where there are any";
const elsewhere = (alarm: string) => `silence of the same source is told by \`${alarm}\``;

const bad = (why: string): Silence => ({ counts: "breaching", why });
const good = (why: string): Silence => ({ counts: "notBreaching", why });

export const silences: Record<string, Silence> = {
  "alarms-app-errors": good(counted),
  "alarms-app-refused": good(counted),
  "alarms-app-short": bad("the group reports every minute; it is gone, or its metrics are off"),
  "alarms-app-silent": bad("that is what it tells"),
  "alarms-app-unhealthy": good(elsewhere("entry-healthy-app-servers")),
  "alarms-database-cpu": bad("RDS reports every minute of a database that runs"),
  "alarms-database-function": good(elsewhere("database-upkeep-stopped")),
  "alarms-database-storage": good(elsewhere("alarms-database-cpu")),
  "alarms-flow-logs": bad("a network with servers in it always has flows"),
  "alarms-rotation": {
    counts: "ignore",
    why: "it runs once in weeks: a failure stands until a run without one",
  },
  "alarms-web-errors": good(counted),
  "alarms-web-refused": good(counted),
  "alarms-web-short": bad("the group reports every minute; it is gone, or its metrics are off"),
  "alarms-web-silent": bad("that is what it tells"),
  "alarms-web-unhealthy": good(elsewhere("entry-healthy-servers")),
  "capture-alarms-log": good(elsewhere("capture-alarms-stopped")),
  "capture-alarms-stopped": bad("when nobody looks, nobody starts it"),
  "database-upkeep-not-copied": bad("when nobody looks, nobody knows"),
  "database-upkeep-stopped": bad("not called is not counted"),
  "entry-alarms-unreachable": bad("a check that is gone or off reports nothing"),
  "entry-healthy-app-servers": bad("of a tier without servers nothing is reported"),
  "entry-healthy-servers": bad("of a tier without servers nothing is reported"),
  "replication-alarms-age": bad("a copy of unknown age is no copy"),
  "replication-alarms-latency-source": good(
    "nothing is reported during the load; a task that stops is told by its event",
  ),
  "replication-alarms-latency-target": good(
    "nothing is reported during the load; a task that stops is told by its event",
  ),
  "replication-alarms-memory": good(elsewhere("replication-alarms-age")),
  "replication-alarms-stalled": good(elsewhere("replication-alarms-age")),
  "replication-alarms-storage": good(elsewhere("replication-alarms-age")),
};
