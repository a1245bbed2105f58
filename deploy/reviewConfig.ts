import ipaddr from "ipaddr.js";

/** What sets a pull request's stack apart from its template and from every other one. */
export interface ReviewConfig {
  /** A /16 of `addresses`. */
  cidrBlock: string;
  /** `pr-<number>` below the review domain. */
  domain: string;
}

/**
 * What a pull request's stack gets of its own, by its number alone. Two open pull requests share a
 * /16 when their numbers differ by a multiple of the range's size (128 for the default /9), which
 * harms neither: their networks are not connected.
 *
 * @param pullRequest its number.
 * @param addresses a range of /8 to /15.
 * @param domain of all review stacks.
 * @throws RangeError for a number that no pull request has.
 */
export function reviewConfig(
  pullRequest: number,
  { addresses, domain }: { addresses: string; domain: string },
): ReviewConfig {
  if (!Number.isInteger(pullRequest) || pullRequest < 1 || pullRequest > 99_999) {
    throw new RangeError(`${pullRequest} is no pull request's number: use one from 1 to 99999.`);
  }
  const [first, bits] = ipaddr.IPv4.parseCIDR(addresses);
  const [one = 0, two = 0] = first.octets;
  const place = one * 256 + two + (pullRequest % 2 ** (16 - bits));
  return {
    cidrBlock: `${Math.floor(place / 256)}.${place % 256}.0.0/16`,
    domain: `pr-${pullRequest}.${domain}`,
  };
}

/** The pull request of a review stack: the number its name ends in. */
export function pullRequestOf(stack: string): number | undefined {
  const digits = /^pr-(?:.*-)?(\d{1,5})$/.exec(stack)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/**
 * The tag `project` of review stacks. Roles reach what carries their stack's tag, so those of review
 * stacks, which run the code of a pull request, do not reach the other stacks' resources by it.
 */
export const reviewTag = "pe-review";

type Settings = Record<string, unknown>;

/**
 * The config section of a review stack: its template's, in a network and under a name of its own,
 * and with nothing that would keep it from being destroyed.
 *
 * @param template the config section of the template's file.
 */
export function reviewStackConfig(
  template: Settings,
  stack: string,
  review: ReviewConfig & { hostedZone: string },
): Settings {
  // Nobody is called at night for a review stack.
  const rest = Object.fromEntries(
    Object.entries(template).filter(([name]) => name !== "pe-platform:alarmEmail"),
  );
  const tags = settings(settings(rest["aws:defaultTags"]).tags);
  return {
    ...rest,
    "aws:defaultTags": { tags: { ...tags, project: reviewTag, stack } },
    "pe-platform:domain": review.domain,
    "pe-platform:hostedZone": review.hostedZone,
    "pe-platform:network": {
      ...settings(rest["pe-platform:network"]),
      cidrBlock: review.cidrBlock,
    },
    "pe-platform:database": {
      ...settings(rest["pe-platform:database"]),
      deletionProtection: false,
    },
    "pe-platform:protect": false,
  };
}

function settings(value: unknown): Settings {
  return typeof value === "object" && value !== null ? (value as Settings) : {};
}
