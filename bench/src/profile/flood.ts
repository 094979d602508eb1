import { startDimosRun } from "../streams/dimos-pair.ts";
import { measureFlood } from "../streams/pair.ts";
import type { Payload } from "../streams/payload.ts";

// A stream of dimos at full speed, for a profile: run by profile.ts, with the profiler on.
const [payload, mode, seconds] = process.argv.slice(2) as [Payload, "copy" | "loan" | "socket", string];
const run = await startDimosRun(1, mode === "socket" ? "socket" : "auto");
try {
  const pair = run.pair({ loan: mode === "loan" });
  await measureFlood(pair, payload, 200);
  console.log(await measureFlood(pair, payload, Number(seconds) * 1000));
} finally {
  await run[Symbol.asyncDispose]();
}
