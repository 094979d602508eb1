import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WORD } from "../../src/stream/shared/mailbox-layout.ts";
import { loadPosix } from "../../src/stream/shared/posix.ts";
import { Seeded } from "../faults/seeded.ts";
import { socketDirectory } from "../socket-directory.ts";
import { Vandal } from "../vandal.ts";
import { writeRandomWord } from "./random-words.ts";
import { Sharing } from "./sharing.ts";

const SEEDS = Number(process.env.DIMOS_MEMORY_SEEDS ?? 1);
const FIRST_SEED = Number(process.env.DIMOS_MEMORY_SEED ?? 24);
const SECONDS = SEEDS === 1 ? 1 : 5;
const WORDS_A_TURN = 8;
/** Mailboxes that were at fault too often are not used any more: subscriptions begin anew, so that there are always some. */
const AGAIN_MS = 250;
/** K8, in processor time of the process itself. */
const MAX_HELD_UP_MS = 100;

let vandal: Vandal;
beforeAll(async () => {
  vandal = new Vandal(await loadPosix());
});
afterAll(() => vandal[Symbol.dispose]());

it.each(Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index))(
  "random words in shared memory end no process, hold none up, and leave no stream dead, seed %i (K8)",
  async (seed) => {
    const random = new Seeded(seed);
    await using resources = new AsyncDisposableStack();
    const { path } = resources.use(await socketDirectory());
    const publisher = resources.use(new Sharing("publish", path));
    const subscribers = [new Sharing("all", path), new Sharing("latest", path)];
    for (const subscriber of subscribers) resources.use(subscriber);
    const processes = [publisher, ...subscribers];
    const inUse = () => vandal.segments(publisher.pid).filter(({ words }) => (words[WORD.posted] as number) > 0);
    await expect.poll(() => inUse().length).toBe(2);
    await expect.poll(() => subscribers.every(({ report }) => report.count > 100)).toBe(true);
    for (const process of processes) process.ask("forget");
    let written = 0;
    const endMs = performance.now() + SECONDS * 1000;
    for (let againMs = 0; performance.now() < endMs; await sleep(1)) {
      for (const { words } of vandal.segments(publisher.pid))
        for (let count = 0; count < WORDS_A_TURN; count++, written++) writeRandomWord(words, random);
      if (performance.now() < againMs) continue;
      againMs = performance.now() + AGAIN_MS;
      for (const subscriber of subscribers) subscriber.ask("again");
    }
    const before = subscribers.map(({ report }) => report.count);
    const alive = () => subscribers.map(({ report }, index) => report.count > (before[index] as number) + 200);
    await expect
      .poll(() => [alive(), processes.map(({ end }) => end)])
      .toEqual([
        [true, true],
        [null, null, null],
      ]);
    const heldUp = processes.filter(({ report }) => report.heldUpMs >= MAX_HELD_UP_MS);
    expect(heldUp.map(({ name, report }) => `${name}: ${report.heldUpMs} ms`)).toEqual([]);
    // It was noticed, and said.
    expect(publisher.report.logged.filter((line) => line.includes("cannot be right"))).not.toEqual([]);
    expect(written).toBeGreaterThan(100);
  },
  120_000,
);
