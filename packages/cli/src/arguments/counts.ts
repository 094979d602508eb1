import { UsageError } from "../errors.ts";

/** The number of `-n`, from 1; without one, `otherwise`. */
export function parseCount(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`-n takes a number, got "${text}"`);
  return Number(text);
}
