import {
  DatabaseMigrationServiceClient,
  DescribeConnectionsCommand,
  TestConnectionCommand,
} from "@aws-sdk/client-database-migration-service";
import { readRequest, testConnections, type ReplicationService } from "./testConnections";

const client = new DatabaseMigrationServiceClient({});

const service: ReplicationService = {
  test: async (ReplicationInstanceArn, EndpointArn) => {
    try {
      await client.send(new TestConnectionCommand({ ReplicationInstanceArn, EndpointArn }));
    } catch (error) {
      // DMS has begun one by itself, as it does after some changes.
      if ((error as Error).name !== "InvalidResourceStateFault") throw error;
    }
  },
  state: async (instanceArn, endpointArn) => {
    const Filters = [
      { Name: "replication-instance-arn", Values: [instanceArn] },
      { Name: "endpoint-arn", Values: [endpointArn] },
    ];
    const { Connections } = await client.send(new DescribeConnectionsCommand({ Filters }));
    const [found] = Connections ?? [];
    return found && { status: found.Status ?? "", message: found.LastFailureMessage ?? "" };
  },
};

const seconds = 10;
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Lambda's entry: three tests of four minutes each fit into the longest run, 15 minutes. */
export function handler(event: unknown): Promise<{ successful: string[] }> {
  return testConnections(readRequest(event), service, { pause, looks: 24, tests: 3 });
}
