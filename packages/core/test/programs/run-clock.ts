import { clockOfRun } from "../../src/run-clock.ts";

// What the clock of this process counts from.
const clock = clockOfRun();
const looks = Array.from({ length: 100 }, () => clock.now() - Number(process.hrtime.bigint()) / 1e6);
console.log(Math.max(...looks));
