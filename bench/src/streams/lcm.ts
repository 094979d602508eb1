import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../installed.ts";
import { type LineProcess, startLineProcess } from "../line-process.ts";

const SOURCE = fileURLToPath(new URL("../peers/stream_lcm.c", import.meta.url));

/** Compiled into `directory`; or the reason why there is no LCM here. */
export async function startLcm(directory: string): Promise<LineProcess | string> {
  const compiler = findProgram("cc");
  if (compiler === undefined) return "no C compiler";
  const program = join(directory, "stream-lcm");
  try {
    execFileSync(compiler, ["-O2", SOURCE, "-o", program, "-llcm"], { stdio: "ignore" });
  } catch {
    return "liblcm-dev is not installed";
  }
  return startLineProcess(program, []);
}
