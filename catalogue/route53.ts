import { arn, hex, type MockAnswer, type MockContext, uuid } from "./answers";
import { alarms } from "./cloudWatch";
import { add, entryOf } from "./resourceCounts";
import { text } from "./json";
import { anywhere, at, authorization, cloudFormation, grant, where } from "./places";
import { endOfArn, required } from "./recovery";
import type { ResourceScope } from "./rights";
import type { Rows } from "./row";

const route53 = authorization("amazonroute53");

const zones = "arn:aws:route53:::hostedzone/*";

const changes = grant(at("arn:aws:route53:::change/*"), "route53:GetChange");

/** A zone's ARN says nothing of its owner: the names in it are what can be limited. */
const ownNames: ResourceScope = (scope) => {
  const names = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
  return where(at(zones), {
    "ForAllValues:StringLike": { [names]: [scope.domain, `*.${scope.domain}`] },
    Null: { [names]: "false" },
  })(scope);
};

function zone(context: MockContext): MockAnswer {
  const id = `Z${hex(context.urn, 20).toUpperCase()}`;
  const servers = [1, 2, 3, 4].map((n) => `ns-${n * 300}.awsdns-${n}0.example`);
  const outputs = { zoneId: id, arn: arn("route53", context, `hostedzone/${id}`) };
  return { id, outputs: { ...outputs, nameServers: servers, primaryNameServer: servers[0] ?? "" } };
}

function record(context: MockContext): MockAnswer {
  const name = text(context.inputs.name);
  const parts = [text(context.inputs.zoneId), name, text(context.inputs.type)];
  return { id: parts.join("_"), outputs: { fqdn: name } };
}

export const route53Rows: Rows = {
  "aws:route53/healthCheck:HealthCheck": {
    bill: {
      billed: "the check and its options",
      counts: ({ inputs }, into) => {
        const https = text(inputs.type).startsWith("HTTPS");
        const short = inputs.requestInterval === 10;
        entryOf(into).options = Number(https) + Number(short);
      },
    },
    stores: false,
    taggable: true,
    shows: ["type", "fqdn", "resourcePath", "cloudwatchAlarmName", "failureThreshold"],
    answer: (context) => {
      const id = uuid(context.urn);
      return { id, outputs: { arn: arn("route53", context, `healthcheck/${id}`) } };
    },
    recovery: {
      arn: /:route53:::healthcheck\//,
      idOf: endOfArn,
      global: true,
    },
    rights: {
      read: [
        grant(
          at("arn:aws:route53:::healthcheck/*"),
          "route53:GetHealthCheck",
          "route53:ListTagsForResource",
        ),
      ],
      manage: [
        // A killed run leaves one without tags: recovery/pendingCreates.ts.
        grant(anywhere, "route53:CreateHealthCheck", "route53:ListHealthChecks"),
        grant(
          at("arn:aws:route53:::healthcheck/*"),
          "route53:ChangeTagsForResource",
          "route53:DeleteHealthCheck",
          "route53:UpdateHealthCheck",
        ),
        // A private installation's check follows an alarm.
        grant(at(...alarms), "cloudwatch:DescribeAlarms"),
      ],
      sources: [cloudFormation("AWS::Route53::HealthCheck"), route53],
    },
  },
  "aws:route53/record:Record": {
    bill: {
      billed: "queries that no alias answers; records are free",
      countedWith: "aws:route53/healthCheck:HealthCheck",
    },
    stores: false,
    taggable: false,
    shows: ["name", "type", "setIdentifier"],
    answer: record,
    recovery: {
      id: (inputs) => {
        const parts = ["zoneId", "name", "type"].map((name) => required(inputs, name));
        const set = inputs.setIdentifier;
        return [...parts, ...(typeof set === "string" ? [set] : [])].join("_");
      },
    },
    rights: {
      read: [grant(at(zones), "route53:GetHostedZone", "route53:ListResourceRecordSets"), changes],
      manage: [grant(ownNames, "route53:ChangeResourceRecordSets")],
      sources: [
        route53,
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html",
      ],
    },
  },
  "aws:route53/zone:Zone": {
    bill: {
      billed: "the zone",
      counts: ({ component, region }, into) => {
        add(into.zones, component, region);
      },
    },
    stores: false,
    taggable: true,
    shows: ["name", "vpcs"],
    answer: zone,
    recovery: {
      arn: /:route53:::hostedzone\//,
      idOf: endOfArn,
      global: true,
    },
    rights: {
      read: [
        grant(
          at(zones),
          "route53:GetDNSSEC",
          "route53:GetHostedZone",
          "route53:ListResourceRecordSets",
          "route53:ListTagsForResource",
        ),
        changes,
      ],
      manage: [
        // A killed run leaves one without tags: recovery/pendingCreates.ts.
        grant(anywhere, "route53:CreateHostedZone", "route53:ListHostedZonesByName"),
        // Not another's: a zone that holds records cannot be deleted, and those are limited by name.
        grant(
          at(zones),
          "route53:AssociateVPCWithHostedZone",
          "route53:ChangeTagsForResource",
          "route53:DeleteHostedZone",
          "route53:DisassociateVPCFromHostedZone",
          "route53:UpdateHostedZoneComment",
        ),
        grant(ownNames, "route53:ChangeResourceRecordSets"),
        grant(anywhere, "ec2:DescribeVpcs"),
      ],
      sources: [cloudFormation("AWS::Route53::HostedZone"), route53],
    },
  },
  "aws:route53/zoneAssociation:ZoneAssociation": {
    bill: { free: "associations are free" },
    stores: false,
    taggable: false,
    recovery: {
      id: (inputs) => `${required(inputs, "zoneId")}:${required(inputs, "vpcId")}`,
    },
    rights: {
      read: [
        grant(at(zones), "route53:GetHostedZone"),
        grant(anywhere, "ec2:DescribeVpcs", "route53:ListHostedZonesByVPC"),
        changes,
      ],
      manage: [
        grant(
          at(zones),
          "route53:AssociateVPCWithHostedZone",
          "route53:DisassociateVPCFromHostedZone",
        ),
      ],
      sources: [cloudFormation("AWS::Route53::HostedZone"), route53],
    },
  },
};
