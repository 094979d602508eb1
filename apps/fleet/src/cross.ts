import "./module-types.ts";
import type { Odometry } from "@dimos/msgs";
import type { Dimos } from "@dimos/porcelain";
import type { Go2Connection, NavigationSkills } from "@dimos/unitree-go2";

type Truth = Awaited<ReturnType<Go2Connection["groundTruth"]>>;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What became of one robot, held against the ground truth. Metres. */
export interface Crossed {
  readonly robot: string;
  readonly result: Awaited<ReturnType<NavigationSkills["navigateTo"]>>;
  readonly truth: Truth;
  /** From where it truly stands to where it was sent. */
  readonly missedBy: number;
  /** How often it let the other one go first. */
  readonly waits: number;
  readonly track: readonly Point[];
}

/** Sends each robot to where the other one stands, both at once. */
export async function cross(app: Dimos): Promise<[Crossed, Crossed]> {
  const [first, second] = await Promise.all([
    app.getModule("robot0/Go2Connection").groundTruth(),
    app.getModule("robot1/Go2Connection").groundTruth(),
  ]);
  return Promise.all([drive(app, "robot0", second.pose), drive(app, "robot1", first.pose)]);
}

async function drive(app: Dimos, robot: "robot0" | "robot1", { x, y }: Point): Promise<Crossed> {
  const track: Point[] = [];
  const leave = await app.subscribe(`${robot}/groundTruth`, (message) => {
    const { position } = (message as Odometry).pose.pose;
    track.push({ x: position.x, y: position.y });
  });
  const result = await app.getModule(`${robot}/NavigationSkills`).navigateTo({ x, y });
  leave();
  const truth = await app.getModule(`${robot}/Go2Connection`).groundTruth();
  const { waits } = await app.getModule(`${robot}/RightOfWay`).state();
  return { robot, result, truth, missedBy: Math.hypot(truth.pose.x - x, truth.pose.y - y), waits, track };
}
