import { hex } from "../../catalogue/answers";
import { reveal, type Json, type JsonObject } from "../../catalogue/json";

// `awsx:ec2:Vpc` is a remote component: its own provider program creates the network, so the mock
// monitor sees one registration. What that program creates is fixed by its inputs; this file says
// it once, after awsx 3.9.0's `awsx/ec2/vpc.ts`, for explicit zone names and subnet CIDR blocks.

/** A resource that awsx creates below the component. */
export interface ExpandedResource {
  type: string;
  name: string;
  /** Position of the parent in the same list; undefined for the component itself. */
  parent?: number;
  inputs: JsonObject;
}

type SubnetType = "public" | "private" | "isolated";

interface SubnetSpec {
  type: SubnetType;
  name: string;
  cidrBlocks: string[];
  tags: JsonObject;
}

// awsx creates the public subnets first: the private ones' routes need their NAT gateways.
const creationOrder: SubnetType[] = ["public", "private", "isolated"];

const idPrefixes: Record<string, string> = {
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/internetGateway:InternetGateway": "igw",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/routeTable:RouteTable": "rtb",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "rtbassoc",
  "aws:ec2/route:Route": "r-rtb",
  "aws:ec2/natGateway:NatGateway": "nat",
  "aws:ec2/eip:Eip": "eipalloc",
};

/** The made-up id of a created resource; `component` is the awsx component's URN. */
export function expandedId(
  component: string,
  item: Pick<ExpandedResource, "type" | "name">,
): string {
  return `${idPrefixes[item.type] ?? "id"}-0${hex(component + item.type + item.name, 16)}`;
}

/**
 * Every resource that awsx creates for these inputs, parents before children. `component` is the URN
 * of the awsx component: ids are made from it.
 * @throws an Error where awsx would refuse the inputs, or would choose zones or addresses itself.
 */
export function expandVpc(name: string, inputs: JsonObject, component: string): ExpandedResource[] {
  const idOf = (type: string, child: string): string =>
    expandedId(component, { type, name: child });
  const zones = strings(inputs.availabilityZoneNames);
  const specs = readSpecs(inputs);
  checkExplicit(name, zones, specs);
  const strategy = natStrategy(name, inputs, specs);
  const allocations = strings(object(inputs.natGateways).elasticIpAllocationIds);
  const tags = { Name: name, ...object(inputs.tags) };
  const created: ExpandedResource[] = [];
  const add = (type: string, child: string, parent: number | undefined, values: JsonObject) =>
    created.push({ type, name: child, parent, inputs: values }) - 1;

  const vpc = add("aws:ec2/vpc:Vpc", name, undefined, vpcInputs(inputs, tags));
  const vpcId = idOf("aws:ec2/vpc:Vpc", name);
  add("aws:ec2/internetGateway:InternetGateway", name, vpc, { vpcId, tags });
  const gatewayId = idOf("aws:ec2/internetGateway:InternetGateway", name);
  const natIds: string[] = [];
  zones.forEach((zone, index) => {
    for (const spec of ordered(specs)) {
      const full = `${name}-${spec.name}-${index + 1}`;
      const named = { ...tags, ...spec.tags, Name: full, SubnetType: capital(spec.type) };
      const subnet = add("aws:ec2/subnet:Subnet", full, vpc, {
        vpcId,
        availabilityZone: zone,
        cidrBlock: spec.cidrBlocks[index] ?? null,
        mapPublicIpOnLaunch: spec.type === "public",
        tags: named,
      });
      const subnetId = idOf("aws:ec2/subnet:Subnet", full);
      const table = add("aws:ec2/routeTable:RouteTable", full, subnet, { vpcId, tags: named });
      const routeTableId = idOf("aws:ec2/routeTable:RouteTable", full);
      const association = { routeTableId, subnetId };
      add("aws:ec2/routeTableAssociation:RouteTableAssociation", full, table, association);
      const route = (target: JsonObject): void => {
        const values = { routeTableId, destinationCidrBlock: "0.0.0.0/0", ...target };
        add("aws:ec2/route:Route", full, table, values);
      };
      if (spec.type === "public") {
        if (strategy === "OnePerAz" || (strategy === "Single" && natIds.length === 0)) {
          const nat = `${name}-${index + 1}`;
          const natTags = { ...object(inputs.tags), Name: nat };
          if (allocations.length === 0) add("aws:ec2/eip:Eip", nat, subnet, { tags: natTags });
          const allocationId = allocations[natIds.length] ?? idOf("aws:ec2/eip:Eip", nat);
          add("aws:ec2/natGateway:NatGateway", nat, subnet, {
            subnetId,
            allocationId,
            tags: natTags,
          });
          natIds.push(idOf("aws:ec2/natGateway:NatGateway", nat));
        }
        route({ gatewayId });
      } else if (spec.type === "private" && natIds.length > 0) {
        route({ natGatewayId: (strategy === "Single" ? natIds[0] : natIds[index]) ?? null });
      }
    }
  });
  return created;
}

