import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FakeClock, whyNoFaketime } from "../clock/faketime.ts";
import { callers } from "./callers.ts";
import { clockConditions } from "./clocks.ts";
import type { Condition } from "./condition.ts";
import { emergencies } from "./emergencies.ts";
import { fights } from "./fights.ts";
import { BusyMachine, loadNow, untilUnder } from "./load.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { processes } from "./processes.ts";
import { failuresOf, ResultsFile, type Sample, timesOf } from "./results.ts";
import { Robot } from "./robot.ts";
import { tableOf, withTable } from "./table.ts";

// How long a walking robot takes to stand when something goes wrong: `pnpm test:safety`.

const DOCS = fileURLToPath(new URL("../../../../docs/safety.md", import.meta.url));
/** The bounds hold below this load. */
const QUIET_LOAD = 2;

const options = parseOptions(process.argv.slice(2));
const directory = mkdtempSync(join(tmpdir(), "dimos-ground-truth-"));
const clock = new FakeClock(join(directory, "clock"));
const clockEnv = clock.env;
const conditions = [...callers, ...processes, ...clockConditions(clock), ...emergencies, ...fights];
const chosen = conditions.filter(
  ({ id }) => options.conditions.length === 0 || options.conditions.some((name) => id.startsWith(name)),
);
const results = new ResultsFile(options.results);
const tell = (text: string) => void process.stderr.write(`${text}\n`);
let robot: Robot | undefined;
let robotEnv: FakeClock["env"] | undefined;
let isInterrupted = false;

try {
  process.exitCode = await main();
} catch (error) {
  tell(String((error as Error).message));
  process.exitCode = 1;
} finally {
  await endRobot();
  rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<number> {
  if (options.does === "help") return say(USAGE);
  if (chosen.length === 0) throw new Error(`No condition is called ${options.conditions.join(" or ")}: see --list.`);
  if (options.does === "list") return say(chosen.map(({ id, what }) => `${id.padEnd(28)}${what}`).join("\n"));
  const isGood = options.does === "table" || (await measureAll(options));
  const table = tableOf(conditions, results);
  if (options.writes) writeFileSync(DOCS, withTable(readFileSync(DOCS, "utf8"), table));
  else say(table);
  tell(`Every sample: ${results.path}`);
  return isGood ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

async function measureAll({ load }: Options): Promise<boolean> {
  process.env.DIMOS_STATE_DIR = join(directory, "state");
  process.env.XDG_RUNTIME_DIR = directory;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      isInterrupted = true;
      tell("Ends after this trial. What was measured is kept: go on with --continue.");
    });
  await using busy = load === undefined ? undefined : new BusyMachine(load);
  await busy?.untilBusy(tell);
  let isGood = true;
  for (const condition of chosen) isGood = (await measure(condition)) && isGood;
  return isGood && !isInterrupted;
}

async function measure(condition: Condition): Promise<boolean> {
  const { id, boundMs, needsClock = false } = condition;
  const column = options.load !== undefined ? "busy" : options.anyLoad ? "any" : "quiet";
  if (isInterrupted) return false;
  if (options.continues && timesOf(results.of(id, column)).length >= options.trials) return true;
  const whyNot = needsClock ? whyNoFaketime({ ...process.env, DIMOS_FAKETIME: "1" }) : undefined;
  if (whyNot !== undefined) {
    tell(`${id} is left out: ${whyNot}.`);
    return true;
  }
  const samples: Sample[] = [];
  process.stderr.write(id.padEnd(28));
  while (samples.length < options.trials && !isInterrupted) {
    const sample = await tryOnce(condition);
    samples.push(sample);
    results.put(id, column, samples);
    process.stderr.write("failed" in sample ? " failed" : ` ${Math.round(sample.stoodMs)}`);
  }
  const failures = failuresOf(samples);
  const isLate = column === "quiet" && timesOf(samples).some((ms) => ms > boundMs);
  tell(isLate ? ` ms: more than ${boundMs} ms` : " ms");
  for (const failure of failures) tell(`  failed: ${failure}`);
  return !isLate && failures.length === 0;
}

async function tryOnce(condition: Condition): Promise<Sample> {
  const env = condition.needsClock ? clockEnv : undefined;
  // Those that need a clock of their own share another run.
  if (robotEnv !== env) await endRobot();
  robotEnv = env;
  robot ??= await Robot.start(env);
  if (options.load === undefined && !options.anyLoad) await untilUnder(QUIET_LOAD, tell);
  const load = loadNow();
  try {
    const { stoodMs, endsRun = false } = await condition.trial(robot);
    if (endsRun || robot.isWorn) await endRobot();
    else await robot.ready();
    return { load, stoodMs };
  } catch (error) {
    await endRobot();
    return { load, failed: (error as Error).message };
  }
}

async function endRobot(): Promise<void> {
  const ended = robot;
  robot = undefined;
  await ended?.[Symbol.asyncDispose]();
}
