import { afterEach, beforeEach, expect, it } from "vitest";
import { FaultSystem } from "./fault-system.ts";
import { FAULTS } from "./faults.ts";
import { Seeded } from "./seeded.ts";
import { Traffic } from "./traffic.ts";

const COUNT = Number(process.env.DIMOS_FAULTS ?? Object.keys(FAULTS).length);
const SEED = Number(process.env.DIMOS_FAULT_SEED ?? 5);
/** Workers get so much memory that filling it takes less than a second. */
const HEAP = "--max-old-space-size=96";

beforeEach(() => void process.execArgv.push(HEAP));
afterEach(() => void process.execArgv.pop());

it(`comes back whole after each of ${COUNT} random faults, seed ${SEED}`, {
  timeout: 20_000 + COUNT * 10_000,
}, async () => {
  const random = new Seeded(SEED);
  const target = await FaultSystem.start();
  await using _ = target.system;
  await target.settled();
  const traffic = new Traffic(target.system, new Seeded(SEED + 1));
  const names = Object.keys(FAULTS);
  const recoveries: { readonly name: string; readonly tookMs: number }[] = [];
  for (let index = 0; index < COUNT; index++) {
    // Each kind once, then at random.
    const name = names[index] ?? random.pick(names);
    try {
      await FAULTS[name]?.(target, random);
      recoveries.push({ name, tookMs: await target.settled() });
      expect(traffic.overdue, "calls pending past their deadline").toBe(0);
    } catch (error) {
      throw new Error(`Fault ${index + 1} (${name}) of seed ${SEED}: ${(error as Error).message}`, { cause: error });
    }
  }
  traffic.stop();
  await expect.poll(() => traffic.pending, { timeout: 10_000 }).toBe(0);
  expect({ late: traffic.late, twice: traffic.twice }).toEqual({ late: [], twice: [] });
  process.stderr.write(summary(recoveries, traffic));
});

it("is noticed when a module stays down: the check of the system can fail", async () => {
  const target = await FaultSystem.start();
  await using system = target.system;
  await system.unloadModule("Watcher");
  await expect(target.settled(200)).rejects.toThrow("The system did not recover: Watcher is missing");
});

function summary(recoveries: readonly { readonly name: string; readonly tookMs: number }[], traffic: Traffic): string {
  const byName = Map.groupBy(recoveries, ({ name }) => name);
  const lines = [...byName].map(([name, all]) => {
    const times = all.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    const [median, max] = [times[(times.length - 1) >> 1], times.at(-1)].map((time) => Math.round(time ?? 0));
    return `  ${name.padEnd(18)} ${String(all.length).padStart(3)}   recovered after ${median} ms (p50), ${max} ms (max)`;
  });
  const head = `${recoveries.length} faults, seed ${SEED}; ${traffic.calls} calls, ${traffic.rejected} rejected, 0 never settled, 0 run twice`;
  return `${[head, ...lines].join("\n")}\n`;
}
