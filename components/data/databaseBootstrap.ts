import { Invocation } from "@pulumi/aws/lambda/invocation";
import { SecretRotation } from "@pulumi/aws/secretsmanager/secretRotation";
import {
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Resource,
} from "@pulumi/pulumi";
import type { DatabaseRole, DatabaseTask } from "../../functions/database/request";
import type { DatabaseLogin } from "./databaseLogin";
import { PlatformComponent } from "../base/platformComponent";

/** A login by the short name of its part in the platform, e.g. "app". */
export type Logins = Readonly<Record<string, DatabaseLogin>>;

/** Where changes come from, with values that are still to come. */
export interface FollowedDatabase {
  host: Input<string>;
  port: Input<number>;
  /** Secret in this region. */
  secretArn: Input<string>;
}

/** What the database function takes as its role, with values that are still to come. */
export type BootstrapRole = Omit<DatabaseRole, "follows"> & {
  follows?: Omit<NonNullable<DatabaseRole["follows"]>, "source"> & { source: FollowedDatabase };
};

export interface DatabaseBootstrapArgs {
  functionName: Input<string>;
  /** Of the function's code: new code runs once. */
  codeHash: Input<string>;
  logins: Logins;
  /** Absent: only the logins are looked after. */
  role?: BootstrapRole;
  rotation: { functionArn: Input<string>; days: number };
  /** Ways and guards that must stand first. */
  waitFor: Resource[];
}

/** What the function is told. */
export function bootstrapRequest(
  task: DatabaseTask,
  { logins, role }: Pick<DatabaseBootstrapArgs, "logins" | "role">,
) {
  return jsonStringify({
    task,
    logins: Object.values(logins).map(({ secretArn, purpose }) => ({ secretArn, purpose })),
    ...(role ? { role } : {}),
  });
}

/**
 * Brings the database to what this region's part in the installation asks for, by running the
 * database function: after the instance exists, and again whenever the request or the code changes.
 * Rotation of a login starts when the login exists; its first turn comes with the schedule.
 */
export class DatabaseBootstrap extends PlatformComponent {
  /** Done: database, logins and capture are there. */
  readonly done: Resource;

  constructor(name: string, args: DatabaseBootstrapArgs, opts?: ComponentResourceOptions) {
    super("DatabaseBootstrap", name, opts);
    const logins = Object.entries(args.logins);
    const run = new Invocation(
      name,
      {
        functionName: args.functionName,
        input: bootstrapRequest("prepare", args),
        triggers: { code: args.codeHash },
      },
      {
        parent: this,
        dependsOn: [...logins.map(([, login]) => login.value), ...args.waitFor],
        customTimeouts: { create: "30m" },
      },
    );
    for (const [key, login] of logins) {
      if (!rotates(login, args.role)) continue;
      new SecretRotation(
        `${name}-${key}`,
        {
          secretId: login.secretArn,
          rotationLambdaArn: args.rotation.functionArn,
          rotateImmediately: false,
          rotationRules: { automaticallyAfterDays: args.rotation.days },
        },
        { parent: this, dependsOn: [run] },
      );
    }
    this.done = run;
    this.registerOutputs();
  }
}

/** A login changes its own password, so one that the database keeps shut out cannot. */
function rotates({ purpose }: DatabaseLogin, role: BootstrapRole | undefined): boolean {
  return purpose !== "replicationTarget" || role?.follows !== undefined;
}
