import type { Go2Simulator } from "./go2-simulator.ts";
import type { RobotBody } from "./robot-body.ts";

/**
 * So many ticks without a word, 2 s, and a neighbour is not there any more. Ticks and not time, because a process that was
 * held up has had no chance to hear anything.
 */
const PATIENCE_TICKS = 100;

interface Heard {
  silentTicks: number;
  wasTouching: boolean;
}

/**
 * Brings what other robots of the world tell about themselves into the simulation of one. Of two that simulate the same
 * people and carts, the one whose name comes first is right about them.
 */
export class NeighbourWatch {
  readonly #instance: string;
  readonly #simulator: Go2Simulator;
  readonly #warn: (text: string) => void;
  readonly #heard = new Map<string, Heard>();

  constructor(instance: string, simulator: Go2Simulator, warn: (text: string) => void) {
    this.#instance = instance;
    this.#simulator = simulator;
    this.#warn = warn;
  }

  hear({ instance, world, pose, height, touches, traffic }: RobotBody): void {
    if (instance === this.#instance || world !== this.#simulator.world.plan.name) return;
    const before = this.#heard.get(instance);
    this.#simulator.neighbours.show(instance, pose, height);
    if (before === undefined && this.#simulator.overlaps(instance)) {
      this.#warn(`${this.#instance} and ${instance} stand in the same place. Give them other start poses.`);
      this.#simulator.touchedBy(instance);
    }
    const wasTouching = touches === this.#instance;
    if (wasTouching && before?.wasTouching !== true) this.#simulator.touchedBy(instance);
    this.#heard.set(instance, { silentTicks: 0, wasTouching });
    if (this.#leader() === instance) this.#simulator.traffic.take(traffic);
  }

  /** Who is silent for too long disappears. To be called 50 times a second. */
  tick(): void {
    for (const [instance, heard] of this.#heard) {
      if (++heard.silentTicks <= PATIENCE_TICKS) continue;
      this.#heard.delete(instance);
      this.#simulator.neighbours.hide(instance);
      this.#warn(`Nothing has been heard of ${instance} for 2 s: it is not in the world of ${this.#instance} any more`);
    }
  }

  #leader(): string {
    return [this.#instance, ...this.#heard.keys()].reduce((first, name) => (name < first ? name : first));
  }
}
