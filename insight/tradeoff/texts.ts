const amounts = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `$1,234.50`. */
export function dollars(usd: number): string {
  return `$${amounts.format(usd)}`;
}

/** `1,235`, without a sign: for columns. */
export function wholeDollars(usd: number): string {
  return whole.format(usd);
}

/** Dollars per minute: cents only where they say something. */
export function rate(usdPerMinute: number): string {
  return usdPerMinute < 10 ? amounts.format(usdPerMinute) : whole.format(usdPerMinute);
}

/** `99.949 %`: cut, never rounded up, for it may be held against a target. */
export function percentText(percent: number): string {
  return `${(Math.floor(percent * 1000 + 1e-6) / 1000).toFixed(3)} %`;
}

/** Downtime for columns: more digits the smaller it is. */
export function downtime(minutes: number): string {
  if (minutes >= 1000) return whole.format(minutes);
  return minutes >= 100 ? minutes.toFixed(1) : minutes.toFixed(2);
}
