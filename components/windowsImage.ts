import { getAmiOutput } from "@pulumi/aws/ec2/getAmi";
import type { Input, Resource } from "@pulumi/pulumi";

/** Which Windows Server image servers start from. */
export interface WindowsImage {
  /** Release of Windows Server, e.g. "2022". */
  version: string;
  /** AWS's monthly image by date, e.g. "2026.10.14". Absent: the newest whenever a server starts. */
  amiRelease?: string;
  /** An image of your own; wins over the others. */
  amiId?: string;
}

/**
 * The launch template's image. Unpinned, EC2 resolves AWS's public parameter at each launch
 * ("resolve:ssm:…"), so the plan never changes under us and new servers are patched; a fleet may
 * then hold two months' images. Pinned, all servers are equal and an edit rolls them.
 */
export function imageId(image: WindowsImage, parent: Resource): Input<string> {
  if (image.amiId) return image.amiId;
  const name = `Windows_Server-${image.version}-English-Full-Base`;
  if (!image.amiRelease) return `resolve:ssm:/aws/service/ami-windows-latest/${name}`;
  return getAmiOutput(
    {
      owners: ["amazon"],
      // The exact name of one release: nothing published later can match it.
      filters: [{ name: "name", values: [`${name}-${image.amiRelease}`] }],
    },
    { parent },
  ).id;
}
