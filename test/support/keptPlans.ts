import { projectRoot } from "../../config/stackFiles";
import { seam, type StackPlan } from "../../insight/plan/plan";

// Half of a test run's plans have been made before by the same process. A plan of the program as it
// stands follows from the request alone, so the first one answers the others. Not kept: what fails,
// what tells something (tests listen), and what runs another program or reads other outputs.
const kept = new Map<string, StackPlan>();
/** Some 0.5 MB each. */
const most = 60;

seam.around = async (plan, request) => {
  if (request.program !== undefined || request.stackOutputs || process.env.PE_DEBUG) {
    return plan(request);
  }
  const key = JSON.stringify([request, projectRoot]);
  const known = kept.get(key);
  if (known) return known;
  const { warn, error } = console;
  let silent = true;
  const telling =
    (write: typeof warn) =>
    (...said: unknown[]): void => {
      silent = false;
      write.apply(console, said);
    };
  Object.assign(console, { warn: telling(warn), error: telling(error) });
  try {
    const made = await plan(request);
    if (silent) kept.set(key, { ...made, resources: frozen(made.resources) });
    if (kept.size > most) kept.delete(kept.keys().next().value ?? "");
    return made;
  } finally {
    Object.assign(console, { warn, error });
  }
};

/** A test that changed a plan would change another's. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}
