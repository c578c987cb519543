// The real application as a process, with a database of its own and the fake vendor, shared by all suites of one run.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { createDatabase } from "./database.js";
import { startDotnet } from "./processes.js";
import { Vendor } from "./vendor.js";

const apiKey = `sk-test-${randomBytes(16).toString("hex")}`;
const started = [];

/** Small, so that a file beyond it is sent in no time. */
export const MAX_FILE_BYTES = 20_000_000;

/** Filled by start(). */
export const platform = { baseURL: "", apiKey, vendor: null };

/** A client as its users make it, but without retries: a failure is to be seen as it is. */
export const client = (options = {}) => new OpenAI({ baseURL: platform.baseURL, apiKey, maxRetries: 0, timeout: 60_000, ...options });

export async function start() {
  const database = await createDatabase();
  started.push(database.drop);

  const vendor = startDotnet("AiPlatform.FakeModels", []);
  started.push(vendor.stop);
  const vendorUrl = await vendor.until(() => vendor.output().match(/^http:\S+/m)?.[0].replace(/\/$/, ""), "listening");
  platform.vendor = new Vendor(vendorUrl);

  const folder = await mkdtemp(join(tmpdir(), "aiplatform-files-"));
  started.push(() => rm(folder, { recursive: true }));

  const address = `http://127.0.0.1:${await freePort()}`;
  const api = startDotnet("AiPlatform.Api", [], {
    ASPNETCORE_URLS: address,
    ASPNETCORE_ENVIRONMENT: "Production",
    ConnectionStrings__Postgres: database.connectionString,
    Bootstrap__ApiKey: apiKey,
    Inference__Providers__openai__BaseUrl: `${vendorUrl}/v1`,
    Inference__Providers__openai__ApiKey: "sk-vendor",
    Inference__Providers__anthropic__Type: "anthropic",
    Inference__Providers__anthropic__BaseUrl: vendorUrl,
    Inference__Providers__anthropic__ApiKey: "sk-ant-vendor",
    Knowledge__Storage__Folder: folder,
    Knowledge__MaxFileBytes: String(MAX_FILE_BYTES),
    // What a model of this vendor can do is told by its name.
    "Inference__Providers__anthropic__Models__claude-sonnet-4-6__UpstreamName": "claude-sonnet-4-6",
    // Whatever the developer's own machine has must not take part.
    Inference__DetectOllama: "false",
    OLLAMA_HOST: "",
    OPENAI_API_KEY: "",
    OPENAI_BASE_URL: "",
    ANTHROPIC_API_KEY: "",
    OTEL_EXPORTER_OTLP_ENDPOINT: "",
  });
  started.push(api.stop);
  await api.until(() => fetch(`${address}/health/ready`).then((answer) => answer.ok, () => false), "ready");
  platform.baseURL = `${address}/v1`;
}

/** Ends everything, in the reverse order. */
export async function stop() {
  while (started.length > 0) await started.pop()();
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
