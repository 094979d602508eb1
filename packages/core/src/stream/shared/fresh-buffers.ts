import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** After so many bytes of new buffers, those that are no longer needed are given back. */
const COLLECT_AFTER_BYTES = 8 * 1024 * 1024;
/**
 * V8 counts buffers as its own heap. Its limit, which is small in a worker and smaller after a pause, is soon reached by them,
 * and then it looks at everything every few messages: measured, a fifth of the speed. The first flag gives it the limit it
 * has for large heaps. With the others, buffers are given back before the next is needed, and no second thread is
 * waited for, which a machine that is busy does not have.
 */
const HEAP_FLAGS = ["--heap-growing-percent=300", "--no-parallel-scavenge", "--no-concurrent-array-buffer-sweeping"];
/** Getting and giving back memory of its own costs a message of this size more than its copy. */
const SMALL_BYTES = 96 * 1024;
const SLAB_BYTES = 512 * 1024;

/**
 * Buffers for what is copied out of shared memory. Nobody can tell when a message is no longer needed but the garbage
 * collector, which by itself comes only after so many buffers that each new one is cold memory, and then looks at
 * everything. Asked for its short form every few buffers, it gives back memory that is still in the processor's cache:
 * measured, half the time of the copy itself.
 */
export class FreshBuffers {
  #collect: (() => void) | undefined;
  #bytes = 0;
  #slab: Buffer<ArrayBuffer> | undefined;
  #slabAt = 0;

  /** Not filled: what is in it is anything. Begins at a multiple of eight in its memory, which small ones share. */
  take(bytes: number): Buffer<ArrayBuffer> {
    if (bytes > SMALL_BYTES) return this.#allocate(bytes);
    if (this.#slab === undefined || this.#slabAt + bytes > SLAB_BYTES) {
      this.#slab = this.#allocate(SLAB_BYTES);
      this.#slabAt = 0;
    }
    const start = this.#slabAt;
    this.#slabAt = Math.ceil((start + bytes) / 8) * 8;
    return this.#slab.subarray(start, start + bytes);
  }

  #allocate(bytes: number): Buffer<ArrayBuffer> {
    this.#bytes += bytes;
    if (this.#bytes > COLLECT_AFTER_BYTES) {
      this.#bytes = 0;
      this.#collect ??= minorCollection();
      this.#collect();
    }
    return Buffer.allocUnsafeSlow(bytes);
  }
}

/** Sets the heap up for buffers that come and go, and returns the call that gives them back. */
function minorCollection(): () => void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
  setFlagsFromString("--no-expose-gc");
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
  return () => collect({ type: "minor" });
}
