import { computePermissions } from "./compute";
import { dataPermissions } from "./data";
import { ec2Permissions } from "./ec2";
import { identityPermissions } from "./identity";
import { operationsPermissions } from "./operations";
import type { Permission, PermissionTable } from "./types";

/** Every resource type that a plan can contain, with what it takes to manage it. */
export const permissionTable: PermissionTable = {
  ...computePermissions,
  ...dataPermissions,
  ...ec2Permissions,
  ...identityPermissions,
  ...operationsPermissions,
};

/** Components and providers are the engine's own: AWS never hears of them. */
export function needsNothing(type: string): boolean {
  return /^(pe:|awsx:|pulumi:)/.test(type);
}

/**
 * The entries of resource types, each once, in alphabetical order.
 * @throws Error naming every type without an entry, and where it belongs.
 */
export function permissionsOf(types: string[]): Permission[] {
  const known = [...new Set(types)].filter((type) => !needsNothing(type)).sort();
  const missing = known.filter((type) => !Object.hasOwn(permissionTable, type));
  if (missing.length > 0) {
    const what = missing.length === 1 ? "This resource type has" : "These resource types have";
    throw new Error(
      `${what} no permissions, so no deploy role could manage it: ${missing.join(", ")}. Add what ` +
        "the provider calls at AWS for it to the table in deploy/permissions (ec2.ts, compute.ts, " +
        "data.ts, identity.ts or operations.ts), with the page that says so.",
    );
  }
  return known.flatMap((type) => permissionTable[type] ?? []);
}
