import assert from "node:assert/strict";
import { prepare, type Tools } from "../../functions/database/prepare";
import type { DatabaseRole, DesiredDatabase } from "../../functions/database/request";
import { emptyServer, FakeServer, type Failure, type ServerState } from "./fakeServer";

export const east = "us-east-1";
export const west = "us-west-2";
const all = [{ schema: "%", table: "%" }];
const capture = { tables: all, multiAz: true };
const source = { host: "source", port: 1433, secretArn: "source" };
const follows = { region: west, source, tables: all };

/** What a region can be to its installation. */
export const writer: DatabaseRole = { region: east, writable: true, capture, excluded: [] };
export const frozen: DatabaseRole = { ...writer, writable: false };
export const replica: DatabaseRole = { region: east, writable: false, follows, excluded: [] };
export const twoWay: DatabaseRole = { ...writer, follows };
export const alone: DatabaseRole = { region: east, writable: true, excluded: [] };

export const app = "platform_app";
export const target = "platform_target";

export const desired = (role?: DatabaseRole): DesiredDatabase => ({
  host: "here",
  port: 1433,
  database: "platform",
  masterSecretArn: "master",
  logins: [
    { secretArn: "app", purpose: "application" },
    { secretArn: "migration", purpose: "migration" },
    { secretArn: "source", purpose: "replicationSource" },
    { secretArn: "target", purpose: "replicationTarget" },
  ],
  ...(role ? { role } : {}),
});

/** In the order in which an empty server gets them. */
export const passwords: Record<string, string> = {
  platform_admin: "master",
  platform_app: "app password",
  platform_migration: "migration password",
  platform_source: "source password",
  platform_target: "target password",
};

export const toolsOf = ({ connect }: FakeServer): Tools => ({
  connect,
  readSecret: async (arn) => {
    const username = arn === "master" ? "platform_admin" : `platform_${arn}`;
    return { username, password: passwords[username]! };
  },
});

/** A database in use: tables, keys, triggers, identities. */
export function inUse(): ServerState {
  return {
    ...emptyServer(),
    databases: ["platform"],
    tables: ["Funds", "Deals", "Investors"].map((table) => ({
      schema: "dbo",
      table,
      keyed: true,
      captured: false,
    })),
    foreignKeys: ["FK_Deals_Funds", "FK_Investors_Funds"],
    triggers: ["TR_Audit"],
    identities: ["[dbo].[Deals]", "[dbo].[Funds]"],
    sequences: { DealNumbers: { current: 1, used: 7 }, Ahead: { current: 100, used: 7 } },
  };
}

/** A database that has had a role, with a session of whoever writes there. */
export async function inRole(role: DatabaseRole): Promise<ServerState> {
  const state = inUse();
  await run(state, role);
  if (role.writable) state.sessions.push(app);
  if (role.follows) state.sessions.push(target);
  return state;
}

export async function run(
  state: ServerState,
  role: DatabaseRole | undefined,
  failure?: Failure,
  watch?: (state: ServerState) => void,
) {
  const server = new FakeServer(state, failure, watch);
  const answer = await prepare(desired(role), toolsOf(server));
  assert.equal(server.open, 0, "a session stays open");
  return { server, answer };
}

export const labels = ({ statements }: FakeServer): string[] =>
  statements.map(({ statement }) => statement.label);

/** Fails unless the statements ran in this order, whatever ran between. */
export function assertOrder(server: FakeServer, wanted: string[]): void {
  const ran = labels(server);
  const places = wanted.map((label) => ran.indexOf(label));
  assert.ok(!places.includes(-1), `missing: ${wanted.filter((it) => !ran.includes(it)).join()}`);
  assert.deepEqual(
    places,
    [...places].sort((one, other) => one - other),
    ran.join("\n"),
  );
}
