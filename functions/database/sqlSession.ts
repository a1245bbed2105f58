import { Connection, Request, TYPES, type ConnectionConfiguration } from "tedious";
import { LoginRefused, type Row, type Session, type Statement, type Target } from "./session";

/** Server message "Login failed for user" and its relatives (SQL Server, errors 18450 to 18488). */
const refused = (error: Error): boolean => /ELOGIN/.test((error as { code?: string }).code ?? "");

/**
 * A session over TLS whose certificate must be signed by one of RDS's authorities for this region
 * and name the host: nothing else is believed, not even a public authority.
 */
export function connectWith(authorities: string[]): (target: Target) => Promise<Session> {
  return async (target) => {
    const connection = new Connection(configuration(target, authorities));
    await new Promise<void>((resolve, reject) => {
      connection.once("connect", (error) => {
        if (!error) resolve();
        else reject(refused(error) ? new LoginRefused(error.message) : error);
      });
      connection.connect();
    });
    // Without a listener, an error between two statements would end the process.
    connection.on("error", () => undefined);
    return {
      run: (statement) => run(connection, statement),
      close: () =>
        new Promise((resolve) => {
          connection.once("end", () => resolve());
          connection.close();
        }),
    };
  };
}

export function configuration(target: Target, authorities: string[]): ConnectionConfiguration {
  const { host, port, database, username, password } = target;
  return {
    server: host,
    authentication: { type: "default", options: { userName: username, password } },
    options: {
      port,
      database,
      encrypt: true,
      trustServerCertificate: false,
      cryptoCredentialsDetails: { ca: authorities, minVersion: "TLSv1.2" },
      appName: "pe-platform database function",
      connectTimeout: 15_000,
      // Foreign keys of large tables and the first capture of a table take their time.
      requestTimeout: 300_000,
      rowCollectionOnRequestCompletion: true,
      useColumnNames: false,
    },
  };
}

/** Of several errors, as of a procedure about one that it called, the driver's own text has none. */
const words = (error: Error): string =>
  error instanceof AggregateError
    ? error.errors.map(({ message }: Error) => message).join(" ")
    : error.message;

function run(connection: Connection, { label, text, parameters = {} }: Statement): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    const request = new Request(text, (error) => {
      if (error) reject(new Error(`Could not ${label}: ${words(error)}`, { cause: error }));
      else resolve(rows);
    });
    for (const [name, value] of Object.entries(parameters)) {
      request.addParameter(name, typeof value === "number" ? TYPES.Int : TYPES.NVarChar, value);
    }
    request.on("row", (columns: { metadata: { colName: string }; value: unknown }[]) => {
      rows.push(
        Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value])),
      );
    });
    connection.execSql(request);
  });
}
