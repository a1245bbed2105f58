import { hex, type MockAnswer, type MockContext } from "./answers";
import { type Json, reveal } from "./json";
import type { Row, Rows } from "./row";

function randomValue(context: MockContext): MockAnswer {
  const asked = reveal(context.inputs.byteLength ?? context.inputs.length);
  const length = typeof asked === "number" ? asked : 16;
  const digits = hex(context.urn, length * 2);
  const base64 = Buffer.from(digits, "hex").toString("base64");
  const isSecret = /RandomPassword|RandomBytes/.test(context.type);
  const hidden = (value: Json): Json => (isSecret ? { $secret: value } : value);
  return {
    id: isSecret ? "none" : digits,
    outputs: {
      hex: hidden(digits),
      base64: hidden(base64),
      result: hidden(digits.slice(0, length)),
      b64Std: base64,
      b64Url: Buffer.from(digits, "hex").toString("base64url"),
      dec: BigInt(`0x${digits}`).toString(),
    },
  };
}

const random = (length: string): Row => ({
  bill: { free: "made by Pulumi, not by AWS" },
  stores: false,
  taggable: false,
  shows: [length],
  answer: randomValue,
  recovery: { again: "it exists in the state only" },
  rights: { read: [], manage: [], sources: ["made by the engine, not by AWS"] },
});

export const randomRows: Rows = {
  "random:index/randomBytes:RandomBytes": random("length"),
  "random:index/randomId:RandomId": random("byteLength"),
  "random:index/randomPassword:RandomPassword": random("length"),
};
