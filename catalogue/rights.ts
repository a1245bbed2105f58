/** Condition operators to condition keys to values, as IAM writes them. */
export type Condition = Record<string, Record<string, string | string[]>>;

/** One statement of an identity policy. No Sid: every character counts against AWS's limit. */
export interface Statement {
  Effect: "Allow" | "Deny";
  Action?: string[];
  NotAction?: string[];
  Resource: string[];
  Condition?: Condition;
}

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** What the deploy roles may reach. Checked by `scopeProblems`. */
export interface PermissionScope {
  /** AWS account, 12 digits. */
  account: string;
  /** Every region in which the stacks have resources: both of an installation of two. */
  regions: string[];
  /** Further regions, and the few services they need there. @default none */
  partly?: Record<string, string[]>;
  /** Value of the tag `project` that `aws:defaultTags` of the stack file puts on each resource. */
  project: string;
  /** The installation's domain (`pe-platform:domain`): DNS changes are limited to its names. */
  domain: string;
}

/** Where actions are allowed: resources, and what must be true of the request. */
export type ResourceScope = (scope: PermissionScope) => Pick<Statement, "Resource" | "Condition">;

export interface Grant {
  actions: string[];
  at: ResourceScope;
}

/** What the engine's provider calls at AWS for resources of one type. */
export interface Rights {
  /** Preview and refresh: nothing that changes, and no secret's value. */
  read: Grant[];
  /** Create, update, delete and tag, and what else AWS asks of the caller then. */
  manage: Grant[];
  /** A refresh also reads the values of secrets. @default nothing */
  secretValues?: Grant[];
  /** Where the actions are documented. */
  sources: string[];
}
