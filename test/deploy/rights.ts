import { catalogue } from "../../catalogue";
import { functionRows } from "../../catalogue/functions";
import { permissionsFor, readOnlyFor, type PermissionScope } from "../../deploy/permissions";

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
