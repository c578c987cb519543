// A database of its own for one run, on the server that AIPLATFORM_TEST_POSTGRES names.
import { randomBytes } from "node:crypto";
import pg from "pg";

const VARIABLE = "AIPLATFORM_TEST_POSTGRES";

export async function createDatabase() {
  const server = serverSettings();
  const name = `sdk_node_${randomBytes(8).toString("hex")}`;
  await execute(server, `CREATE DATABASE ${name}`);
  return {
    connectionString: text({ ...server, database: name }),
    drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function serverSettings() {
  const value = process.env[VARIABLE];
  if (!value) throw new Error(`Run ./test, which brings a PostgreSQL server, or set ${VARIABLE} to the connection string of a throw-away cluster (Host=...;Port=...;Username=...;Password=...).`);
  return Object.fromEntries(
    value.split(";").filter((pair) => pair.includes("=")).map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim()];
    }),
  );
}

const text = (settings) => Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(";");

async function execute(server, sql) {
  const client = new pg.Client({
    host: server.host,
    port: Number(server.port ?? 5432),
    user: server.username,
    password: server.password,
    database: "postgres",
    connectionTimeoutMillis: 30_000,
    query_timeout: 60_000,
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
