export { boundary, deployPrefix, maxSessionDuration, sessionHours } from "./boundary";
export { packPolicies, policiesPerRole, policyLimit, policySize } from "./packPolicies";
export { projectTag } from "./places";
export { scopeProblems } from "./scope";
export { permissionsFor, readOnlyFor, type ReadOnlyOptions } from "./statements";
export { permissionTable } from "./table";
export type { PermissionScope, PolicyDocument, Statement } from "./types";
