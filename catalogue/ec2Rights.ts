import {
  adoptable,
  anywhere,
  at,
  authorization,
  cloudFormation,
  ec2Arns,
  grant,
  ours,
  tagged,
  where,
} from "./places";
import type { Grant, Rights } from "./rights";

export const reference = authorization("amazonec2");

/** At creation: the creating action itself is allowed for resources of the project only. */
const tagAtCreation = grant(
  where(at("arn:aws:ec2:*:{account}:*/*"), { Null: { "ec2:CreateAction": "false" } }),
  "ec2:CreateTags",
);

export const tagLater = grant(
  ours("arn:aws:ec2:*:{account}:*/*"),
  "ec2:CreateTags",
  "ec2:DeleteTags",
);

interface Ec2Type {
  /** Resource types in ARNs of what is created. */
  makes?: string[];
  /** Existing resources that creation names: they must be the project's too. */
  of?: string[];
  create?: string[];
  /** Actions on existing resources of the types in `on`. */
  change?: string[];
  on?: string[];
  read: string[];
  more?: Grant[];
  /** CloudFormation's name of the type, where it has one. */
  schema?: string;
}

export const describe = (actions: string[]): Grant =>
  grant(anywhere, ...actions.map((action) => `ec2:Describe${action}`));

const ec2Actions = (actions: string[]): string[] => actions.map((action) => `ec2:${action}`);

export function ec2Type(type: Ec2Type): Rights {
  const { makes = [], of = [], create = [], change = [], on = makes, more = [] } = type;
  const makesTagged = makes.length > 0 && create.length > 0;
  return {
    read: [describe(type.read)],
    manage: [
      ...(makesTagged ? [grant(tagged(at(...ec2Arns(...makes))), ...ec2Actions(create))] : []),
      ...(makesTagged ? [tagAtCreation, tagLater] : []),
      ...(of.length > 0 ? [grant(ours(...ec2Arns(...of)), ...ec2Actions(create))] : []),
      ...(change.length > 0 ? [grant(ours(...ec2Arns(...on)), ...ec2Actions(change))] : []),
      ...more,
    ],
    sources: [...(type.schema ? [cloudFormation(type.schema)] : []), reference],
  };
}

// What a group still holds on to when it goes: left-over interfaces of functions, which AWS lets
// nobody delete while they are attached.
export const leftInterfaces = [
  grant(at(...ec2Arns("network-interface")), "ec2:DeleteNetworkInterface"),
  describe(["NetworkInterfaces"]),
];

/**
 * Two things exist before they carry the project's tag: a VPC's default group, and a peering seen
 * from the accepter's region. The first tag is allowed where there is none of any project yet.
 */
export function adopt(type: string): Grant {
  return grant(adoptable(...ec2Arns(type)), "ec2:CreateTags");
}
