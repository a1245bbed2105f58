import { arn, hex, type MockAnswer, type MockContext, uuid } from "./answers";
import { text, texts } from "./json";
import { adoptable, anywhere, at, authorization, grant, ours, tagged } from "./places";
import type { Rows } from "./row";

function certificate(context: MockContext): MockAnswer {
  const id = arn("acm", context, `certificate/${uuid(context.urn)}`);
  const domainName = text(context.inputs.domainName);
  const domains = [...new Set([domainName, ...texts(context.inputs.subjectAlternativeNames)])];
  return {
    id,
    outputs: {
      arn: id,
      subjectAlternativeNames: domains,
      domainValidationOptions: domains.map((domain) => ({
        domainName: domain,
        resourceRecordName: `_${hex(domain, 32)}.${domain}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${hex(`${domain}=`, 32)}.acm-validations.aws.`,
      })),
    },
  };
}

export const acmRows: Rows = {
  "aws:acm/certificate:Certificate": {
    bill: { free: "public certificates are free" },
    stores: false,
    taggable: true,
    shows: ["domainName", "subjectAlternativeNames", "validationMethod"],
    answer: certificate,
    recovery: { arn: /:acm:.*:certificate\// },
    rights: {
      read: [
        grant(
          at("arn:aws:acm:*:{account}:certificate/*"),
          "acm:DescribeCertificate",
          "acm:ListTagsForCertificate",
        ),
      ],
      manage: [
        grant(tagged(anywhere), "acm:RequestCertificate"),
        grant(adoptable("arn:aws:acm:*:{account}:certificate/*"), "acm:AddTagsToCertificate"),
        grant(
          ours("arn:aws:acm:*:{account}:certificate/*"),
          "acm:AddTagsToCertificate",
          "acm:DeleteCertificate",
          "acm:RemoveTagsFromCertificate",
          "acm:UpdateCertificateOptions",
        ),
      ],
      sources: [authorization("awscertificatemanager")],
    },
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    bill: { free: "waits, and is no resource at AWS" },
    stores: false,
    taggable: false,
    answer: (context) => ({
      id: text(context.inputs.certificateArn),
      outputs: {},
    }),
    recovery: { again: "it only waits" },
    rights: {
      read: [grant(at("arn:aws:acm:*:{account}:certificate/*"), "acm:DescribeCertificate")],
      manage: [],
      sources: [authorization("awscertificatemanager")],
    },
  },
};
