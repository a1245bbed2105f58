import { isEngines, missingRows, rightsOf } from "../../catalogue";
import type { Grant, PermissionScope, Rights, Statement } from "../../catalogue/rights";
import { checkScope } from "./scope";

/**
 * What an update may do: create, change, delete and read resources of these types, and no others.
 * @param types resource types of the plans, see resourceTypes.ts; any order, repeated or not.
 * @throws Error for a type without a row in the catalogue, and for a scope that cannot be.
 */
export function permissionsFor(types: string[], scope: PermissionScope): Statement[] {
  checkScope(scope);
  return merge(
    permissionsOf(types).flatMap(({ read, manage }) => [...read, ...manage]),
    scope,
  );
}

export interface ReadOnlyOptions {
  /**
   * Whether the values of the platform's own secrets may be read. The provider reads each
   * `SecretVersion` back in a refresh, so a drift run cannot do without; a preview refreshes
   * nothing, and runs code that nobody has reviewed yet.
   * @default false: reading any secret's value is denied outright.
   */
  secretValues?: boolean;
}

/**
 * What a preview (or, with `secretValues`, a drift run) may do: describe resources of these types.
 * The database's master password is denied in both.
 * @throws as {@link permissionsFor}.
 */
export function readOnlyFor(
  types: string[],
  scope: PermissionScope,
  { secretValues = false }: ReadOnlyOptions = {},
): Statement[] {
  checkScope(scope);
  const grants = permissionsOf(types).flatMap((permission) => [
    ...permission.read,
    ...(secretValues ? (permission.secretValues ?? []) : []),
  ]);
  const read = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"];
  const denied: Statement = secretValues
    ? { Effect: "Deny", Action: read, Resource: [masterPasswords] }
    : { Effect: "Deny", Action: read, Resource: ["*"] };
  return [...merge(grants, scope), denied];
}

/** Of each type once, in alphabetical order. */
function permissionsOf(types: string[]): Rights[] {
  const asked = [...new Set(types)].filter((type) => !isEngines(type)).sort();
  const missing = asked.filter((type) => !rightsOf(type));
  if (missing.length > 0) throw new Error(missingRows(missing));
  return asked.flatMap((type) => rightsOf(type) ?? []);
}

/** Secrets in which RDS keeps the passwords of databases' masters. */
export const masterPasswords = "arn:aws:secretsmanager:*:*:secret:rds!*";

/** One statement per place, with all that is allowed there; the same for any order of the grants. */
function merge(grants: Grant[], scope: PermissionScope): Statement[] {
  const places = new Map<string, { place: Omit<Statement, "Effect">; actions: Set<string> }>();
  for (const { actions, at } of grants) {
    if (actions.length === 0) continue;
    const { Resource, Condition } = at(scope);
    const place = { Resource: [...new Set(Resource)].sort(), ...(Condition && { Condition }) };
    const key = JSON.stringify(place);
    const known = places.get(key) ?? { place, actions: new Set<string>() };
    for (const action of actions) known.actions.add(action);
    places.set(key, known);
  }
  const open = places.get(JSON.stringify({ Resource: ["*"] }))?.actions ?? new Set<string>();
  return [...places.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { place, actions }]) => {
      const everywhere = place.Resource[0] === "*" && place.Condition === undefined;
      const left = [...actions].filter((action) => everywhere || !open.has(action));
      return { Effect: "Allow" as const, Action: left.sort(), ...place };
    })
    .filter(({ Action }) => Action.length > 0);
}
