import { z } from "zod";
import { Go2Error } from "../errors.ts";
import type { Box } from "../world/shape.ts";

/** A box to put into the simulated world: metres and radians in the frame `world`, upright on the floor. */
export const TestObstacle = z.strictObject({
  x: z.number(),
  y: z.number(),
  yaw: z.number().default(0),
  length: z.number().positive().default(0.5).describe("along its yaw"),
  width: z.number().positive().default(0.5),
  height: z.number().positive().default(0.8),
  label: z.string().default("box"),
});
export type TestObstacle = z.input<typeof TestObstacle>;

const COLOR = [196, 138, 74] as const;

/** The shape of an obstacle. Throws `Go2Error` for what is none. */
export function obstacleShape(obstacle: TestObstacle): Box {
  const parsed = TestObstacle.safeParse(obstacle);
  if (!parsed.success) {
    throw new Go2Error("BAD_OBSTACLE", `This is not an obstacle:\n${z.prettifyError(parsed.error)}`);
  }
  const { height, ...rest } = parsed.data;
  return { kind: "box", ...rest, bottom: 0, top: height, color: COLOR };
}
