import type { LoadPhase } from "../errors.ts";

export interface LoadProgress {
  readonly phase: LoadPhase;
  readonly module: string;
  readonly done: number;
  readonly total: number;
}
