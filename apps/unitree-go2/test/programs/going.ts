import { setTimeout as sleep } from "node:timers/promises";
import { Dimos } from "@dimos/porcelain";

// Sends the robot to a place, and says what came of it: `going.ts ENDPOINT TOKEN X,Y...`. With several places it goes
// there and back for as long as it lives, whatever is answered.
const AGAIN_MS = 50;
const [endpoint, token, ...places] = process.argv.slice(2) as [string, string, ...string[]];
const app = await Dimos.connect({ endpoint, token });
do {
  for (const place of places) {
    const [x, y] = place.split(",").map(Number) as [number, number];
    try {
      process.send?.(await app.skills.navigateTo({ x, y }));
    } catch (error) {
      process.send?.({ code: (error as { readonly code?: unknown }).code });
      await sleep(AGAIN_MS);
    }
  }
} while (places.length > 1);
await app.disconnect();
process.disconnect();
