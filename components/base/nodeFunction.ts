import type { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import type { FunctionArgs } from "@pulumi/aws/lambda/function";
import { interpolate } from "@pulumi/pulumi";
import { FileArchive } from "@pulumi/pulumi/asset";
import type { FunctionPackage } from "./functionPackage";
import { allow, type AllowStatement } from "./iamStatements";

/** What all Lambda functions of the platform have alike: runtime, code and where they log. */
export function nodeFunction(code: FunctionPackage, logs: LogGroup) {
  return {
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    handler: "index.handler",
    code: new FileArchive(code.file),
    sourceCodeHash: code.sha256Base64,
    // Metrics travel as log lines, which must stay as a function writes them.
    loggingConfig: { logFormat: "Text", logGroup: logs.name },
  } satisfies Partial<FunctionArgs>;
}

/** A function's right to its own log group. */
export function writeLogs(logs: LogGroup): AllowStatement {
  const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
  return allow("WriteLogs", actions, [interpolate`${logs.arn}:*`]);
}
