import { type DeepReadonly, Module } from "@dimos/core";
import { Bool, Twist } from "@dimos/msgs";

/** After the last command of a person, navigation has to wait this long. Milliseconds. */
const TELEOPERATION_HOLD_MS = 1000;
/** Commands older than this are not passed on. Milliseconds. */
const COMMAND_MAX_AGE_MS = 500;

const STANDSTILL: Twist = { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };

const VELOCITY = { type: Twist, qos: { ...Twist.qos, maxAgeMs: COMMAND_MAX_AGE_MS } };

/** Decides who drives: a person at the controls pre-empts navigation, and ends its goal. */
export class MovementManager extends Module({
  source: import.meta.url,
  inputs: { navCmdVel: VELOCITY, teleCmdVel: VELOCITY },
  outputs: { cmdVel: Twist, stopMovement: Bool },
}) {
  #personUntilMs = Number.NEGATIVE_INFINITY;

  override async start() {
    this.teleCmdVel.subscribe((command) => {
      const isTakingOver = this.clock.now() >= this.#personUntilMs;
      this.#personUntilMs = this.clock.now() + TELEOPERATION_HOLD_MS;
      if (isTakingOver) this.stopMovement.publish({ data: true });
      this.cmdVel.publish(command);
    });
    const navigate = (command: DeepReadonly<Twist>) => {
      if (this.clock.now() >= this.#personUntilMs) this.cmdVel.publish(command);
    };
    this.navCmdVel.subscribe(navigate);
    // Whatever sends a velocity that makes no sense is not to be followed on the one before it either.
    this.navCmdVel.onRefused(() => navigate(STANDSTILL));
    this.teleCmdVel.onRefused(() => this.cmdVel.publish(STANDSTILL));
    // Nor on the last velocity of what has crashed, until that is stale.
    this.navCmdVel.onSourceLost(() => navigate(STANDSTILL));
    this.teleCmdVel.onSourceLost(() => {
      if (this.clock.now() < this.#personUntilMs) this.cmdVel.publish(STANDSTILL);
    });
  }
}
