/** The parts of the engine's exported state that local runs look at. */
export interface DeploymentV3 {
  resources?: StateResource[];
  pending_operations?: unknown[];
}

export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  protect?: boolean;
  outputs?: Record<string, unknown>;
}
