// All suites in one process, against one running platform.
import { after, before, beforeEach, describe } from "node:test";
import { platform, start, stop } from "./harness/platform.js";

before(start, { timeout: 180_000 });
beforeEach(() => platform.vendor.reset());
after(stop, { timeout: 60_000 });

for (const suite of ["models", "chat", "embeddings", "responses", "response-streams", "response-resume", "response-sockets", "response-tools", "conversations", "files", "uploads", "vector-stores", "file-search", "errors", "vercel"]) {
  const { default: define } = await import(`./suites/${suite}.js`);
  describe(suite, define);
}
