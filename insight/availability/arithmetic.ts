/** Minutes of a month of 730 h, as on the cost side. */
export const minutesPerMonth = 43_800;
/** Minutes of twelve such months. */
export const minutesPerYear = 525_600;

/** Parts that are all needed (formula 1). 1 for none. */
export function series(availabilities: number[]): number {
  return availabilities.reduce((product, availability) => product * availability, 1);
}

/** Parts of which one is enough, and which fail independently (formula 1). 0 for none. */
export function parallel(availabilities: number[]): number {
  return 1 - series(availabilities.map((availability) => 1 - availability));
}

/** Availability of something that fails and is repaired (formula 1); both times in one unit. */
export function fromTimes(betweenFailures: number, toRepair: number): number {
  return betweenFailures / (betweenFailures + toRepair);
}

/** At least `needed` of `units` alike, independent units are up (formula 2, exact). */
export function kOfN(needed: number, units: number, availability: number): number {
  return 1 - fewerThan(needed, units, availability);
}

/** The rest of {@link kOfN}, without the loss of digits that 1 − 0.999999999 brings. */
export function fewerThan(needed: number, units: number, availability: number): number {
  let sum = 0;
  for (let up = 0; up < Math.min(needed, units + 1); up++) sum += exactly(up, units, availability);
  return Math.min(1, sum);
}

/** Exactly `up` of `units` independent units are up. */
export function exactly(up: number, units: number, availability: number): number {
  return choose(units, up) * availability ** up * (1 - availability) ** (units - up);
}

/** The whitepaper's approximation of formula 2: 1 − C(n, s+1)(1−a)^(s+1), s = n − k spare units. */
export function kOfNApproximately(needed: number, units: number, availability: number): number {
  const losses = units - needed + 1;
  return 1 - choose(units, losses) * (1 - availability) ** losses;
}

/**
 * Unavailability of `units` of which `needed` must be up (formula 4): a share `beta` of a unit's
 * failures hits all at once, the rest is independent.
 */
export function withCommonCause(
  needed: number,
  units: number,
  unavailability: number,
  beta: number,
): number {
  const independent = fewerThan(needed, units, 1 - (1 - beta) * unavailability);
  return Math.min(1, beta * unavailability + independent);
}

/**
 * A tier over zones (formula 3): `zones` with `perZone` servers each, `needed` of them at least, in a
 * region that is itself up `region` of the time.
 */
export function tierAvailability(tier: {
  region: number;
  zones: number;
  zone: number;
  perZone: number;
  server: number;
  needed: number;
}): number {
  let sum = 0;
  for (let up = 0; up <= tier.zones; up++) {
    sum += exactly(up, tier.zones, tier.zone) * kOfN(tier.needed, up * tier.perZone, tier.server);
  }
  return tier.region * sum;
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return result;
}
