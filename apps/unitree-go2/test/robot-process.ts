import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Dimos } from "@dimos/porcelain";
import { TruthWatch } from "./truth-watch.ts";

/** The coordinator of the robot's run. */
const PROGRAM = fileURLToPath(new URL("./programs/robot-run.ts", import.meta.url));

/** A robot in a run of its own, whose coordinator a test may stop, with a client and the truth of its simulator. */
export async function startRobotProcess(env: NodeJS.ProcessEnv = {}) {
  const program = spawn(process.execPath, ["--conditions=@dimos/source", PROGRAM], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(program, "exit");
  const ended = exited.then(() => Promise.reject(new Error("The run did not start: see its error above")));
  ended.catch(() => {});
  const [runId] = (await Promise.race([once(createInterface(program.stdout), "line"), ended])) as [string];
  const app = await Dimos.connect({ run: runId });
  const watch = await TruthWatch.open(runId);
  return {
    app,
    watch,
    program,
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]();
      await app.disconnect();
      program.kill("SIGCONT");
      program.stdin.end();
      await exited;
    },
  };
}
