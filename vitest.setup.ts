import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

/** A process may take this long to be gone after it was told to. */
const LINGER_MS = 5000;

// Every test file gets its own state and socket directories, and must leave no process and no socket behind.
const root = mkdtempSync(join(tmpdir(), "dimos-test-"));
process.env.DIMOS_STATE_DIR = join(root, "state");
process.env.XDG_RUNTIME_DIR = root;

afterAll(async () => {
  const deadlineMs = performance.now() + LINGER_MS;
  while (children().length > 0 && performance.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(children(), "processes left behind by this test file").toEqual([]);
  expect(sockets(root), "sockets left behind by this test file").toEqual([]);
  rmSync(root, { recursive: true, force: true });
});

function children(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/task")
    .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "" && !isBuildTool(pid))
    .map((pid) => `${pid} ${commandLine(pid)}`);
}

/** esbuild's service process belongs to vite, not to the test. */
function isBuildTool(pid: string): boolean {
  return commandLine(pid).includes("esbuild");
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

function sockets(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSocket())
    .map((entry) => join(entry.parentPath, entry.name));
}
