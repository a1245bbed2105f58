import { mockAccountId, withArn } from "./answers";
import { text } from "./json";
import {
  anywhere,
  at,
  authorization,
  autonamed,
  cloudFormation,
  grant,
  keysThrough,
} from "./places";
import { putAgain } from "./recovery";
import type { Rights } from "./rights";
import type { Rows } from "./row";

const topic = at(
  ...autonamed("alarms", "entry-alarms").map((name) => `arn:aws:sns:*:{account}:${name}`),
);

const topicSettings: Rights = {
  read: [grant(topic, "sns:GetTopicAttributes")],
  manage: [grant(topic, "sns:SetTopicAttributes")],
  sources: [cloudFormation("AWS::SNS::TopicPolicy"), authorization("amazonsns")],
};

export const snsRows: Rows = {
  "aws:sns/topic:Topic": {
    bill: { free: "alarms are far below the free million of requests" },
    stores: ["kmsMasterKeyId"],
    taggable: true,
    answer: withArn("sns", (name) => name),
    recovery: { arn: /:sns:/ },
    rights: {
      read: [grant(topic, "sns:GetTopicAttributes", "sns:ListTagsForResource")],
      manage: [
        grant(
          topic,
          "sns:CreateTopic",
          "sns:DeleteTopic",
          "sns:SetTopicAttributes",
          "sns:TagResource",
          "sns:UntagResource",
        ),
        ...keysThrough("sns"),
      ],
      sources: [cloudFormation("AWS::SNS::Topic"), authorization("amazonsns")],
    },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    bill: { free: "a setting of a topic" },
    stores: false,
    taggable: false,
    shows: ["arn", "policy"],
    answer: (context) => ({
      id: text(context.inputs.arn),
      outputs: { owner: mockAccountId },
    }),
    recovery: putAgain,
    rights: topicSettings,
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    bill: {
      billed: "mails over the free thousand",
      counts: ({ inputs }, into) => {
        if (inputs.protocol === "email") into.mail = true;
      },
    },
    stores: false,
    taggable: false,
    recovery: {
      again: "AWS answers a second subscription of an address with the first",
    },
    rights: {
      // A subscription is no resource of IAM.
      read: [grant(anywhere, "sns:GetSubscriptionAttributes")],
      manage: [
        grant(topic, "sns:Subscribe"),
        grant(anywhere, "sns:SetSubscriptionAttributes", "sns:Unsubscribe"),
      ],
      sources: [cloudFormation("AWS::SNS::Subscription"), authorization("amazonsns")],
    },
  },
};
