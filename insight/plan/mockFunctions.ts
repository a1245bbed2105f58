import { hex, mockAccountId, text, texts, type MockContext } from "./mockValues";
import type { Json, JsonObject } from "./plan";

/** An IAM policy document as AWS's JSON, from the provider's camel-case form. */
function policyDocument(inputs: JsonObject): JsonObject {
  const statements = Array.isArray(inputs.statements) ? inputs.statements : [];
  const oneOrMany = (values: string[]): Json => (values.length === 1 ? (values[0] ?? "") : values);
  const Statement = statements.map((entry) => {
    const statement = entry as JsonObject;
    const result: JsonObject = { Effect: text(statement.effect, "Allow") };
    const copy = (from: string, to: string): void => {
      if (Array.isArray(statement[from])) result[to] = oneOrMany(texts(statement[from]));
    };
    if (typeof statement.sid === "string") result.Sid = statement.sid;
    copy("actions", "Action");
    copy("notActions", "NotAction");
    copy("resources", "Resource");
    copy("notResources", "NotResource");
    if (Array.isArray(statement.principals)) result.Principal = principals(statement.principals);
    if (Array.isArray(statement.conditions)) result.Condition = conditions(statement.conditions);
    return result;
  });
  return { json: JSON.stringify({ Version: text(inputs.version, "2012-10-17"), Statement }) };
}

function principals(entries: Json[]): Json {
  const result: JsonObject = {};
  for (const entry of entries as JsonObject[]) {
    const identifiers = texts(entry.identifiers);
    if (text(entry.type) === "*") return "*";
    result[text(entry.type)] = identifiers.length === 1 ? (identifiers[0] ?? "") : identifiers;
  }
  return result;
}

function conditions(entries: Json[]): JsonObject {
  const result: Record<string, JsonObject> = {};
  for (const entry of entries as JsonObject[]) {
    const test = (result[text(entry.test)] ??= {});
    const values = texts(entry.values);
    test[text(entry.variable)] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return result;
}

const functions: Record<string, (context: MockContext) => JsonObject> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: mockAccountId,
    arn: `arn:aws:iam::${mockAccountId}:user/offline-plan`,
    id: mockAccountId,
    userId: "AIDAEXAMPLE",
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({ region, name: region, id: region }),
  "aws:iam/getPolicyDocument:getPolicyDocument": ({ inputs }) => policyDocument(inputs),
  // A plan cannot know the id: the name that is looked for stands in its place.
  "aws:ec2/getAmi:getAmi": ({ inputs }) => {
    const id = imageName(inputs);
    return { id, imageId: id, architecture: "x86_64", rootDeviceName: "/dev/sda1" };
  },
  "aws:ssm/getParameter:getParameter": ({ inputs, region }) => {
    const name = text(inputs.name);
    const isImage = name.includes("ami");
    const value = isImage ? `ami-0${hex(name + region, 16)}` : hex(name, 16);
    const result = { id: name, name, type: "String", version: 1, insecureValue: value };
    return { ...result, value: { $secret: value }, arn: `arn:aws:ssm:${region}::parameter${name}` };
  },
  "aws:elb/getServiceAccount:getServiceAccount": ({ region }) => {
    const account = region === "us-west-2" ? "797873946194" : "127311923021";
    return { id: account, arn: `arn:aws:iam::${account}:root` };
  },
  "aws:ec2/getPrefixList:getPrefixList": ({ inputs }) => prefixList(inputs),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": ({ inputs }) => prefixList(inputs),
  "aws:route53/getZone:getZone": ({ inputs }) => {
    const id = text(inputs.zoneId, `Z${hex(text(inputs.name), 20).toUpperCase()}`);
    const name = text(inputs.name, "existing.example");
    return { id, zoneId: id, name, arn: `arn:aws:route53:::hostedzone/${id}`, nameServers: [] };
  },
};

function imageName({ filters }: JsonObject): string {
  const all = (Array.isArray(filters) ? filters : []) as JsonObject[];
  const values = all.find(({ name }) => name === "name")?.values;
  return Array.isArray(values) ? text(values[0]) : "";
}

function prefixList(inputs: JsonObject): JsonObject {
  const name = text(inputs.name);
  const id = text(inputs.id ?? inputs.prefixListId, `pl-${hex(name, 8)}`);
  return { id, prefixListId: id, name, cidrBlocks: [] };
}

/**
 * The answer of a provider function.
 * @throws an Error for a function that has no entry here: a made-up answer would mislead the plan.
 */
export function answerInvoke(context: MockContext): JsonObject {
  const known = functions[context.type];
  if (!known) {
    throw new Error(
      `The offline plan cannot answer the provider function ${context.type}: ` +
        "add what it returns to insight/plan/mocks.ts.",
    );
  }
  return known(context);
}
