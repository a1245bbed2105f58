import { getAmi } from "@pulumi/aws/ec2/getAmi";
import { output, type Input, type Resource } from "@pulumi/pulumi";

/** Which Windows Server image servers start from. */
export interface WindowsImage {
  /** Release of Windows Server, e.g. "2022". */
  version: string;
  /** AWS's monthly image by date, e.g. "2026.10.14". Absent: the newest whenever a server starts. */
  amiRelease?: string;
  /** An image of your own; wins over the others. */
  amiId?: string;
}

/** Whether all servers start from one image, which is also what a failed roll can go back to. */
export function isPinned({ amiId, amiRelease }: WindowsImage): boolean {
  return amiId !== undefined || amiRelease !== undefined;
}

/**
 * The launch template's image. Pinned, all servers are equal and an edit rolls them. Unpinned, EC2
 * resolves AWS's public parameter at each launch ("resolve:ssm:…"): new servers are patched, a
 * fleet may hold two months' images, and Auto Scaling undoes no roll that fails.
 */
export function imageId(image: WindowsImage, parent: Resource): Input<string> {
  if (image.amiId) return image.amiId;
  const name = `Windows_Server-${image.version}-English-Full-Base`;
  if (!image.amiRelease) return `resolve:ssm:/aws/service/ami-windows-latest/${name}`;
  return output(release(`${name}-${image.amiRelease}`, parent));
}

async function release(name: string, parent: Resource): Promise<string> {
  // An exact name: nothing published later can match it.
  const filters = [{ name: "name", values: [name] }];
  try {
    return (await getAmi({ owners: ["amazon"], filters }, { parent })).id;
  } catch (error) {
    const { message } = error as Error;
    if (!/returned no results/.test(message)) throw error;
    throw new Error(
      `Amazon has no image ${name} in this region. It publishes one each month and withdraws old ` +
        "ones: set windows.amiRelease to the date of one it has " +
        "(aws ec2 describe-images --owners amazon --filters 'Name=name,Values=Windows_Server-*-English-Full-Base-*').",
      { cause: error },
    );
  }
}
