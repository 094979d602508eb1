import { NoSharedMemoryError } from "../../errors.ts";
import type { Logger } from "../../log/logger.ts";
import type { MemoryFaults } from "../../report/memory-faults.ts";
import { loadPosix, type Posix } from "./posix.ts";

/** Whether this process can share memory: found out when the first large payload comes. */
export class SharedMemory {
  readonly #log: Logger;
  readonly #loadPosix: () => Promise<Posix>;
  #loading: Promise<Posix | undefined> | undefined;
  #posix: Posix | undefined;
  #lastId = 0;
  #isFullReported = false;
  readonly #faults = new Map<string, number>();
  #whyNot: unknown;

  constructor(log: Logger, load: () => Promise<Posix> = loadPosix) {
    this.#log = log;
    this.#loadPosix = load;
  }

  /** The calls that make it, once they are loaded; undefined until then, and where there are none. */
  get posix(): Posix | undefined {
    if (this.#loading === undefined) void this.load();
    return this.#posix;
  }

  load(): Promise<Posix | undefined> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Rejects with why memory cannot be shared. */
  async require(topic: string): Promise<void> {
    if ((await this.load()) === undefined) throw new NoSharedMemoryError(topic, this.#whyNot);
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** It did not work: large payloads go over sockets from now on. */
  giveUp(why: string, error: unknown): undefined {
    this.#posix = undefined;
    this.#whyNot = error;
    this.#log.info(`Large messages go over the socket: ${why}`, { err: error });
    return undefined;
  }

  /** Subscribers hold all slots of a topic. Said once. */
  full(topic: string): void {
    if (this.#isFullReported) return;
    this.#isFullReported = true;
    this.#log.info(`Subscribers of ${topic} hold all of its shared memory: what comes meanwhile goes over the socket`);
  }

  /** The memory of a topic held what cannot be right. */
  faulted(topic: string): void {
    this.#faults.set(topic, (this.#faults.get(topic) ?? 0) + 1);
  }

  /** How often that was so, for each topic of which it ever was. */
  get faults(): MemoryFaults {
    return Object.fromEntries(this.#faults);
  }

  async #load(): Promise<Posix | undefined> {
    try {
      this.#posix = await this.#loadPosix();
      return this.#posix;
    } catch (error) {
      return this.giveUp("memory cannot be shared here", error);
    }
  }
}
