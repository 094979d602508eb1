/** So much may wait for one reader that keeps all. Who awaits `publish` never comes near it. */
export const BACKLOG_MESSAGES = 16_384;
const BACKLOG_BYTES = 64 * 1024 * 1024;

/**
 * What waits for a reader that keeps all, of publishers that do not await `publish`: they cannot be held back, and memory
 * has an end. What is above that is refused, in favour of what waits already: so there is one gap, and nothing out of order.
 */
export class Backlog {
  readonly #onOverrun: () => void;
  #messages = 0;
  #bytes = 0;
  #isReported = false;

  /** @param onOverrun told once, and again when the reader had caught up meanwhile */
  constructor(onOverrun: () => void) {
    this.#onOverrun = onOverrun;
  }

  /** Whether the message may wait; it is counted then. */
  admit(message: unknown): boolean {
    if (this.#messages < BACKLOG_MESSAGES && this.#bytes < BACKLOG_BYTES) {
      this.#messages++;
      this.#bytes += arrayBytes(message);
      return true;
    }
    if (!this.#isReported) this.#onOverrun();
    this.#isReported = true;
    return false;
  }

  /** A message that was admitted waits no longer. */
  leave(message: unknown): void {
    this.#messages--;
    this.#bytes -= arrayBytes(message);
    if (this.#messages === 0) this.#isReported = false;
  }
}

/** What makes messages large are arrays right inside of them: images, scans, maps. */
function arrayBytes(message: unknown): number {
  if (typeof message !== "object" || message === null) return 0;
  let bytes = 0;
  for (const value of Object.values(message)) if (ArrayBuffer.isView(value)) bytes += value.byteLength;
  return bytes;
}

/** What a log says of that. */
export function overrunText(topic: string): string {
  return `A subscriber of ${topic} that keeps all has fallen ${BACKLOG_MESSAGES} messages or ${BACKLOG_BYTES / 1024 ** 2} MB behind: what is published now is lost to it. Await publish(), which waits for it, or choose another QoS`;
}