/**
 * The component's outputs. Resources come back as plain ids, as they do from the real engine to a
 * program that has not loaded their modules (deep imports).
 */
export function awsxOutputs(name: string, inputs: JsonObject, component: string): JsonObject {
  const created = expandVpc(name, inputs, component);
  const id = (item: ExpandedResource): string => expandedId(component, item);
  const ids = (type: string, where?: (item: ExpandedResource) => boolean): string[] =>
    created.filter((item) => item.type === type && (where?.(item) ?? true)).map(id);
  const subnetIds = (type: SubnetType): string[] =>
    ids("aws:ec2/subnet:Subnet", (item) => object(item.inputs.tags).SubnetType === capital(type));
  return {
    vpc: ids("aws:ec2/vpc:Vpc")[0] ?? "",
    vpcId: ids("aws:ec2/vpc:Vpc")[0] ?? "",
    internetGateway: ids("aws:ec2/internetGateway:InternetGateway")[0] ?? "",
    subnets: ids("aws:ec2/subnet:Subnet"),
    publicSubnetIds: subnetIds("public"),
    privateSubnetIds: subnetIds("private"),
    isolatedSubnetIds: subnetIds("isolated"),
    routeTables: ids("aws:ec2/routeTable:RouteTable"),
    routeTableAssociations: ids("aws:ec2/routeTableAssociation:RouteTableAssociation"),
    routes: ids("aws:ec2/route:Route"),
    natGateways: ids("aws:ec2/natGateway:NatGateway"),
    eips: ids("aws:ec2/eip:Eip"),
    vpcEndpoints: [],
  };
}

function vpcInputs(inputs: JsonObject, tags: JsonObject): JsonObject {
  const passed = ["enableDnsHostnames", "enableDnsSupport", "instanceTenancy"];
  const given = passed.filter((key) => inputs[key] !== undefined);
  return {
    cidrBlock: inputs.cidrBlock ?? "10.0.0.0/16",
    ...Object.fromEntries(given.map((key) => [key, inputs[key] ?? null])),
    tags,
  };
}

function readSpecs(inputs: JsonObject): SubnetSpec[] {
  const specs = reveal(inputs.subnetSpecs);
  return (Array.isArray(specs) ? specs : [])
    .map(object)
    .filter((spec) => spec.type !== "Unused")
    .map((spec) => {
      const type = String(spec.type).toLowerCase() as SubnetType;
      const name = typeof spec.name === "string" ? spec.name : type;
      return { type, name, cidrBlocks: strings(spec.cidrBlocks), tags: object(spec.tags) };
    });
}

/** awsx sorts by kind and keeps the given order within one. */
function ordered(specs: SubnetSpec[]): SubnetSpec[] {
  return creationOrder.flatMap((type) => specs.filter((spec) => spec.type === type));
}

function checkExplicit(name: string, zones: string[], specs: SubnetSpec[]): void {
  const open = specs.find((spec) => spec.cidrBlocks.length !== zones.length);
  if (zones.length > 0 && specs.length > 0 && !open) return;
  const what = open ? `subnetSpecs "${open.name}" has ${open.cidrBlocks.length} cidrBlocks` : "";
  throw new Error(
    `The network ${name} leaves zones or addresses to awsx (${zones.length} zones; ${what || "no subnetSpecs"}): ` +
      "give availabilityZoneNames, and one of cidrBlocks per zone in each of subnetSpecs.",
  );
}

/** awsx's own default and its own check (`validateNatGatewayStrategy`). */
function natStrategy(name: string, inputs: JsonObject, specs: SubnetSpec[]): string {
  const given = object(inputs.natGateways).strategy;
  const strategy = typeof given === "string" ? given : "OnePerAz";
  const has = (type: SubnetType): boolean => specs.some((spec) => spec.type === type);
  if (strategy !== "None" && !(has("public") && has("private"))) {
    throw new Error(
      `The network ${name} asks for NAT gateways (${strategy}) without both public and private ` +
        'subnets: set natGateways.strategy to "None".',
    );
  }
  return strategy;
}

function object(value: Json | undefined): JsonObject {
  const shown = reveal(value);
  return typeof shown === "object" && shown !== null && !Array.isArray(shown) ? shown : {};
}

function strings(value: Json | undefined): string[] {
  const shown = reveal(value);
  return Array.isArray(shown) ? shown.filter((item) => typeof item === "string") : [];
}

function capital(type: SubnetType): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}
