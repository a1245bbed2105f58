import { acmRows } from "./acm";
import { autoScalingRows } from "./autoScaling";
import { cloudWatchRows } from "./cloudWatch";
import { directConnectRows } from "./directConnect";
import { dmsRows } from "./dms";
import { ec2Rows } from "./ec2";
import { functionRows } from "./functions";
import { iamRows } from "./iam";
import { kmsRows } from "./kms";
import { lambdaRows } from "./lambda";
import { loadBalancingRows } from "./loadBalancing";
import { randomRows } from "./random";
import { rdsRows } from "./rds";
import type { Rights } from "./rights";
import { route53Rows } from "./route53";
import type { Row, Rows } from "./row";
import { s3Rows } from "./s3";
import { secretsManagerRows } from "./secretsManager";
import { securityGroupsRows } from "./securityGroups";
import { serverlessRepositoryRows } from "./serverlessRepository";
import { snsRows } from "./sns";
import { sqsRows } from "./sqs";
import { vpcRows } from "./vpc";
import { vpcConnectionsRows } from "./vpcConnections";

/** Every type of resource that the program can make. */
export const catalogue: Rows = {
  ...acmRows,
  ...autoScalingRows,
  ...cloudWatchRows,
  ...directConnectRows,
  ...dmsRows,
  ...ec2Rows,
  ...iamRows,
  ...kmsRows,
  ...lambdaRows,
  ...loadBalancingRows,
  ...randomRows,
  ...rdsRows,
  ...route53Rows,
  ...s3Rows,
  ...secretsManagerRows,
  ...securityGroupsRows,
  ...serverlessRepositoryRows,
  ...snsRows,
  ...sqsRows,
  ...vpcRows,
  ...vpcConnectionsRows,
};

/** What is known of a type; undefined for one that nobody has described. */
export function rowOf(type: string): Row | undefined {
  return Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;
}

/** What a deployment may do with a resource type, or to call a function of the provider. */
export function rightsOf(type: string): Rights | undefined {
  const row = Object.hasOwn(functionRows, type) ? functionRows[type] : rowOf(type);
  return row?.rights;
}

/** Components and providers are the engine's own: AWS never hears of them. */
export function isEngines(type: string): boolean {
  return /^(pe:|awsx:|pulumi:)/.test(type);
}

/** What to do about types without a row, in one sentence. */
export function missingRows(types: string[]): string {
  const service = types[0]?.split(":")[1]?.split("/")[0] ?? "";
  return (
    `The resource catalogue has no row for ${types.join(", ")}: add one to the service's file in ` +
    `catalogue/ (${service}), with how AWS bills it or why it is free, what it stores, whether it ` +
    "takes tags, how a cut-off create is found, and what a deployment may do with it."
  );
}
