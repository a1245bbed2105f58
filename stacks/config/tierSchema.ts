import { z } from "zod";
import { isServerType, serverTypeHint } from "./instanceTypes";
import { key } from "../../config/keys";

/** Longer stickiness than a week is refused by the load balancer (604,800 s). */
const longestSession = 10_080;

/** The keys of one tier; the two tiers differ in the default of their sessions. */
export function tierSchema(tier: "web" | "app") {
  const stickyMinutes = tier === "web" ? 60 : 0;
  return z.strictObject({
    instanceType: key(z.string().refine(isServerType).default("m6i.large"), {
      description: "EC2 instance type of the tier's Windows servers.",
      allowed: "an x86 EC2 instance type of size small or larger",
      example: "m6i.large",
      hint: serverTypeHint,
    }),
    instancesPerAz: z
      .strictObject({
        min: key(z.int().min(1).max(20).default(1), {
          description: "Fewest servers per active zone.",
          allowed: "a whole number from 1 to 20, at most max",
          example: "1",
          hint: (value) =>
            value === 0 ? "a tier without servers answers nobody; azCount saves more" : undefined,
        }),
        max: key(z.int().min(1).max(20).default(3), {
          description: "Most servers per active zone; load decides between min and max.",
          allowed: "a whole number from 1 to 20, at least min",
          example: "3",
        }),
      })
      .prefault({}),
    rootVolumeGiB: key(z.int().min(30).max(16_384).default(80), {
      description: "Size of each server's encrypted gp3 root volume, in GiB.",
      allowed: "a whole number from 30 (Amazon's Windows images need it) to 16384",
      example: "80",
    }),
    windows: z
      .strictObject({
        version: key(z.enum(["2016", "2019", "2022", "2025", "2008", "2012"]).default("2022"), {
          description:
            "Windows Server version. 2008 and 2012 have no image from Amazon: set amiId too.",
          allowed: "2016, 2019, 2022 or 2025 (2008 and 2012 with an own amiId)",
          example: '"2022"',
        }),
        amiRelease: key(
          z
            .string()
            .regex(/^20\d\d\.(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])$/)
            .optional(),
          {
            description:
              "Amazon's image of that release; with protect it or amiId is needed. Excludes amiId. " +
              "Amazon withdraws old ones: renew it monthly.",
            allowed: "a release date written YYYY.MM.DD",
            example: "2026.10.14",
            defaultText: "the newest whenever a server starts",
          },
        ),
        amiId: key(
          z
            .string()
            .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/)
            .optional(),
          {
            description:
              "An own image, e.g. baked with the site's prerequisites. Excludes amiRelease.",
            allowed: "an image id, ami- and 17 hexadecimal digits",
            example: "ami-0123456789abcdef0",
            defaultText: "Amazon's image",
          },
        ),
      })
      .prefault({}),
    artifact: artifactSchema().optional(),
    stickySessionMinutes: key(z.int().min(0).max(longestSession).default(stickyMinutes), {
      description: "Minutes a client stays on the same server (ASP.NET sessions); 0 is off.",
      allowed: `a whole number from 0 (off) to ${longestSession} (a week)`,
      example: String(stickyMinutes),
    }),
  });
}

function artifactSchema() {
  return z.strictObject({
    bucket: key(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
        .refine((name) => !name.includes("..")),
      {
        description:
          "S3 bucket of the zip with the site; leave `artifact` out for the sample site.",
        allowed: "an S3 bucket's name, 3 to 63 of a-z, 0-9, dot and hyphen",
        example: "releases-example",
        hint: (value) =>
          typeof value === "string" && value.includes(":") ? "the name only" : undefined,
      },
    ),
    key: key(
      z
        .string()
        .min(1)
        .max(1024)
        .refine((name) => !name.startsWith("/")),
      {
        description: "The zip's key in that bucket.",
        allowed: "an S3 key of 1 to 1024 characters without a leading slash",
        example: "web/1.4.2.zip",
      },
    ),
    sha256: key(z.string().regex(/^[0-9a-fA-F]{64}$/), {
      description: "SHA-256 of the zip; a server refuses any other content.",
      allowed: "64 hexadecimal digits (sha256sum prints them)",
      example: '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    }),
  });
}
