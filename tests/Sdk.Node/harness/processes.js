// Child processes that are watched while they start, and ended with the run.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const KEPT_OUTPUT = 20_000;
const STOP_LIMIT = 20_000;

/** A built project's dll: of the Release build where there is one, else of the Debug build. */
export function builtDll(project) {
  const candidates = ["release", "debug"].map((configuration) => join(ROOT, "artifacts", "bin", project, configuration, `${project}.dll`));
  const found = candidates.find(existsSync);
  if (!found) throw new Error(`${project} is not built. Run ./test, or: dotnet build AiPlatform.sln -c Release`);
  return found;
}

export function startDotnet(project, args, environment = {}) {
  const dll = builtDll(project);
  const child = spawn("dotnet", [dll, ...args], { cwd: dirname(dll), env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let ended = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (output = (output + text).slice(-KEPT_OUTPUT)));
  }
  const exit = new Promise((resolve) => {
    child.once("error", (error) => resolve((ended = error.message)));
    child.once("exit", (code, signal) => resolve((ended = `ended with ${signal ?? `exit code ${code}`}`)));
  });
  // Should this process end in any other way than by stop().
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  return {
    output: () => output,
    /** Looks again and again until it sees something; fails when the process ends, or at the limit. */
    async until(look, what, limit = 120_000) {
      const deadline = Date.now() + limit;
      while (true) {
        const seen = await look();
        if (seen) return seen;
        if (ended) throw new Error(`${project} ${ended}:\n${output}`);
        if (Date.now() > deadline) throw new Error(`${project}: not ${what} after ${limit / 1000} s:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async stop() {
      if (!ended) child.kill("SIGTERM");
      const limit = setTimeout(kill, STOP_LIMIT);
      await exit;
      clearTimeout(limit);
      process.removeListener("exit", kill);
    },
  };
}
