/** A stack and the one whose success starts it. */
export interface Ordered {
  after?: string;
}

/** The stacks that a stack's success starts, directly or through others, nearest first. */
export function followers(stacks: Record<string, Ordered>, stack: string): string[] {
  const found: string[] = [];
  const visit = (name: string): void => {
    for (const [next, { after }] of Object.entries(stacks)) {
      if (after !== name || found.includes(next) || next === stack) continue;
      found.push(next);
      visit(next);
    }
  };
  visit(stack);
  return found;
}

/** The stacks that come before a stack, nearest first; ends where a cycle closes. */
export function predecessors(stacks: Record<string, Ordered>, stack: string): string[] {
  const found: string[] = [];
  for (let at = stacks[stack]?.after; at !== undefined; at = stacks[at]?.after) {
    if (found.includes(at)) break;
    found.push(at);
  }
  return found;
}

/** True for a stack that would, in the end, start itself. */
export function inCycle(stacks: Record<string, Ordered>, stack: string): boolean {
  return predecessors(stacks, stack).includes(stack);
}
