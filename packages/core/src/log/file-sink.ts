import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { renameIfThere, rotatedPath, shiftRotated } from "./rotation.ts";

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Appends lines to a file, at once, and starts a new one when it is full. A full disk never stops the robot: lines that
 * cannot be written are counted, and the count is written as a line of its own as soon as writing works again.
 */
export class FileSink {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #onLoss: (error: unknown) => void;
  #descriptor: number | undefined;
  #size = 0;
  #lost = 0;
  /** A disk that was full took the beginning of a line. */
  #isTorn = false;

  /** @param onLoss called with the first line that is lost, and again when one is lost after others were written */
  constructor(path: string, maxBytes: number = DEFAULT_MAX_BYTES, onLoss: (error: unknown) => void = () => {}) {
    this.#path = path;
    this.#onLoss = onLoss;
    this.#maxBytes = maxBytes;
  }

  write(line: string): void {
    try {
      if (this.#size > this.#maxBytes) this.#rotate();
      const descriptor = this.#open();
      if (this.#isTorn) this.#append(descriptor, "\n");
      if (this.#lost > 0) {
        this.#append(descriptor, lostLine(this.#lost));
        this.#lost = 0;
      }
      this.#append(descriptor, line);
    } catch (error) {
      this.#lost++;
      if (this.#lost === 1) this.#onLoss(error);
    }
  }

  #append(descriptor: number, line: string): void {
    const bytes = Buffer.from(line);
    for (let written = 0; written < bytes.length; ) {
      // A disk that takes a part of it says why with the rest.
      if (written > 0) this.#isTorn = true;
      const more = writeSync(descriptor, bytes, written);
      written += more;
      this.#size += more;
    }
    this.#isTorn = false;
  }

  #open(): number {
    if (this.#descriptor === undefined) {
      this.#descriptor = openSync(this.#path, "a+", 0o600);
      this.#size = fstatSync(this.#descriptor).size;
    }
    return this.#descriptor;
  }

  #rotate(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#size = 0;
    shiftRotated(this.#path);
    renameIfThere(this.#path, rotatedPath(this.#path, 1));
  }
}

function lostLine(lost: number): string {
  return `${JSON.stringify({ level: "warn", time: new Date().toISOString(), pid: process.pid, msg: `${lost} log lines could not be written` })}\n`;
}
