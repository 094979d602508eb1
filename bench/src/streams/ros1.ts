import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../installed.ts";
import { type LineProcess, startLineProcess } from "../line-process.ts";
import { startOwnedProgram } from "../owned-program.ts";
import { freePort } from "./free-port.ts";

const SOURCE = fileURLToPath(new URL("../peers/stream_ros1.cpp", import.meta.url));
const LIBRARIES = ["roscpp", "rosconsole", "roscpp_serialization", "rostime", "pthread"];

/** Compiled into `directory`, with a master of its own; or the reason why there is no ROS 1 here. */
export async function startRos1(directory: string, stack: AsyncDisposableStack): Promise<LineProcess | string> {
  const compiler = findProgram("c++");
  const master = findProgram("rosmaster");
  if (compiler === undefined) return "no C++ compiler";
  if (master === undefined) return "python3-rosmaster is not installed";
  const program = join(directory, "stream-ros1");
  try {
    execFileSync(compiler, ["-O1", SOURCE, "-o", program, ...LIBRARIES.map((name) => `-l${name}`)], {
      stdio: "ignore",
    });
  } catch {
    return "libroscpp-dev or libstd-msgs-dev is not installed";
  }
  const port = await freePort();
  const logging = join(directory, "rosconsole.config");
  writeFileSync(logging, "log4j.logger.ros=FATAL\n");
  const env = {
    ROS_MASTER_URI: `http://127.0.0.1:${port}`,
    ROS_HOSTNAME: "127.0.0.1",
    ROS_HOME: join(directory, "ros"),
    ROS_LOG_DIR: join(directory, "ros"),
    // A publisher that is up before its master says so, and goes on.
    ROSCONSOLE_CONFIG_FILE: logging,
  };
  stack.use(startOwnedProgram(master, ["--core", "-p", String(port)], env));
  // It waits for its master, and says when publisher and subscriber have found each other.
  return startLineProcess(program, [], env);
}
