import { EXIT } from "./exit-codes.ts";

const LINGER_MS = 1_000;
const HANGUP = 129;
/** An older Node that has started this one passes on what it is told; so a signal to both comes twice, but at once. */
const PASSED_ON_WITHIN_MS = process.env.DIMOS_NODE_TRIED === undefined ? 0 : 250;

// The only file of the project's packages (but for a worker's own entry) that exits or catches signals.
process.stdout.on("error", outputFailed);
// Talk that nobody hears, on a closed terminal or pipe, is no reason to leave a robot without an orderly end.
process.stderr.on("error", () => {});

const interrupts = interruptSignals();

const { runCommandLine } = await import("./command-line.ts");
const exitCode = await runCommandLine(process.argv.slice(2), interrupts.signal);
// Leaving a terminal that is gone in any other way makes Node abort.
if (interrupts.exitCode === HANGUP) {
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}
process.exitCode = interrupts.exitCode ?? exitCode;
// The process ends by itself, unless something that a run left open keeps it: whoever waits for it is not kept.
setTimeout(() => process.exit(), LINGER_MS).unref();

/** Nobody is left to read the data (`dimos log | head`), or it cannot be written; of a closed terminal SIGHUP tells. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === "EIO") return;
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  process.stderr.write(`Error: The output cannot be written: ${error.message}\n`);
  process.exit(EXIT.failed);
}

/** The first signal asks for a graceful end, the second ends at once: workers notice that and end by themselves. */
function interruptSignals(): { readonly signal: AbortSignal; readonly exitCode: number | undefined } {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let firstMs = 0;
  const on = (name: NodeJS.Signals, code: number) => {
    process.on(name, () => {
      // A closed terminal says so more than once: the system and the shell both do.
      if (controller.signal.aborted && name === "SIGHUP") return;
      if (exitCode === code && performance.now() - firstMs < PASSED_ON_WITHIN_MS) return;
      if (controller.signal.aborted) process.exit(code);
      exitCode = code;
      firstMs = performance.now();
      controller.abort(new Error(name));
    });
  };
  on("SIGINT", EXIT.interrupted);
  on("SIGTERM", EXIT.terminated);
  on("SIGHUP", HANGUP);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
  };
}
