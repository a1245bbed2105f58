import assert from "node:assert/strict";
import {
  readRequest,
  testConnections,
  type ConnectionState,
  type Patience,
} from "../../functions/replication/testConnections";

const instanceArn = "arn:aws:dms:us-west-2:123456789012:rep:A";
const [source, target] = ["source", "target"].map(
  (end) => `arn:aws:dms:us-west-2:123456789012:endpoint:${end}`,
) as [string, string];
const patience: Patience = { pause: () => Promise.resolve(), looks: 3, tests: 2 };

/** A service whose answers for each endpoint are given, one per look. */
function service(answers: Record<string, (ConnectionState | undefined)[]>) {
  const tests: string[] = [];
  return {
    tests,
    test: async (instance: string, endpoint: string) => {
      assert.equal(instance, instanceArn);
      tests.push(endpoint);
    },
    state: async (_: string, endpoint: string) => answers[endpoint]?.shift(),
  };
}

const testing = { status: "testing", message: "" };
const successful = { status: "successful", message: "" };
const failed = (message: string) => ({ status: "failed", message });
const request = { instanceArn, endpointArns: [source, target] };

describe("testing DMS's connections", () => {
  it("waits until every endpoint was reached", async () => {
    const dms = service({ [source]: [undefined, testing, successful], [target]: [successful] });
    assert.deepEqual(await testConnections(request, dms, patience), {
      successful: [source, target],
    });
    assert.deepEqual(dms.tests.sort(), [source, target]);
  });

  it("tests again what failed at first: a right may be younger than its endpoint", async () => {
    const dms = service({
      [source]: [failed("AccessDenied"), testing, successful],
      [target]: [successful],
    });
    await testConnections(request, dms, patience);
    assert.deepEqual(dms.tests.sort(), [source, source, target]);
  });

  it("fails with DMS's own words, all endpoints at once", async () => {
    const dms = service({
      [source]: [failed("no route"), failed("no route to host")],
      [target]: [testing, testing, testing, testing],
    });
    await assert.rejects(testConnections(request, dms, patience), (error: Error) => {
      assert.match(error.message, /source: no route to host; .*target: the test did not end/);
      return true;
    });
  });

  it("names what a request lacks", () => {
    assert.deepEqual(readRequest(request), request);
    assert.throws(() => readRequest(undefined), /instanceArn is no text/);
    assert.throws(() => readRequest({ instanceArn: "" }), /instanceArn/);
    for (const endpointArns of [undefined, [], [""], [1], "arn"]) {
      assert.throws(() => readRequest({ instanceArn, endpointArns }), /endpointArns/);
    }
  });
});
