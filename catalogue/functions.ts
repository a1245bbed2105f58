import { mockAccountId, type MockContext } from "./answers";
import { list, object, text, type JsonObject } from "./json";
import { anywhere, authorization, grant } from "./places";
import type { Rights } from "./rights";

/** A function of the provider that the program calls. */
export interface FunctionRow {
  /** What it returns in a plan. */
  answer(context: MockContext): JsonObject;
  rights: Rights;
}

export const functionRows: Record<string, FunctionRow> = {
  "aws:ec2/getAmi:getAmi": {
    // A plan cannot know the id: the name that is looked for stands in its place.
    answer: ({ inputs }) => {
      const names = list(inputs.filters)
        .map(object)
        .find(({ name }) => name === "name");
      const id = text(list(names?.values)[0]);
      return { id, imageId: id, architecture: "x86_64", rootDeviceName: "/dev/sda1" };
    },
    rights: {
      read: [grant(anywhere, "ec2:DescribeImages")],
      manage: [],
      sources: [authorization("amazonec2")],
    },
  },
  "aws:index/getCallerIdentity:getCallerIdentity": {
    answer: () => ({
      accountId: mockAccountId,
      arn: `arn:aws:iam::${mockAccountId}:user/offline-plan`,
      id: mockAccountId,
      userId: "AIDAEXAMPLE",
    }),
    rights: {
      read: [grant(anywhere, "sts:GetCallerIdentity")],
      manage: [],
      sources: [authorization("awssecuritytokenservice")],
    },
  },
};
