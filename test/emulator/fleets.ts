import { elements, query } from "../../local/emulator/api";
import { runningEmulator } from "../../local/emulator/emulator";
import type { Bench } from "./ring";

/** One tier's auto-scaling group on the emulator, as its API tells it. */
export interface FleetOnEmulator {
  name: string;
  min: number;
  max: number;
  desired: number;
  /** The launch template's version that the group starts servers from. */
  version: string;
  /** The versions that its servers were started from. */
  serverVersions: string[];
}

async function call(bench: Bench, action: string, parameters: Record<string, string> = {}) {
  const emulator = await runningEmulator(bench.paths);
  const service = {
    endpoint: emulator?.endpoint ?? "",
    service: "autoscaling",
    region: "us-east-1",
  };
  return query(service, "2011-01-01", action, parameters);
}

export async function fleetOf(bench: Bench, tier: "web" | "app"): Promise<FleetOnEmulator> {
  const all = elements(await call(bench, "DescribeAutoScalingGroups"), "AutoScalingGroupName");
  const name = all.find((group) => group.startsWith(`${tier}-`)) ?? "";
  const answer = await call(bench, "DescribeAutoScalingGroups", {
    "AutoScalingGroupNames.member.1": name,
  });
  const number = (element: string) => Number(elements(answer, element)[0]);
  const [instances = ""] = /<Instances>.*<\/Instances>/s.exec(answer) ?? [];
  const [version = ""] = elements(answer.replace(instances, ""), "Version");
  return {
    name,
    min: number("MinSize"),
    max: number("MaxSize"),
    desired: number("DesiredCapacity"),
    version,
    serverVersions: elements(instances, "Version"),
  };
}

/** Load has had Auto Scaling ask for that many servers. */
export async function scaleOut(bench: Bench, tier: "web" | "app", desired: number): Promise<void> {
  const { name } = await fleetOf(bench, tier);
  await call(bench, "SetDesiredCapacity", {
    AutoScalingGroupName: name,
    DesiredCapacity: String(desired),
  });
}

/** How the group's next instance refreshes go: see local/emulator/emulator_autoscaling.py. */
export async function nextRolls(
  bench: Bench,
  tier: "web" | "app",
  trial?: Record<string, string>,
): Promise<void> {
  const { name } = await fleetOf(bench, tier);
  const emulator = await runningEmulator(bench.paths);
  const how = new URLSearchParams(trial);
  const url = `${emulator?.endpoint}/pe-refresh/${name}?${how}`;
  const { ok } = await fetch(url, { method: trial ? "PUT" : "DELETE" });
  if (!ok) throw new Error("The emulator knows no trials of a refresh.");
}
