import { z } from "zod";

/** Raised when the other region's stack, of a former version, could no longer read the contract. */
export const contractVersion = 1;

const text = z.string().min(1);

/** What one region's stack offers the other's, as it lies in the outputs. */
export const contractSchema = z.object({
  version: z.literal(contractVersion),
  /** The installation's domain. */
  installation: text,
  region: text,
  home: z.boolean(),
  azCount: z.int(),
  /** Made unique names of the region's resources. */
  suffix: text,
  hostedZoneId: text,
  vpcId: text,
  cidrBlock: text,
  /** Pulumi and AWS refuse to delete what holds data here. */
  protected: z.boolean(),
  /** The isolated subnets: the only ones that the other region reaches. */
  isolated: z.array(z.object({ letter: text, cidr: text, routeTableId: text })),
  databaseGroupId: text,
  databaseKeyArn: text,
  database: z.object({
    host: text,
    port: z.int(),
    identifier: text,
    arn: text,
    resourceId: text,
    masterSecretArn: text,
  }),
  /** The region that this one takes for the writer. */
  writer: text,
  /** Counts moves of the writer: of two regions that disagree, the higher one is right. */
  term: z.int(),
  /** The region whose changes this one receives. */
  follows: text.optional(),
  /** The region whose automated backups are kept in this one, too. */
  backupsOf: text.optional(),
  /** Prepares logins of this region's database for the other region. */
  function: z.object({ name: text, codeHash: text }),
  rotationFunctionArn: text,
  /** Copy, in the other region, of the secret with which DMS there reads this database. */
  sourceSecretReplicaArn: text.optional(),
});

export type RegionContract = z.output<typeof contractSchema>;
