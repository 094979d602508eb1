import { z } from "zod";
import { Module, message, type PortCheck, rpc } from "../src/index.ts";

const Spot = message("test/Spot", z.object({ x: z.number(), frame: z.string() }), {
  check: ({ x }) => (x >= 0 ? undefined : `x is ${x}; give a positive one`),
});

const inOwnFrame: PortCheck<{ frame: string }> = ({ frame }, own) =>
  frame === own("odom") ? undefined : `not ${own("odom")}`;

/** Takes spots in its own frame. */
export class Strict extends Module({
  source: import.meta.url,
  inputs: { spot: { type: Spot, checks: [inOwnFrame] } },
}) {
  spots = rpc(async () => ({ latest: this.spot.latest(), refused: this.spot.refused }));
}

/** Takes the same. */
export class Careful extends Module({
  source: import.meta.url,
  inputs: { spot: { type: Spot, checks: [inOwnFrame] } },
}) {}

/** Takes all of them. */
export class Lenient extends Module({ source: import.meta.url, inputs: { spot: Spot } }) {
  spots = rpc(async () => ({ latest: this.spot.latest(), refused: this.spot.refused }));
}
