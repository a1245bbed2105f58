import { anywhere, at, authorization, grant } from "./places";
import { byInput } from "./recovery";
import type { Rows } from "./row";

const directConnect = authorization("awsdirectconnect");

export const directConnectRows: Rows = {
  "aws:directconnect/gatewayAssociation:GatewayAssociation": {
    bill: { free: "associations are free; data out is billed with the virtual private gateway" },
    stores: false,
    taggable: false,
    shows: ["dxGatewayId", "allowedPrefixes"],
    recovery: byInput("dxGatewayId", "associatedGatewayId"),
    rights: {
      read: [
        grant(
          anywhere,
          "directconnect:DescribeDirectConnectGatewayAssociations",
          "directconnect:DescribeDirectConnectGateways",
          "ec2:DescribeVpnGateways",
        ),
      ],
      manage: [
        // The gateway is the customer's and carries no tag of the project.
        grant(
          at("arn:aws:directconnect::{account}:dx-gateway/*"),
          "directconnect:CreateDirectConnectGatewayAssociation",
          "directconnect:DeleteDirectConnectGatewayAssociation",
        ),
        grant(anywhere, "directconnect:UpdateDirectConnectGatewayAssociation"),
      ],
      sources: [directConnect],
    },
  },
};
