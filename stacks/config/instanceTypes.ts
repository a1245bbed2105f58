/** Sizes in rising order; `metal` and odd ones count as the largest. */
const sizes = ["nano", "micro", "small", "medium", "large", "xlarge"];

/** A number that grows with the size: small 2, large 4, xlarge 5, 2xlarge 6, 8xlarge 12. */
export function sizeRank(size: string): number {
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  if (multiple !== undefined) return sizes.length - 2 + Number(multiple);
  const index = sizes.indexOf(size);
  return index >= 0 ? index : Number.MAX_SAFE_INTEGER;
}

export interface InstanceType {
  /** e.g. `m6i`. */
  family: string;
  /** e.g. `2xlarge`. */
  size: string;
  /** Graviton: no Windows, no SQL Server. */
  arm: boolean;
}

const typePattern =
  /^([a-z]+)(\d+)([a-z-]*(?:\d+[a-z]+)?)\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal(?:-\d+xl)?)$/;

/** Reads `m6i.large`; undefined when that is no EC2 instance type by its form. */
export function readInstanceType(value: string): InstanceType | undefined {
  const [, letters, generation, attributes, size] = typePattern.exec(value) ?? [];
  if (letters === undefined || attributes === undefined || size === undefined) return undefined;
  // The `g` after the generation is Graviton (m6g, c7gn, x2gd); a1 is its first generation.
  const arm = attributes.includes("g") || `${letters}${generation}` === "a1";
  return { family: `${letters}${generation}${attributes}`, size, arm };
}

/** A Windows server's type: x86, 2 GiB of memory (small) or more. */
export function isServerType(value: string): boolean {
  const type = readInstanceType(value);
  return (
    type !== undefined &&
    !type.arm &&
    !type.family.startsWith("mac") &&
    sizeRank(type.size) >= sizeRank("small")
  );
}

export function serverTypeHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const type = readInstanceType(value);
  if (type?.arm) return `${type.family} is Graviton (Arm), Windows runs on x86 only`;
  if (type?.size === "nano" || type?.size === "micro") {
    return `${type.size} has too little memory for Windows and IIS`;
  }
  if (value.startsWith("db.")) return "db. classes are for the database";
  return undefined;
}

/** An RDS class that can run SQL Server: x86, small or more. */
export function isDatabaseClass(value: string): boolean {
  const type = value.startsWith("db.") ? readInstanceType(value.slice(3)) : undefined;
  return (
    type !== undefined &&
    /^[tmrxz]\d/.test(type.family) &&
    !type.arm &&
    !type.size.startsWith("metal") &&
    sizeRank(type.size) >= sizeRank("small")
  );
}

export function databaseClassHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (!value.startsWith("db.")) {
    return readInstanceType(value) ? `RDS calls it db.${value}` : undefined;
  }
  const type = readInstanceType(value.slice(3));
  if (type?.arm) return `${type.family} is Graviton (Arm), SQL Server runs on x86 only`;
  if (type?.size === "micro") return "RDS runs only SQL Server Express on micro";
  return undefined;
}
