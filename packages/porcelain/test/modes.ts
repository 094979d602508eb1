import { Dimos } from "../src/index.ts";
import { ServerProcess } from "./server-process.ts";
import { StressTest } from "./stress-test.ts";

/** One suite over all of them: modules in workers of this program, in this process, and in a system elsewhere. */
export const MODES = ["local", "in one process", "connected"] as const;
export type Mode = (typeof MODES)[number];

/** A `Dimos` on a system that runs `StressTest`. */
export async function openApp(mode: Mode) {
  if (mode === "connected") {
    const server = await ServerProcess.start();
    const app = await Dimos.connect();
    return { app, close: () => app.stop().then(() => server[Symbol.asyncDispose]()) };
  }
  const app = new Dimos({ consoleLevel: "silent", nWorkers: mode === "local" ? 1 : 0, stopTimeoutMs: 3000 });
  await app.run(StressTest);
  return { app, close: () => app.stop() };
}
