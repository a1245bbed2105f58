import { Policy } from "@pulumi/aws/iam/policy";
import type { Output, Resource } from "@pulumi/pulumi";
import type { PermissionScope } from "../catalogue/rights";
import { healthMetricsRegion } from "../stacks/serviceLevel";
import { DeployRole } from "./components/deployRole";
import { IdentityProvider } from "./components/identityProvider";
import type { DeployConfig, Platform } from "./config/deployConfig";
import { issuers } from "./issuers";
import { boundary } from "./permissions/boundary";
import { packPolicies, policiesPerRole, policyLimit } from "./permissions/packPolicies";
import { permissionsFor, readOnlyFor } from "./permissions/statements";
import { reviewTag } from "./reviewConfig";
import { reviewTrust, roleTrust } from "./roleTrust";
import {
  isReadOnly,
  reviewOperations,
  reviewTemplate,
  rolePath,
  sessionMinutes,
  stackOperations,
  type Operation,
  type StackRoles,
} from "./roles";

/** The types of resources that a stack's plans have, by stack. */
export type PlannedTypes = Record<string, string[]>;

/** The identity providers of the platforms in use, and a role for each stack and operation. */
export function stackRoles(config: DeployConfig, types: PlannedTypes): StackRoles {
  const providers = config.platforms.map((platform) => identityProvider(config, platform));
  const roles: StackRoles = {};
  for (const stack of Object.keys(config.stacks)) {
    roles[stack] = rolesOf(config, providers, {
      stack,
      operations: stackOperations,
      types: types[stack] ?? [],
      scope: scopeOf(config, stack),
    });
  }
  if (config.review) {
    const { template, domain } = config.review;
    const scope = { ...scopeOf(config, template), project: reviewTag, domain };
    roles[reviewTemplate] = rolesOf(config, providers, {
      stack: reviewTemplate,
      operations: reviewOperations,
      types: types[template] ?? [],
      scope,
    });
  }
  return roles;
}

function identityProvider(config: DeployConfig, platform: Platform): IdentityProvider {
  const { organization = "" } = config;
  return new IdentityProvider(platform, {
    provider: config.identityProviders[platform],
    host: issuers[platform].host,
    audience: platform === "pulumiCloud" ? organization : "sts.amazonaws.com",
  });
}

/** What the alarm on Route 53's check is made of: itself, its topic, their key (EntryAlarms). */
const alarmServices = ["cloudwatch", "kms", "sns"];
/** Where the state is, and what encrypts it. */
const stateServices = ["kms", "s3"];

/** What the roles of a stack may reach: its installation, in all its regions, and its alarm. */
function scopeOf(config: DeployConfig, stack: string): PermissionScope {
  const {
    region = "",
    regions = [],
    open,
    domain = "",
    projectTag = "",
  } = config.files[stack] ?? {};
  return {
    account: config.account,
    regions: [...new Set([region, ...regions])].filter(Boolean).sort(),
    partly: open ? { [healthMetricsRegion]: alarmServices } : {},
    project: projectTag,
    domain,
  };
}

interface RolesRequest {
  stack: string;
  operations: Operation[];
  types: string[];
  scope: PermissionScope;
}

function rolesOf(
  config: DeployConfig,
  providers: Resource[],
  { stack, operations, types, scope }: RolesRequest,
): StackRoles[string] {
  const bound = config.permissionBoundary ? boundaryOf(config, stack, scope) : undefined;
  // A role that trusts a provider can't be made before it.
  const options = { dependsOn: providers };
  return Object.fromEntries(
    operations.map((operation): [Operation, Output<string>] => {
      const trust =
        stack === reviewTemplate
          ? reviewTrust(config, operation)
          : roleTrust(config, stack, operation);
      const morePolicies = statePolicy(config, operation);
      const role = new DeployRole(
        `${stack}-${operation}`,
        {
          stack,
          operation,
          trust: JSON.stringify(trust),
          policies: policiesFor(operation, types, scope, Object.keys(morePolicies).length),
          morePolicies,
          sessionMinutes: sessionMinutes(operation, config),
          ...(bound === undefined ? {} : { boundary: bound.arn }),
        },
        options,
      );
      return [operation, role.arn];
    }),
  );
}

/**
 * One per stack: it has the stack's regions in it. State and its key are in this project's region,
 * or in one of the stack's.
 */
function boundaryOf(config: DeployConfig, stack: string, scope: PermissionScope): Policy {
  const there = new Set([...(scope.partly?.[config.region] ?? []), ...stateServices]);
  const partly = { ...scope.partly, [config.region]: [...there].sort() };
  return new Policy(`${stack}-boundary`, {
    name: `pe-deploy-${stack}-boundary`,
    path: rolePath,
    description: `The most that a role of deployments of ${stack} may ever do`,
    policy: JSON.stringify(boundary({ ...scope, partly })),
  });
}

/** As few managed policies as hold the permissions, by number: what each has is not up to us. */
function policiesFor(
  operation: Operation,
  types: string[],
  scope: PermissionScope,
  others: number,
): Record<string, string> {
  const statements = isReadOnly(operation)
    ? readOnlyFor(types, scope, { secretValues: operation === "drift" })
    : permissionsFor(types, scope);
  const packed = packPolicies(statements, policyLimit, policiesPerRole - others);
  return Object.fromEntries(
    packed.map((policy, index) => [`part${index + 1}`, JSON.stringify(policy)]),
  );
}

/** Only for whom the state in S3 is: Pulumi Cloud's own deployments may have it there too. */
function statePolicy({ state }: DeployConfig, operation: Operation): Record<string, string> {
  if (!state) return {};
  return { state: isReadOnly(operation) ? state.readPolicyArn : state.writePolicyArn };
}
