import { hex, type MockAnswer, type MockContext } from "./answers";
import { type Json, reveal } from "./json";
import type { Rights } from "./rights";
import type { Bill, Rows } from "./row";

const local: Bill = { free: "made by Pulumi, not by AWS" };

const noAws = { again: "it exists in the state only" };

const nothing: Rights = { read: [], manage: [], sources: ["made by the engine, not by AWS"] };

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

export const randomRows: Rows = {
  "random:index/randomBytes:RandomBytes": {
    bill: local,
    stores: false,
    taggable: false,
    shows: ["length"],
    answer: randomValue,
    recovery: noAws,
    rights: nothing,
  },
  "random:index/randomId:RandomId": {
    bill: local,
    stores: false,
    taggable: false,
    shows: ["byteLength"],
    answer: randomValue,
    recovery: noAws,
    rights: nothing,
  },
  "random:index/randomPassword:RandomPassword": {
    bill: local,
    stores: false,
    taggable: false,
    shows: ["length"],
    answer: randomValue,
    recovery: noAws,
    rights: nothing,
  },
};
