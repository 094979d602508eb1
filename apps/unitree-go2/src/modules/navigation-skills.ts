import { Module, optional, rpc, skill, spec } from "@dimos/core";
import { degreesFromRadians, wrapAngle } from "@dimos/msgs";
import { z } from "zod";
import { type Place, PlaceBook } from "../places/place-book.ts";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import type { NavigationGoal } from "../planning/navigation.ts";
import { GOAL_TIMEOUT_S } from "../planning/planner-constants.ts";
import { currentPose, freshPose } from "./current-pose.ts";
import { followGoal } from "./follow-goal.ts";
import { APPROXIMATELY, toleranceOfMove } from "./move-tolerance.ts";
import { NavigationResult, NavigationState } from "./navigation-messages.ts";
import { OwnOdometry } from "./own-ports.ts";
import { ReplanningAStarPlanner } from "./replanning-a-star-planner.ts";
import { standstill } from "./standstill.ts";

/** Whoever knows places by name: the connection, when it simulates a world that has some. */
interface KnowsPlaces {
  worldPlaces(): Promise<[name: string, pose: PlanarPose][]>;
}

const Goal = z
  .strictObject({
    place: z.string().min(1).optional().describe("name of a place, see listLocations; instead of x and y"),
    x: z.number().optional().describe("metres"),
    y: z.number().optional().describe("metres"),
    yaw: z.number().optional().describe("heading on arrival, radians counter-clockwise from x; left out: any"),
  })
  .refine(
    ({ place, x, y }) =>
      place === undefined ? x !== undefined && y !== undefined : x === undefined && y === undefined,
    {
      error: "give either the name of a place, or x and y",
    },
  );

/** It is printed on terminals: nothing that steers them. */
const PlaceName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => !/\p{Cc}/u.test(name), { error: "a name has no control characters" });

/** Going to places on the map, naming them, and stopping. */
export class NavigationSkills extends Module({
  source: import.meta.url,
  config: z.object({
    placesFile: z.string().optional().describe("tagged places are kept in this file; left out: until the run ends"),
  }),
  inputs: { odom: OwnOdometry, navigationState: NavigationState, navigationResult: NavigationResult },
  refs: { planner: ReplanningAStarPlanner, world: optional(spec<KnowsPlaces>()("worldPlaces")) },
}) {
  readonly #places = new PlaceBook(this.config.placesFile);

  override async start() {
    await this.#places.load();
    if (this.world !== undefined) this.#places.offer(await this.world.worldPlaces());
  }

  /** Goes to a place by its name, or by coordinates in metres, round what is in the way. */
  navigateTo = skill(
    {
      description: `Go to a place on the map, round what is in the way: by its name, or by x and y in metres in the frame of the odometry. ${APPROXIMATELY}`,
      input: Goal,
      uses: ["movement"],
      timeoutMs: (GOAL_TIMEOUT_S + 20) * 1000,
    },
    async (input, { signal, progress }) => {
      const goal = this.#goal(input);
      const start = await freshPose(this.odom, this.clock, signal);
      const { status, error } = await followGoal(this, goal, { timeoutS: GOAL_TIMEOUT_S }, { signal, progress });
      const end = await currentPose(this.odom);
      return {
        status,
        moved: planarDistance(start, end),
        distanceLeft: planarDistance(end, goal),
        ...(goal.yaw === undefined ? {} : { degreesLeft: degreesFromRadians(wrapAngle(goal.yaw - end.yaw)) }),
        tolerance: toleranceOfMove(),
        ...(error === undefined ? {} : { error }),
      };
    },
  );

  /** Gives the place where the robot stands a name, for navigateTo. */
  tagLocation = skill(
    {
      description: "Give the place where the robot stands, and the way it faces, a name for navigateTo.",
      input: z.object({ name: PlaceName }),
    },
    async ({ name }, { signal }) => {
      const pose = await freshPose(this.odom, this.clock, signal);
      const replaced = await this.#places.tag(name, pose);
      return { ...inDegrees(this.#places.find(name)), replaced };
    },
  );

  /** The places that navigateTo knows by name. */
  listLocations = skill({ description: "The places that navigateTo knows by name, metres and degrees." }, () =>
    this.#places.list().map(inDegrees),
  );

  /** Places by name, radians; all of them when none are named. Rejects for a name that is unknown. */
  findPlaces = rpc(async (names: readonly string[] = []): Promise<Place[]> => {
    return names.length === 0 ? this.#places.list() : names.map((name) => this.#places.find(name));
  });

  /** Gives up whatever the robot is going for and halts. Returns once it stands. */
  stopMovement = skill(
    { description: "Give up whatever the robot is going for and halt. Returns once it stands." },
    async (_input, { signal }) => {
      const hadGoal = await this.planner.cancelGoal();
      return { hadGoal, ...(await standstill(this.odom, this.clock, signal)) };
    },
  );

  #goal({ place, x, y, yaw }: z.infer<typeof Goal>): NavigationGoal {
    if (place === undefined) return { x: x as number, y: y as number, ...(yaw === undefined ? {} : { yaw }) };
    const found = this.#places.find(place);
    return { x: found.x, y: found.y, yaw: yaw ?? found.yaw };
  }
}

function inDegrees({ name, x, y, yaw, origin }: Place) {
  return { name, x, y, yawDegrees: degreesFromRadians(yaw), origin };
}
