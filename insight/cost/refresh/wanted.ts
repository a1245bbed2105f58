import { isDatabaseClass, isServerType } from "../../../stacks/config/instanceTypes";

/**
 * Keys that are worth a row: what the config allows, of the families in use today, with Intel or
 * AMD, to 16xlarge. All types would make files that take longer to read than a plan does.
 */
export function isWanted(key: string): boolean {
  const [kind, type = ""] = key.split(":");
  if (kind === "ec2")
    return isServerType(type) && /^(t3a?|[mcr][5-8](a|i|i-flex)?)\./.test(type) && fits(type);
  if (kind === "rds" && type.startsWith("db.")) {
    return (
      isDatabaseClass(type) && /^db\.(t3|[mr][56](d|b|i|id)?|x2iedn|z1d)\./.test(type) && fits(type)
    );
  }
  if (kind === "dms" && type.startsWith("dms.")) {
    return /^dms\.(t3|c5|c6i|r5|r6i)\.(medium|(\d+x)?large)$/.test(
      type.replace(".xlarge", ".1xlarge"),
    );
  }
  return true;
}

function fits(type: string): boolean {
  const multiple = Number(/\.(\d+)xlarge$/.exec(type)?.[1] ?? 1);
  return multiple <= 16 && !type.includes("metal");
}
