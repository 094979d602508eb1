import { expect, it } from "vitest";
import { Linger } from "./linger.ts";

/** How many of these messages, each so long after the one before, were waited for. */
function waits(linger: Linger, from: number, messages: number, everyMs: number): number {
  let count = 0;
  for (let n = 0; n < messages; n++) {
    linger.came(from + n * everyMs);
    if (linger.goesOn(from + n * everyMs)) count++;
    linger.goesOn(from + (n + 1) * everyMs - 0.001);
  }
  return count;
}

it("waits for messages that come fast, and not for those of a camera", () => {
  expect(waits(new Linger(), 1000, 100, 0.1)).toBe(99);
  expect(waits(new Linger(), 1000, 100, 16)).toBe(0);
});

it("waits a moment only", () => {
  const linger = new Linger();
  linger.came(1000);
  linger.came(1000.1);
  expect([linger.goesOn(1000.1), linger.goesOn(1000.3), linger.goesOn(1000.5)]).toEqual([true, true, false]);
});

it("hardly ever waits where that is in vain, and always again once it was not", () => {
  const linger = new Linger();
  let inVain = 0;
  for (let pair = 0; pair < 1000; pair++) {
    // Two at once, and then nothing for long.
    linger.came(10 * pair);
    linger.came(10 * pair + 0.01);
    if (linger.goesOn(10 * pair + 0.01)) inVain++;
    linger.goesOn(10 * pair + 5);
  }
  expect(inVain).toBeLessThan(20);
  expect(waits(linger, 20_000, 1000, 0.1)).toBeGreaterThan(700);
});
