export { boundary, deployPrefix, maxSessionDuration, sessionHours } from "./boundary";
export { packPolicies, policiesPerRole, policyLimit, policySize } from "./packPolicies";
export { projectTag } from "../../catalogue/places";
export { scopeProblems } from "./scope";
export { permissionsFor, readOnlyFor, type ReadOnlyOptions } from "./statements";
export type { PermissionScope, PolicyDocument, Statement } from "../../catalogue/rights";
