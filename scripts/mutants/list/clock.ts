import type { Mutant } from "../mutant.ts";

const CLOCK = "packages/core/src/clock.ts";
const BASE = "packages/core/src/clock-base.ts";
const SIMULATION = "packages/core/src/simulation-clock.ts";
const TESTS = ["packages/core/src/clock.test.ts"];
const SIMULATION_TESTS = ["packages/core/src/simulation-clock.test.ts"];

export const clock: readonly Mutant[] = [
  {
    file: CLOCK,
    find: "return this.#baseMs + monotonicMs();",
    replace: "return Date.now();",
    wrong: "stamps jump when a time server sets the host's clock, and a transform is looked up in the future",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "if (!Number.isFinite(baseMs)) throw",
    replace: "if (Number.isNaN(baseMs)) throw",
    wrong: "a worker whose clock has no base runs, with stamps of NaN or null",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "        clearTimeout(timer);\n        reject(signal?.reason);",
    replace: "        clearTimeout(timer);",
    wrong: "a skill that sleeps is not cancelled: it stays where it is for ever",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "      if (signal?.aborted === true) {\n        reject(signal.reason);\n        return;\n      }\n      const onAbort = () => {\n        clearTimeout",
    replace: "      const onAbort = () => {\n        clearTimeout",
    wrong: "a sleep after the cancellation is slept to its end, and the robot goes on meanwhile",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "if (signal?.aborted === true) return () => {};\n    const timer = setInterval",
    replace: "const timer = setInterval",
    wrong: "a loop that is begun after its skill was cancelled goes on sending velocities",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "      clearInterval(timer);\n",
    replace: "",
    wrong: "a control loop goes on after its module has stopped",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "clock.sleep(ms, { signal: own(options?.signal) })",
    replace: "clock.sleep(ms, { signal: options?.signal })",
    wrong: "a sleep of a module goes on after that has stopped",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "clock.interval(periodMs, tick, { signal: own(options?.signal) })",
    replace: "clock.interval(periodMs, tick, options)",
    wrong: "an interval of a module goes on after that has stopped",
    tests: TESTS,
  },
  {
    file: CLOCK,
    find: "AbortSignal.any([owner, signal])",
    replace: "signal",
    wrong: "a sleep with a signal of its own goes on after its module has stopped",
    tests: TESTS,
  },
  {
    file: BASE,
    find: "return Date.now() - monotonicMs();",
    replace: "return Date.now();",
    wrong: "stamps are off by the time since the host started",
    tests: TESTS,
  },
  {
    file: BASE,
    find: 'text.trim() === "" ? Number.NaN : Number(text)',
    replace: "Number(text)",
    wrong: "an empty base counts as 1970, and every stamp is old",
    tests: TESTS,
  },
  {
    file: SIMULATION,
    find: "timer.atMs < (this.#timers",
    replace: "timer.atMs <= (this.#timers",
    wrong: "what is due at one moment is done in another order each time: a simulation cannot be repeated",
    tests: SIMULATION_TESTS,
  },
  {
    file: SIMULATION,
    find: "Math.max(this.#nowMs, timer.atMs)",
    replace: "this.#nowMs",
    wrong: "simulated time stands while its timers fire",
    tests: SIMULATION_TESTS,
  },
  {
    file: SIMULATION,
    find: "timer.atMs <= endMs",
    replace: "timer.atMs < endMs",
    wrong: "what is due at the end of a step is a step late",
    tests: SIMULATION_TESTS,
  },
  {
    file: SIMULATION,
    find: "      timer = this.#add(periodMs, fire);\n      tick();",
    replace: "      tick();\n      timer = this.#add(periodMs, fire);",
    wrong: "an interval that is ended by its own tick goes on",
    tests: SIMULATION_TESTS,
  },
];
