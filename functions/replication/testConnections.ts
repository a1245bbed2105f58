/** Which endpoints a replication instance has to reach. */
export interface ConnectionRequest {
  instanceArn: string;
  endpointArns: string[];
}

export interface ConnectionState {
  /** As DMS spells it: `testing`, `successful`, `failed`, `deleting`. */
  status: string;
  /** Why the last test failed. */
  message: string;
}

/** The two calls of DMS that a test takes. */
export interface ReplicationService {
  /** Starts a test; nothing happens if one runs already. */
  test(instanceArn: string, endpointArn: string): Promise<void>;
  /** Undefined before the first test. */
  state(instanceArn: string, endpointArn: string): Promise<ConnectionState | undefined>;
}

export interface Patience {
  pause(): Promise<void>;
  /** Looks per test, a pause apart. */
  looks: number;
  /** Tests per endpoint: the way, the login or a right may be a moment younger than the endpoint. */
  tests: number;
}

/**
 * Has DMS reach every endpoint. It starts a task only between endpoints whose test was successful
 * (StartReplicationTask), and the provider, which creates and starts the task, tests none.
 * @throws Error with DMS's own words for each endpoint that stays out of reach.
 */
export async function testConnections(
  { instanceArn, endpointArns }: ConnectionRequest,
  service: ReplicationService,
  patience: Patience,
): Promise<{ successful: string[] }> {
  const results = await Promise.all(
    endpointArns.map(async (endpointArn) => ({
      endpointArn,
      failure: await reach(instanceArn, endpointArn, service, patience),
    })),
  );
  const failures = results.flatMap(({ endpointArn, failure }) =>
    failure === undefined ? [] : [`${endpointArn}: ${failure}`],
  );
  if (failures.length > 0) throw new Error(`DMS does not reach ${failures.join("; ")}`);
  return { successful: endpointArns };
}

async function reach(
  instanceArn: string,
  endpointArn: string,
  service: ReplicationService,
  { pause, looks, tests }: Patience,
): Promise<string | undefined> {
  let failure = "";
  for (let test = 0; test < tests; test += 1) {
    await service.test(instanceArn, endpointArn);
    failure = "the test did not end";
    for (let look = 0; look < looks; look += 1) {
      await pause();
      const found = await service.state(instanceArn, endpointArn);
      if (found?.status === "successful") return undefined;
      if (found?.status !== "failed") continue;
      failure = found.message || "the test failed";
      break;
    }
  }
  return failure;
}

/** @throws Error naming the field. */
export function readRequest(event: unknown): ConnectionRequest {
  const { instanceArn, endpointArns } = (event ?? {}) as Record<string, unknown>;
  if (typeof instanceArn !== "string" || instanceArn === "") {
    throw new Error("instanceArn is no text.");
  }
  const isList =
    Array.isArray(endpointArns) &&
    endpointArns.length > 0 &&
    endpointArns.every((arn) => typeof arn === "string" && arn !== "");
  if (!isList) throw new Error("endpointArns is no list of texts.");
  return { instanceArn, endpointArns: endpointArns as string[] };
}
