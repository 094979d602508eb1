import type { ExitCode } from "../exit-codes.ts";
import { takeRestarted } from "../lifecycle/restarted.ts";

/** `dimos run NAME...`: in the foreground until a signal comes, or with `--daemon` in a process of its own. */
export async function run(argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const remark = takeRestarted(process.env);
  const isHelp = argv.includes("--help") || argv.includes("-h");
  if (!argv.includes("--daemon") || isHelp) return runInForeground(argv, signal, remark);
  // Imported when the environment is clean: whoever inherits it is no daemon.
  const { Daemon } = await import("../lifecycle/daemon.ts");
  const daemon = Daemon.here(process.env);
  if (daemon === undefined) {
    const { startDaemon } = await import("../lifecycle/start-daemon.ts");
    return startDaemon(signal, remark);
  }
  const { runHere } = await import("../lifecycle/run-here.ts");
  try {
    return await runHere(argv, AbortSignal.any([signal, daemon.abandoned]), daemon);
  } catch (error) {
    const { describeError } = await import("../output/describe-error.ts");
    const { exitCodeOf } = await import("../exit-code-of.ts");
    await daemon.failed(describeError(error).text, exitCodeOf(error));
    throw error;
  }
}

async function runInForeground(
  argv: readonly string[],
  signal: AbortSignal,
  remark: string | undefined,
): Promise<ExitCode> {
  const { runHere } = await import("../lifecycle/run-here.ts");
  try {
    return await runHere(argv, signal);
  } catch (error) {
    if (remark === undefined) throw error;
    const { RestartFailedError } = await import("../errors.ts");
    throw new RestartFailedError(error, remark);
  }
}
