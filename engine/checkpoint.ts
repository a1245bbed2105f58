/** The parts of the engine's exported state that local runs look at. */
export interface DeploymentV3 {
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

/** Begun by a run that did not say how it ended. */
export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: StateResource;
}

export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  protect?: boolean;
  /** Replaced, and to be deleted by the next update. */
  delete?: boolean;
  /** Deleted already, to be replaced by one that is to be created. */
  pendingReplacement?: boolean;
  /** URN and id of its provider. */
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}
