import { type StackPlan } from "./plan";
import { reveal, type Json } from "../../catalogue/json";

// What of the contract (stacks/contract.ts) identifies something in the other region. The rest says
// how things are (region, version …) or repeats these.
export const peerTopics: Record<string, string> = {
  hostedZoneId: "hosted zone",
  vpcId: "peering",
  "isolated[].cidr": "peering",
  "isolated[].routeTableId": "peering",
  databaseGroupId: "peering",
  "database.host": "replication source",
  "database.arn": "replication source",
  sourceSecretReplicaArn: "replication source",
  databaseKeyArn: "keys",
  "function.name": "functions",
  rotationFunctionArn: "functions",
};

/** A value of the other stack's contract. */
export interface PeerValue {
  stack: string;
  /** E.g. `database.arn` or `isolated[].cidr`. */
  field: string;
  value: string;
}

/** The other stack's values that the plan was made with; none where no other stack was read. */
export function peerValues(plan: StackPlan): PeerValue[] {
  return plan.invokes.flatMap(({ token, inputs, result }) => {
    const { contract } = (result.outputs ?? {}) as { contract?: Json };
    if (token !== "pulumi:pulumi:readStackOutputs" || contract === undefined) return [];
    const stack = String(inputs.name).split("/").at(-1) ?? "";
    if (stack === plan.stack) return [];
    return leaves(contract, "").map(([field, value]) => ({ stack, field, value }));
  });
}

function leaves(value: Json, path: string): [string, string][] {
  const shown = reveal(value) ?? null;
  if (typeof shown === "string") return path in peerTopics ? [[path, shown]] : [];
  if (Array.isArray(shown)) return shown.flatMap((item) => leaves(item, `${path}[]`));
  if (typeof shown !== "object" || shown === null) return [];
  const lead = path === "" ? "" : `${path}.`;
  return Object.entries(shown).flatMap(([key, item]) => leaves(item, `${lead}${key}`));
}
