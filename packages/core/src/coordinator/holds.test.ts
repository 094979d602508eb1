import { setImmediate as turn } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { BEAT_MS } from "../worker/coordinator-watch.ts";
import type { Worker } from "../worker/worker.ts";
import { Holds } from "./holds.ts";

const REASON = "the coordinator did not answer";
const ended = new AbortController();
const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

afterAll(() => ended.abort());

/** A worker that notes what it is asked, and answers when it is told to. */
function worker(name: string) {
  const asked: string[] = [];
  const answer = Promise.withResolvers<void>();
  let beats = 0;
  const request = ({ type }: { readonly type: string }) => {
    asked.push(type);
    return type === "CancelMotion" ? answer.promise : Promise.resolve();
  };
  const beat = () => {
    beats += 1;
  };
  return { name, asked, answer, request, beat, beats: () => beats };
}

/** Legs in a worker of their own, and a planner in another one. */
function run(state: "running" | "restarting" = "running") {
  const [legs, planner] = [worker("legs"), worker("planner")];
  const module = (instance: string, actuator: boolean) =>
    [instance, { plan: { instance, shape: { actuator } }, state, worker: instance }] as const;
  const deployment = {
    modules: new Map([module("legs", true), module("planner", false)]),
    pool: { workers: [legs, planner], get: (name: string) => [legs, planner].find((other) => other.name === name) },
  };
  const latched: string[] = [];
  const latch = (reason: string) => void latched.push(reason);
  const holds = new Holds({ deployment: deployment as never, log, latch, signal: ended.signal });
  const take = (report: Parameters<Holds["take"]>[1]) => holds.take(legs as unknown as Worker, report);
  return { legs, planner, take, latched };
}

it("A robot that was held for long does not move before whatever drives it has forgotten its goal (K5a)", async () => {
  const { legs, planner, take } = run();
  take({ type: "HoldOver", heldMs: 2_300, reason: REASON, isOverdue: true });
  await turn();
  expect([legs.asked, planner.asked]).toEqual([["CancelMotion"], ["CancelMotion"]]);
  legs.answer.resolve();
  await turn();
  expect(legs.asked).toEqual(["CancelMotion"]);
  // One that has crashed meanwhile drives nothing any more.
  planner.answer.reject(new Error("it has ended"));
  await turn();
  expect([legs.asked, planner.asked]).toEqual([["CancelMotion", "ReleaseHold"], ["CancelMotion"]]);
});

it("A stop by an emergency socket of one robot stops the whole run, and a short hold nothing (I5, K5a)", async () => {
  const { legs, planner, take, latched } = run();
  take({ type: "Held", reason: REASON });
  take({ type: "HoldOver", heldMs: 300, reason: REASON, isOverdue: false });
  expect(latched).toEqual([]);
  take({ type: "Stopped", id: "1", reason: "a child in the way" });
  expect(latched).toEqual(["a child in the way"]);
  await turn();
  expect([legs.asked, planner.asked]).toEqual([[], []]);
});

it("An actuator that runs hears its coordinator often enough not to be held, and nobody else does (K5a)", async () => {
  const running = run();
  const starting = run("restarting");
  // Both are as late as this process is.
  await new Promise<void>((resolve) => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (ticks < 2) return;
      clearInterval(timer);
      resolve();
    }, BEAT_MS);
  });
  expect(running.legs.beats()).toBeGreaterThanOrEqual(1);
  expect(BEAT_MS).toBeLessThanOrEqual(300);
  expect([running.planner.beats(), starting.legs.beats()]).toEqual([0, 0]);
});
