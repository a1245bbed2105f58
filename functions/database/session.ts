/** One statement: fixed text, with every value from outside as a parameter. */
export interface Statement {
  /** For logs and answers; no values of secrets. */
  label: string;
  text: string;
  /** By name, without the @. Text goes as nvarchar, numbers as int. */
  parameters?: Record<string, string | number>;
}

export type Row = Record<string, unknown>;

/** A connection to one database of one server. */
export interface Session {
  run(statement: Statement): Promise<Row[]>;
  close(): Promise<void>;
}

export interface Credentials {
  username: string;
  password: string;
}

/** SQL Server of RDS takes names of logins in any case. */
export const sameLogin = (one: Credentials, other: Credentials): boolean =>
  one.username.toLowerCase() === other.username.toLowerCase();

export interface Target extends Credentials {
  host: string;
  port: number;
  database: string;
}

/** Opens a session. @throws LoginRefused when the server does not take the credentials. */
export type Connect = (target: Target) => Promise<Session>;

/** Reads a secret's credentials by its ARN. */
export type ReadSecret = (arn: string) => Promise<Credentials>;

export class LoginRefused extends Error {
  override name = "LoginRefused";
}
