import { readFileSync } from "node:fs";
import { Dimos } from "@dimos/porcelain";
import { unitreeGo2Agentic } from "../src/index.ts";

// What the whole stack takes of a core in real time: `node --conditions=@dimos/source bench/stack-cpu.ts`, Linux only.

const TICKS_PER_SECOND = 100;
const LIMIT_PERCENT = 25;

await using app = new Dimos({ nWorkers: 8, consoleLevel: "silent" });
await app.run(unitreeGo2Agentic);
const names = new Map(app.listModules().map(({ pid, instance }) => [pid, instance]));
names.set(process.pid, "this program");

await app.skills.wait({ seconds: 3 }); // compiled code, first maps
await measure("standing", () => app.skills.wait({ seconds: 20 }));
await measure("on its way to (12, 2)", () => app.skills.navigateTo({ x: 12, y: 2 }));
await measure("and back", () => app.skills.navigateTo({ x: 2, y: 5 }));

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const [before, startMs] = [processorSeconds(), performance.now()];
  await work();
  const [after, elapsed] = [processorSeconds(), (performance.now() - startMs) / 1000];
  const percent = [...names.keys()].map((pid) => (100 * ((after.get(pid) ?? 0) - (before.get(pid) ?? 0))) / elapsed);
  const parts = [...names.values()].map((name, i) => `${name} ${percent[i]?.toFixed(1)}`);
  const total = percent.reduce((sum, share) => sum + share, 0);
  console.log(`${what}, ${elapsed.toFixed(0)} s: ${total.toFixed(1)} % of a core (at most ${LIMIT_PERCENT} %)`);
  console.log(`  ${parts.join(", ")}`);
}

/** User and system time of each process so far, from /proc/PID/stat. */
function processorSeconds(): Map<number, number> {
  return new Map([...names.keys()].map((pid) => [pid, ticksOf(pid) / TICKS_PER_SECOND]));
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
