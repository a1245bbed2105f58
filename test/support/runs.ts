// How much a property is tried. `npm test` tries a sample; PE_FULL=1 (.ci/run, npm run test:full) all.
const full = Boolean(process.env.PE_FULL);

/** The number of configs to draw for a test whose configs are costly to check. */
export function runs(all: number, sample: number): number {
  return full ? all : sample;
}

/** As many items as wanted, the kinds in turn, so that a sample has of each what there is. */
export function ofEveryKind<T>(items: T[], wanted: number, kindOf: (item: T) => string): T[] {
  const counts = new Map<string, number>();
  const turns = items.map((item) => {
    const kind = kindOf(item);
    const turn = counts.get(kind) ?? 0;
    counts.set(kind, turn + 1);
    return { item, turn };
  });
  return turns
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, wanted)
    .map(({ item }) => item);
}
