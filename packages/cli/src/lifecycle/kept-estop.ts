import { ESTOP_VARIABLE } from "@dimos/core/runs";

/** Takes out of the environment why the emergency stop of the run before was latched: it is for one run. */
export function takeKeptEstop(env: NodeJS.ProcessEnv): string | undefined {
  const { [ESTOP_VARIABLE]: reason } = env;
  delete env[ESTOP_VARIABLE];
  return reason;
}
