/** A difference between the emulator and AWS that a run meets and that is no fault of the program. */
export interface Gap {
  /** Resource type as in Pulumi, e.g. `aws:rds/parameterGroup:ParameterGroup`. */
  type: string;
  /** Property that a refresh reads back changed; absent: the whole resource is concerned. */
  property?: string;
  reason: string;
}

/** What a refresh right after `up` finds changed, although nobody changed anything. */
export const refreshGaps: Gap[] = [];

/** What the program builds on AWS and no run here builds. */
export const unsupported: Gap[] = [
  {
    type: "aws:directconnect/gatewayAssociation:GatewayAssociation",
    reason:
      "moto has no Direct Connect gateways (CreateDirectConnectGateway answers 500); private runs " +
      "use the transit gateway, and the other kind is covered by tests under mocks only.",
  },
];

/** What stays behind on purpose, also on AWS. */
export const keptOnPurpose: Gap[] = [
  {
    type: "aws:rds/instance:Instance",
    reason: "Destroying a database leaves its final snapshot, to be deleted by hand.",
  },
  {
    type: "aws:rds/snapshot:Snapshot",
    reason:
      "A snapshot from before a copy over the data outlives the stack, to be deleted by hand.",
  },
  {
    type: "aws:kms/key:Key",
    reason: "KMS deletes a key only after a waiting period of 7 to 30 days.",
  },
];

export const describeGap = ({ type, property, reason }: Gap) =>
  `${type}${property ? ` ${property}` : ""}: ${reason}`;
