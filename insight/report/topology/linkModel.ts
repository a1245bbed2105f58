import { valueAt as at } from "../../../catalogue/json";
import { encrypted, number, text } from "./facts";
import { edge, type Parts, type ReadRegion } from "./parts";
import type { TopologyNode } from "./types";

/** What joins the regions: peering, replication between the databases, copied backups. */
export function linkParts(read: ReadRegion[]): Parts {
  const parts = [
    peering(read),
    ...read.flatMap((to) => [replication(read, to), backups(read, to)]),
  ];
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
  };
}

function peering(read: ReadRegion[]): Parts {
  const found = read.find((item) => {
    const other = text(item.read.first("VpcPeeringConnection")?.inputs.peerRegion);
    return read.some(({ region }) => region.name === other);
  });
  const names = read.map(({ region }) => region.name).join(" and ");
  const node: TopologyNode = {
    id: "peering",
    kind: "peering",
    title: "VPC peering",
    lines: ["isolated", "subnets only"],
    detail: `VPC peering of ${names}: reaches the isolated subnets only`,
  };
  return { nodes: found ? [node] : [], edges: [] };
}

/** DMS runs beside the database that it writes to. */
function replication(read: ReadRegion[], to: ReadRegion): Parts {
  const instance = to.read.first("ReplicationInstance")?.inputs;
  const source = to.report.replication.follows?.region;
  const from = read.find(({ region }) => region.name === source);
  if (!instance || source === undefined) return { nodes: [], edges: [] };
  const id = `${to.region.name}/replication`;
  const type = text(to.read.first("ReplicationTask")?.inputs.migrationType) ?? "";
  const how = type === "full-load-and-cdc" ? "load, changes" : "changes";
  const size = text(instance.replicationInstanceClass) ?? "";
  const multi = instance.multiAz === true;
  const tls = (side: string): string => {
    const ends = to.read.all("Endpoint").map(({ inputs }) => inputs);
    const mode = text(ends.find(({ endpointType }) => endpointType === side)?.sslMode);
    const port = number(to.facts.database?.port) ?? 1433;
    return encrypted(port, mode !== undefined && mode !== "none");
  };
  const node: TopologyNode = {
    id,
    kind: "replication",
    region: to.region.name,
    zones: to.facts.database?.zones ?? [],
    subnet: "isolated",
    title: "DMS",
    lines: [`from ${source}`, how, size, multi ? "with standby" : "one zone"],
    detail: `DMS in ${to.region.name} copies from ${source} to ${to.region.name}: ${how}, ${size}`,
  };
  const reads = from
    ? [
        edge(
          "replication",
          `${source}/database`,
          id,
          tls("source"),
          `DMS reads the changes of ${source}`,
        ),
      ]
    : [];
  return {
    nodes: [node],
    edges: [
      ...reads,
      edge("replication", id, `${to.region.name}/database`, tls("target"), "DMS writes them here"),
    ],
  };
}

function backups(read: ReadRegion[], to: ReadRegion): Parts {
  const copy = to.read.first("InstanceAutomatedBackupsReplication")?.inputs;
  const source = text(at(copy, ["sourceDbInstanceArn"]))?.split(":")[3];
  if (!copy || source === undefined) return { nodes: [], edges: [] };
  const id = `${to.region.name}/copiedBackups`;
  const days = number(copy.retentionPeriod) ?? 0;
  const detail = `Automated backups of ${source}, kept ${days} days in ${to.region.name}, too`;
  const node: TopologyNode = {
    id,
    kind: "copiedBackups",
    region: to.region.name,
    title: "Copies",
    lines: [`of ${source}`, `${days} days`],
    detail,
  };
  const known = read.some(({ region }) => region.name === source);
  return {
    nodes: [node],
    edges: known ? [edge("backup", `${source}/backups`, id, "backups", detail)] : [],
  };
}
