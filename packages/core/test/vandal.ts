import { readdirSync, readlinkSync, statSync } from "node:fs";
import type { Mapping, Posix } from "../src/stream/shared/posix.ts";

/** Shared memory of a publisher, as somebody else sees it who writes where they should not. */
export interface Vandalized {
  readonly words: Uint32Array;
  /** `/memfd:dimos:RUN:TOPIC (deleted)` */
  readonly name: string;
  readonly fd: number;
}

/** Maps all the memory that processes share as their publisher, and may write anything into it. */
export class Vandal implements Disposable {
  readonly #posix: Posix;
  readonly #mapped = new Map<string, Mapping & Vandalized>();

  constructor(posix: Posix) {
    this.#posix = posix;
  }

  /** The segments that a process has now. */
  segments(pid: number): Vandalized[] {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => this.#segment(pid, Number(fd)) ?? []);
  }

  [Symbol.dispose](): void {
    for (const mapping of this.#mapped.values()) this.#posix.unmap(mapping);
    this.#mapped.clear();
  }

  #segment(pid: number, fd: number): Vandalized | undefined {
    const path = `/proc/${pid}/fd/${fd}`;
    try {
      const name = readlinkSync(path);
      if (!name.startsWith("/memfd:dimos:")) return undefined;
      const { ino, size } = statSync(path);
      const known = this.#mapped.get(`${pid} ${ino}`);
      if (known !== undefined) return known;
      const mapping = this.#posix.openMemory(pid, fd, size);
      const segment = { ...mapping, words: new Uint32Array(mapping.buffer), name, fd };
      this.#mapped.set(`${pid} ${ino}`, segment);
      return segment;
    } catch {
      // Closed meanwhile.
      return undefined;
    }
  }
}
