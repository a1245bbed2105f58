import { withName } from "./answers";
import { at, authorization, cloudFormation, grant } from "./places";
import type { Rows } from "./row";

const queue = at("arn:aws:sqs:*:{account}:database-function-failed-???????");

export const sqsRows: Rows = {
  "aws:sqs/queue:Queue": {
    bill: { billed: "failed calls", countedWith: "aws:lambda/function:Function" },
    stores: ["kmsMasterKeyId"],
    taggable: true,
    shows: ["messageRetentionSeconds", "kmsMasterKeyId"],
    answer: withName("sqs", (name) => name),
    recovery: {
      arn: /:sqs:/,
      idOf: (arn) => {
        const [, , , region, account, name] = arn.split(":");
        return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
      },
    },
    rights: {
      read: [grant(queue, "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags")],
      manage: [
        grant(
          queue,
          "sqs:CreateQueue",
          "sqs:DeleteQueue",
          "sqs:SetQueueAttributes",
          "sqs:TagQueue",
          "sqs:UntagQueue",
        ),
      ],
      sources: [cloudFormation("AWS::SQS::Queue"), authorization("amazonsqs")],
    },
  },
};
