import { expect, it } from "vitest";
import { SimulationClock } from "./simulation-clock.ts";

it("fires sleeps and intervals in the order of their time, and waits for what they set off", async () => {
  const clock = new SimulationClock();
  const events: string[] = [];
  const note = (name: string) => events.push(`${name}@${clock.now()}`);
  const stop = clock.interval(40, () => note("tick"));
  void (async () => {
    await clock.sleep(50);
    note("slept");
    await clock.sleep(10);
    note("slept again");
  })();
  await clock.advance(100);
  stop();
  await clock.advance(100);
  expect(events).toEqual(["tick@40", "slept@50", "slept again@60", "tick@80"]);
  expect(clock.now()).toBe(200);
});

it("does what is due at one moment in the order in which it was asked for, up to the end of a step", async () => {
  const clock = new SimulationClock();
  const events: string[] = [];
  const stop = clock.interval(10, () => events.push("interval"));
  for (const name of ["one", "two", "three"]) void clock.sleep(20).then(() => events.push(name));
  await clock.advance(19);
  expect(events).toEqual(["interval"]);
  await clock.advance(1);
  stop();
  // The interval asked for its second tick at 10.
  expect(events).toEqual(["interval", "one", "two", "three", "interval"]);
});

it("ends an interval that is ended by its own tick", async () => {
  const clock = new SimulationClock();
  let ticks = 0;
  const stop = clock.interval(10, () => {
    ticks++;
    stop();
  });
  await clock.advance(100);
  expect(ticks).toBe(1);
});

it("ends a sleep and an interval on abort", async () => {
  const clock = new SimulationClock();
  const abort = new AbortController();
  let ticks = 0;
  clock.interval(10, () => ticks++, { signal: abort.signal });
  const sleep = clock.sleep(100, { signal: abort.signal });
  const rejected = expect(sleep).rejects.toThrow("enough");
  await clock.advance(25);
  abort.abort(new Error("enough"));
  await clock.advance(100);
  await rejected;
  expect(ticks).toBe(2);
});

it("runs faster than real time until it is told to stop", async () => {
  const clock = new SimulationClock();
  const stop = new AbortController();
  const startedMs = performance.now();
  const running = clock.run(stop.signal);
  await clock.sleep(3_600_000);
  stop.abort();
  await running;
  expect(clock.now()).toBe(3_600_000);
  expect(performance.now() - startedMs).toBeLessThan(60_000);
});
