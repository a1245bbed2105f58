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

/**
 * The chance that at most `most` of `units` alike, independent units are up (formula 2), without the
 * loss of digits that 1 − 0.999999999 brings.
 */
export function binomialCdf(most: number, units: number, availability: number): number {
  let sum = 0;
  for (let up = 0; up <= Math.min(most, units); up++) sum += binomialPmf(up, units, availability);
  return Math.min(1, sum);
}

/** The chance that exactly `up` of `units` independent units are up. */
export function binomialPmf(up: number, units: number, availability: number): number {
  return choose(units, up) * availability ** up * (1 - availability) ** (units - up);
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return result;
}
