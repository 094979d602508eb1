import type { RequestId } from "@modelcontextprotocol/server";

/** So many are remembered; the oldest is forgotten first. */
const KEPT = 256;

/** Ids of requests that were seen lately. */
export class RecentIds {
  readonly #ids = new Set<RequestId>();

  add(id: RequestId): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > KEPT && oldest !== undefined) this.#ids.delete(oldest);
  }

  has(id: RequestId): boolean {
    return this.#ids.has(id);
  }

  /** Whether it was remembered. */
  delete(id: RequestId): boolean {
    return this.#ids.delete(id);
  }
}
