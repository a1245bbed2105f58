import { catalogue } from "../../catalogue";
import { functionRows } from "../../catalogue/functions";
import type { PermissionScope } from "../../catalogue/rights";
import { roleName, rolePath, type Operation } from "../../deploy/roles";
import { permissionsFor, readOnlyFor } from "../../deploy/permissions/statements";

/** Known before the role exists, so that a workflow needs no look-up. */
export const roleArn = (account: string, stack: string, operation: Operation): string =>
  `arn:aws:iam::${account}:role${rolePath}${roleName(stack, operation)}`;

export const scope: PermissionScope = {
  account: "123456789012",
  regions: ["us-east-1", "us-west-2"],
  project: "pe-platform",
  domain: "platform.example.com",
};

// The rights of an installation that has every type of resource.
export const all = [...Object.keys(catalogue), ...Object.keys(functionRows)];
export const update = permissionsFor(all, scope);
export const preview = readOnlyFor(all, scope);
export const drift = readOnlyFor(all, scope, { secretValues: true });
