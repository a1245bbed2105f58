import { rowOf } from "../../catalogue";
import {
  arn,
  hex,
  uuid,
  withArn,
  type Answer,
  type MockAnswer,
  type MockContext,
} from "../../catalogue/answers";
import { functionRows } from "../../catalogue/functions";
import type { JsonObject } from "../../catalogue/json";
import { awsxOutputs } from "./awsxExpansion";

// The deployment's own program (deploy/) makes policies; the platform's roles have theirs inside.
const others: Record<string, Answer> = {
  "aws:iam/policy:Policy": withArn("iam", (name) => `policy/${name}`),
};

/** Believable outputs of one resource: right in shape, account 123456789012, never real. */
export function mockResource(context: MockContext): MockAnswer {
  if (context.type === "awsx:ec2:Vpc") {
    return {
      id: "",
      outputs: awsxOutputs(context.name, context.inputs, context.urn),
    };
  }
  if (context.type.startsWith("pulumi:providers:")) return { id: uuid(context.urn), outputs: {} };
  const known = rowOf(context.type)?.answer ?? others[context.type];
  if (known) return known(context);
  const service = context.type.split(":")[1]?.split("/")[0] ?? "aws";
  const id = `${context.name}-${hex(context.urn, 7)}`;
  return { id, outputs: { arn: arn(service, context, id) } };
}

/**
 * The answer of a provider function.
 * @throws an Error for a function that has no entry here: a made-up answer would mislead the plan.
 */
export function answerInvoke(context: MockContext): JsonObject {
  const known = functionRows[context.type];
  if (!known) {
    throw new Error(
      `The offline plan cannot answer the provider function ${context.type}: ` +
        "add what it returns to catalogue/functions.ts.",
    );
  }
  return known.answer(context);
}
