import { radiansFromDegrees } from "@dimos/msgs";
import { ROBOT_WIDTH_M, ROTATION_DIAMETER_M } from "../simulator/body.ts";

/** Default of `GlobalPlanner._safeGoalClearance`: the robot can turn on the spot. */
export const SAFE_GOAL_CLEARANCE_M = ROTATION_DIAMETER_M / 2;
/** Breadth of the search for a safe place near a goal that is none. */
export const SAFE_GOAL_SEARCH_RADIUS_M = 4;

/** The centre of the robot keeps this far from obstacles. */
export const INFLATION_M = 1.1 * ROBOT_WIDTH_M;
/** Nearer to an obstacle than this, cells cost more the nearer they are. */
export const COMFORT_M = 0.8;
/** Cost of a cell nobody has seen, where 0 is free and 1 the edge of the inflation. */
export const UNKNOWN_COST = 0.8;
/** A metre through cells of cost 1 is worth this many metres more of free way. */
export const COST_WEIGHT = 10;
/** Within this distance of start and goal the robot may be nearer to obstacles than the inflation. */
export const TIGHT_ENDS_M = 0.6;

/**
 * A robot that can reach no more than this area may be somewhere that it came into, but that the noise of the map has
 * closed. So far around it the way out may be this tight.
 */
export const SHUT_IN_M2 = 20;
export const ESCAPE_RADIUS_M = 1.5;
export const ESCAPE_CLEARANCE_M = 0.26;

/** Farther outside the map than this a goal is refused. */
export const MAX_BEYOND_MAP_M = 10;
/** Default of what is driven to without any map: goals this near. */
export const MAPLESS_RANGE_M = 3;
/** How long a farther goal waits for the first map. */
export const MAP_WAIT_S = 5;

export const PATH_SPACING_M = 0.1;
/** Off the path by more than this: a new plan. */
export const REPLAN_DEVIATION_M = 0.9;
/** Obstacles on the path nearer than this: a new plan. */
export const LOOK_AHEAD_M = 3;
/** How much the distance to an obstacle changes from map to map. */
export const MAP_NOISE_M = 0.08;
/** A path stays good as long as it keeps this distance to obstacles. */
export const PATH_CLEARANCE_M = INFLATION_M - MAP_NOISE_M;
/** Shortest time between two plans. */
export const REPLAN_PERIOD_S = 0.5;
/** Where no way leads to the goal, another place to end must be nearer to it by this much. */
export const WORTH_CHANGING_M = 0.2;
/** No way for so long: blocked. */
export const BLOCKED_PATIENCE_S = 3;

/** A goal without a time of its own is given up after this. */
export const GOAL_TIMEOUT_S = 300;

/** Less than `STUCK_RADIUS_M` in `STUCK_TIME_S`, and less than `STUCK_TURN_RAD` of a turn that was asked for: stuck. */
export const STUCK_TIME_S = 8;
export const STUCK_RADIUS_M = 0.4;
export const STUCK_TURN_RAD = radiansFromDegrees(45);

/** What counts as reached. */
export const GOAL_TOLERANCE_M = 0.2;
export const HEADING_TOLERANCE_RAD = radiansFromDegrees(15);
/** What the robot tries for, so that drift and coasting do not spoil what was reached. */
export const ARRIVAL_M = 0.05;
export const ARRIVAL_HEADING_RAD = radiansFromDegrees(5);
/** Within tolerance for so long is good enough. */
export const SETTLE_S = 3;

/** Farther than this no robot comes from tick to tick, not even while the planner is held up: its commands are soon too old. */
export const ODOMETRY_JUMP_M = 1;
/** A robot that moves less than this from tick to tick stands. */
export const STANDING_STILL_M = 0.005;
/** The result of a goal waits for the robot to stand no longer than this. */
export const STOPPING_S = 1;

/** Over the last metres the robot steps, and does not steer. */
export const ARRIVING_M = 0.4;
/** How far ahead on the path the robot steers, and how far in narrow places. */
export const STEER_AHEAD_M = 0.5;
export const STEER_AHEAD_NARROW_M = 0.3;
/** Goals this near behind the robot, with its heading kept, are walked to backwards. */
export const BACKWARDS_M = 1.5;

export const WALKING_SPEED_MPS = 0.55;
/** Below this clearance a place is narrow. */
export const NARROW_M = 0.42;
export const NARROW_SPEED_MPS = 0.35;
