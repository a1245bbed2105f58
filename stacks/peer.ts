import { getOrganization, getProject, getStack } from "@pulumi/pulumi/metadata";
import { RunError } from "@pulumi/pulumi/errors";
import { log } from "@pulumi/pulumi";
import { invoke } from "@pulumi/pulumi/runtime";
import type { PlatformConfig } from "./config/platformConfig";
import { contractSchema, contractVersion, type RegionContract } from "./contract";
import type { ReplicationPlan } from "./replicationPlan";
import type { ServiceLevel } from "./serviceLevel";

type Outputs = Record<string, unknown>;

/** What the other region's stack is, as far as its outputs tell. */
export type PeerState =
  | { state: "missing" }
  | { state: "empty" }
  | { state: "wrong"; problem: string }
  | { state: "up"; contract: RegionContract };

/** The other region, and how this stack stands to it. */
export interface PeerContext {
  /** Absent where there is none to work with. */
  contract?: RegionContract;
  /** See {@link writerTerm}. */
  term: number;
  /**
   * The other region's backups are kept here, and stay: letting them go asks the other region, which
   * may be lost, and they may be the last of its data.
   */
  keepReplicatedBackups?: boolean;
}

/**
 * The other region's contract, read before anything is registered. The home stack comes up without
 * its peer; the other one stands on the home stack and says what to do when it is not there.
 *
 * Read through the engine's own function instead of a StackReference: a reference to a stack that
 * does not exist ends the program, which a home stack must survive.
 *
 * @throws RunError, one sentence, when the peer is needed and not there, or what it offers cannot
 * be, or when both regions would take writes or each would follow the other.
 */
export async function readPeer(
  config: PlatformConfig,
  level: ServiceLevel,
  replication: ReplicationPlan,
): Promise<PeerContext> {
  const { peerStack } = config;
  if (peerStack === undefined) return { term: 1 };
  const stack = getStack();
  const [peer, own] = await Promise.all([readOutputs(peerStack), readOutputs(stack)]);
  const before = own?.contract as PreviousContract | undefined;
  const found = peerState(peer, peerStack, config);
  const alone: PeerContext = { term: writerTerm(config.replication.writer, before, undefined) };
  const needed = !level.isHomeRegion && (replication.peered || config.hostedZone === "create");
  if (found.state === "wrong") {
    if (needed || replication.follows) throw new RunError(`Stack ${stack}: ${found.problem}`);
    return alone;
  }
  if (found.state !== "up") {
    const why = found.state === "empty" ? "is empty" : "does not exist yet";
    if (needed) throw new RunError(missingHome(stack, peerStack, why));
    if (replication.follows) {
      log.warn(
        `${peerStack} ${why}: nothing is replicated to ${config.region}. Run \`pulumi up -s ${peerStack}\`, then this stack again.`,
      );
    }
    return alone;
  }
  const { contract } = found;
  const clash = replication.peered ? roleClash(contract, before, config, replication) : undefined;
  if (clash !== undefined) throw new RunError(`Stack ${stack}: ${clash}`);
  const untouched = config.replication.peerRegion === "untouched";
  return {
    contract,
    term: writerTerm(config.replication.writer, before, contract),
    keepReplicatedBackups: untouched && before?.backupsOf === contract.region,
  };
}

/**
 * The engine deletes what is not protected before it meets what is: half a region would be gone, and
 * its data left alone. So the region goes only after an `up` that has taken the protection off.
 *
 * @throws RunError while the region is up and protected.
 */
export async function refuseWhileProtected({ region, regionCount }: PlatformConfig): Promise<void> {
  const stack = getStack();
  const own = await readOutputs(stack);
  const before = own?.contract as Partial<RegionContract> | undefined;
  if (before === undefined || before.protected === false) return;
  throw new RunError(
    `Stack ${stack}: regionCount ${regionCount} leaves ${region} out, and its data is protected. First keep regionCount, set protect and database.deletionProtection to false, and run \`pulumi up\`; then lower regionCount and run it again (docs/runbooks/regions.md).`,
  );
}

function missingHome(stack: string, home: string, why: string): string {
  return `Stack ${stack}: its peer ${home} ${why}, and this stack joins it: run \`pulumi up -s ${home}\` first.`;
}

