/**
 * - `unknown-world`: no world of this name, no such file
 * - `malformed-world`: the world file is not JSON, or does not describe a world
 * - `start-blocked`: the robot cannot stand where it should start, or an obstacle was put where it stands
 * - `bad-command`: a velocity or a time step that is not a finite number
 * - `bad-goal`: a goal that is not a finite pose
 * - `bad-body`: a size of the robot that is none
 * - `bad-map`: a map whose size or resolution makes no sense
 * - `bad-obstacle`: not a box that could be put into the simulated world
 * - `no-driver`: an address of a real robot, which nothing here can drive yet
 * - `not-connected`: the connection module has not started
 * - `planner-silent`: a goal was given to the planner, which then said nothing more
 * - `unknown-place`: no place of this name has been tagged, nor has the world one
 * - `malformed-places`: the file of places is not JSON, or has none
 * - `nothing-to-patrol`: no tagged places, and too little known floor for a round
 * - `not-simulated`: asked for what only a simulation knows
 */
export type Go2ErrorCode =
  | "unknown-world"
  | "malformed-world"
  | "start-blocked"
  | "bad-command"
  | "bad-goal"
  | "bad-body"
  | "bad-map"
  | "bad-obstacle"
  | "no-driver"
  | "not-connected"
  | "planner-silent"
  | "unknown-place"
  | "malformed-places"
  | "nothing-to-patrol"
  | "not-simulated";

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
