/**
 * - `UNKNOWN_WORLD`: no world of this name, no such file
 * - `MALFORMED_WORLD`: the world file is not JSON, or does not describe a world
 * - `START_BLOCKED`: the robot cannot stand where it should start, or an obstacle was put where it stands
 * - `BAD_COMMAND`: a velocity or a time step that is not a finite number, or a command from a client that does not drive
 *   the robot
 * - `BAD_GOAL`: a goal that is not a finite pose
 * - `BAD_BODY`: a size of the robot that is none
 * - `BAD_MAP`: a map whose size or resolution makes no sense
 * - `BAD_OBSTACLE`: not a box that could be put into the simulated world
 * - `NO_DRIVER`: an address of a real robot, which nothing here can drive yet
 * - `NOT_CONNECTED`: the connection module has not started
 * - `PLANNER_SILENT`: a goal was given to the planner, which then said nothing more
 * - `UNKNOWN_PLACE`: no place of this name has been tagged, nor has the world one
 * - `MALFORMED_PLACES`: the file of places is not JSON, or has none
 * - `PLACES_NOT_KEPT`: the file of places cannot be written
 * - `NOTHING_TO_PATROL`: no tagged places, and too little known floor for a round
 * - `NOT_SIMULATED`: asked for what only a simulation knows
 */
export type Go2ErrorCode =
  | "UNKNOWN_WORLD"
  | "MALFORMED_WORLD"
  | "START_BLOCKED"
  | "BAD_COMMAND"
  | "BAD_GOAL"
  | "BAD_BODY"
  | "BAD_MAP"
  | "BAD_OBSTACLE"
  | "NO_DRIVER"
  | "NOT_CONNECTED"
  | "PLANNER_SILENT"
  | "UNKNOWN_PLACE"
  | "MALFORMED_PLACES"
  | "PLACES_NOT_KEPT"
  | "NOTHING_TO_PATROL"
  | "NOT_SIMULATED";

/**
 * Every error that this package throws on purpose. No `DimosError`: the process of a simulated robot throws it too, and
 * starts without the packages of dimos.
 */
export class Go2Error extends Error {
  override readonly name = "Go2Error";
  readonly code: Go2ErrorCode;

  constructor(code: Go2ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
