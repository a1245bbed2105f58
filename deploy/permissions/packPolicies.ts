import type { PolicyDocument, Statement } from "../../catalogue/rights";

/** Characters of a customer-managed policy, white space not counted (IAM quotas). */
export const policyLimit = 6144;
/** Managed policies that a role has at most, unless AWS raises it (IAM quotas). */
export const policiesPerRole = 10;

/** How many ways of packing are tried before the first good one has to do. */
const patience = 20_000;

/** Characters of a document as IAM counts them. */
export function policySize(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}

/**
 * Packs statements into as few managed policies as will hold them. A statement that is too long for
 * one policy is divided by its actions, or by its resources: together the parts say the same, since
 * policies add up. The same statements give the same policies, in the same order.
 *
 * @throws Error when a statement cannot be divided far enough, or a role would need more than 10.
 */
export function packPolicies(
  statements: Statement[],
  limit = policyLimit,
  perRole = policiesPerRole,
): PolicyDocument[] {
  const items = statements
    .flatMap((statement) => divide(statement, limit))
    .map((statement, place) => ({ statement, place, size: JSON.stringify(statement).length + 1 }));
  // One comma fewer than statements: each is counted with one, so a bin has room for one more.
  const room = limit - policySize(document([])) + 1;
  const bySize = [...items].sort((a, b) => b.size - a.size || a.place - b.place);
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const least = Math.ceil(total / room);
  let packed = firstFit(bySize, room);
  let steps = patience;
  for (let count = least; count < packed.length && steps > 0; count += 1) {
    const tried = search(bySize, room, count, steps);
    steps = tried.steps;
    if (tried.bins) packed = tried.bins;
  }
  if (packed.length > perRole) {
    throw new Error(
      `The permissions need ${packed.length} managed policies, and a role has at most ${perRole}: ` +
        "ask AWS to raise the quota, or merge places in deploy/permissions.",
    );
  }
  return packed.map((bin) =>
    document(bin.sort((a, b) => a.place - b.place).map(({ statement }) => statement)),
  );
}

function document(Statement: Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

/** Halves until every part fits. `NotAction` and conditions stay whole: halving changes them. */
function divide(statement: Statement, limit: number): Statement[] {
  if (JSON.stringify(document([statement])).length <= limit) return [statement];
  const { Action, Resource } = statement;
  const half = (list: string[]): [string[], string[]] => {
    const middle = Math.ceil(list.length / 2);
    return [list.slice(0, middle), list.slice(middle)];
  };
  if (Action && Action.length > 1) {
    return half(Action).flatMap((part) => divide({ ...statement, Action: part }, limit));
  }
  if (Resource.length > 1) {
    return half(Resource).flatMap((part) => divide({ ...statement, Resource: part }, limit));
  }
  throw new Error(
    `A statement is longer than a policy's ${limit} characters and cannot be divided: ` +
      `${JSON.stringify(statement).slice(0, 120)}…`,
  );
}

interface Item {
  statement: Statement;
  place: number;
  size: number;
}

/** The longest first, each into the first policy with room. */
function firstFit(items: Item[], room: number): Item[][] {
  const bins: { items: Item[]; left: number }[] = [];
  for (const item of items) {
    const bin = bins.find(({ left }) => left >= item.size);
    if (bin) {
      bin.items.push(item);
      bin.left -= item.size;
    } else {
      bins.push({ items: [item], left: room - item.size });
    }
  }
  return bins.map((bin) => bin.items);
}

/** Whether `count` policies hold all; gives up, and says so by `steps`, when it takes too long. */
function search(
  items: Item[],
  room: number,
  count: number,
  patienceLeft: number,
): { bins?: Item[][]; steps: number } {
  let steps = patienceLeft;
  const left = Array.from({ length: count }, () => room);
  const chosen: number[] = [];
  const place = (index: number): boolean => {
    const item = items[index];
    if (item === undefined) return true;
    const tried = new Set<number>();
    for (const [bin, space] of left.entries()) {
      // Two policies with the same room are the same to what is still to come.
      if (space < item.size || tried.has(space)) continue;
      if ((steps -= 1) < 0) return false;
      tried.add(space);
      left[bin] = space - item.size;
      chosen[index] = bin;
      if (place(index + 1)) return true;
      left[bin] = space;
    }
    return false;
  };
  if (!place(0)) return { steps };
  const bins = Array.from({ length: count }, (): Item[] => []);
  for (const [index, item] of items.entries()) bins[chosen[index] ?? 0]?.push(item);
  return { bins: bins.filter((bin) => bin.length > 0), steps };
}
