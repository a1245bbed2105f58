import assert from "node:assert/strict";
import { startJob, awaitStart } from "../../functions/database/captureJob";
import { LoginRefused } from "../../functions/database/session";
import { connectWith } from "../../functions/database/sqlSession";
import { LocalAuthority, SqlServerDouble } from "../app/sqlServerDouble";

describe("a session over the protocol", () => {
  let authority: LocalAuthority;
  let server: SqlServerDouble;
  let port: number;

  before(async function () {
    if (!LocalAuthority.possible()) {
      process.stdout.write("    skipped: openssl, which makes the certificate, is missing.\n");
      this.skip();
    }
    authority = new LocalAuthority();
    server = new SqlServerDouble(authority);
    server.password = "of the secret";
    port = await server.start();
  });

  after(() => {
    server?.stop();
    authority?.remove();
  });

  const connect = (password: string, believed = authority, at = port) =>
    connectWith([believed.certificate.toString()])({
      ...{ host: "localhost", port: at, database: "platform" },
      ...{ username: "platform_admin", password },
    });

  it("tells the Agent's refusal, and goes on: the answer comes behind it", async () => {
    const words = "SQLServerAgent Error: Request to run job refused because it is already running.";
    server.complaint = (question) => (question.includes("sp_cdc_start_job") ? [words] : []);
    const session = await connect("of the secret");
    try {
      await assert.rejects(session.run(startJob), /Could not start the capture job: .*already run/);
      assert.equal((await session.run(awaitStart("job"))).length, 1);
    } finally {
      await session.close();
    }
  });

  it("tells every error of a statement, as of a procedure and of one that it called", async () => {
    server.complaint = () => ["The job is already running.", "The job was not started."];
    const session = await connect("of the secret");
    try {
      await assert.rejects(session.run(startJob), {
        message:
          "Could not start the capture job: The job is already running. The job was not started.",
      });
    } finally {
      server.complaint = () => [];
      await session.close();
    }
  });

  it("tells a refused login from a server that cannot be reached", async () => {
    await assert.rejects(connect("of another day"), LoginRefused);
    const nobody = new SqlServerDouble(authority);
    const silent = await nobody.start();
    nobody.stop();
    await assert.rejects(
      connect("of the secret", authority, silent),
      (error) => !(error instanceof LoginRefused),
    );
  });

  it("believes no authority but those it was given", async () => {
    const other = new LocalAuthority();
    try {
      await assert.rejects(connect("of the secret", other), /self-signed/);
    } finally {
      other.remove();
    }
  });
});
