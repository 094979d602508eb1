import type { Lent } from "./shared/lent.ts";

/** Takes what a publisher sends; returns a promise when there is no room for more. */
export interface Arrivals {
  arrive(message: unknown, publishedMs: number, bytes: number): void | Promise<void>;
  arriveLent(lent: Lent, publishedMs: number, bytes: number): void | Promise<void>;
}
