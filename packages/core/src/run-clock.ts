// For programs that a module starts: light to import, without the rest of this package.
export type { Clock } from "./clock.ts";
export { clockOfRun } from "./clock-base.ts";