/** Undefined for a stack that does not exist. */
async function readOutputs(stack: string): Promise<Outputs | undefined> {
  const name = `${getOrganization()}/${getProject()}/${stack}`;
  try {
    const answer = (await invoke("pulumi:pulumi:readStackOutputs", { name })) as {
      outputs?: Outputs;
    };
    return answer.outputs ?? {};
  } catch (error) {
    if (/unknown stack/.test(String(error))) return undefined;
    throw error;
  }
}

/** What a stack's outputs say of it. Pure: all of it is tested without an engine. */
export function peerState(
  outputs: Outputs | undefined,
  peerStack: string,
  config: PlatformConfig,
): PeerState {
  if (outputs === undefined) return { state: "missing" };
  if (outputs.active === false || Object.keys(outputs).length === 0) return { state: "empty" };
  const wrong = (problem: string): PeerState => ({ state: "wrong", problem });
  const again = `Run \`pulumi up -s ${peerStack}\` with this version of the program first.`;
  const offered = outputs.contract as Partial<RegionContract> | undefined;
  if (offered === undefined) {
    return wrong(`its peer ${peerStack} offers no contract, so an older version made it. ${again}`);
  }
  if (offered.version !== contractVersion) {
    return wrong(
      `its peer ${peerStack} offers version ${String(offered.version)} of the contract, and this program reads ${contractVersion}. ${again}`,
    );
  }
  const read = contractSchema.safeParse(offered);
  if (!read.success) {
    const keys = read.error.issues.map(({ path }) => path.join(".")).join(", ");
    return wrong(`the contract of its peer ${peerStack} is not whole (${keys}). ${again}`);
  }
  const { installation, region } = read.data;
  if (installation !== config.domain) {
    return wrong(
      `its peer ${peerStack} belongs to the installation ${installation}, and this stack to ${config.domain}: set peerStack to the other region's stack of ${config.domain}.`,
    );
  }
  if (region === config.region || !config.regions.includes(region)) {
    return wrong(
      `its peer ${peerStack} is in ${region}, which is not the other one of regions (${config.regions.join(", ")}): set peerStack to the other region's stack.`,
    );
  }
  return { state: "up", contract: read.data };
}

/** What this stack's own contract said after its last `up`, if there was one. */
type PreviousContract = Partial<Pick<RegionContract, "writer" | "term" | "backupsOf">>;

/**
 * How often the writer has moved, as this stack will say after its `up`: one more than both stacks
 * know where the config moves it, as many as the other knows where it follows the other's move.
 */
export function writerTerm(
  writer: string,
  before: PreviousContract | undefined,
  peer: Pick<RegionContract, "writer" | "term"> | undefined,
): number {
  const known = before?.term ?? 0;
  const others = peer?.term ?? 0;
  if (peer?.writer === writer) return Math.max(known, others, 1);
  if (before?.writer === writer) return known;
  return Math.max(known, others) + 1;
}

/**
 * Two stacks are edited one after the other, so what they say of the writer differs for a while.
 * Allowed is the way there: the new writer first, then its follower.
 */
export function roleClash(
  peer: Pick<RegionContract, "region" | "writer" | "term" | "follows">,
  before: PreviousContract | undefined,
  config: PlatformConfig,
  replication: ReplicationPlan,
): string | undefined {
  const { region, peerStack = "" } = config;
  const { writer, mode } = config.replication;
  if (mode !== "oneWay") return undefined;
  if (replication.follows && peer.follows === region) {
    return `${peer.region} still follows ${region}, so this region cannot follow it: first run \`pulumi up -s ${peerStack}\` with replication.writer ${peer.region}, which ends that.`;
  }
  if (writer !== region || peer.writer !== peer.region) return undefined;
  if (before?.writer === undefined) {
    return `${peer.region} takes the writes, and this region has no data yet: bring it up with replication.writer ${peer.region}, let the copy catch up, then move the writer (docs/runbooks/failover.md).`;
  }
  if (before.writer === region && peer.term > (before.term ?? 0)) {
    return `${peer.region} has taken over the writes, and replication.writer still says ${region} here: set it to ${peer.region}. To give the writes back afterwards, see docs/runbooks/failover.md.`;
  }
  return undefined;
}
