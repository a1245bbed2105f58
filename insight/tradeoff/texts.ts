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

/** Minutes as people say them: `90 s`, `15 min`, `4 h`; no bound: `no bound`. */
export function duration(minutes: number | null): string {
  if (minutes === null) return "no bound";
  if (minutes === 0) return "0";
  if (minutes < 2) return `${number(minutes * 60)} s`;
  return minutes < 120 ? `${number(minutes)} min` : `${number(minutes / 60)} h`;
}

/** Downtime for columns: more digits the smaller it is. */
export function downtime(minutes: number): string {
  if (minutes >= 1000) return whole.format(minutes);
  return minutes >= 100 ? minutes.toFixed(1) : minutes.toFixed(2);
}

function number(value: number): string {
  return String(Number(value.toFixed(value < 10 ? 1 : 0)));
}
