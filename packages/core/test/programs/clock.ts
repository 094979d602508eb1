import { monotonicMs } from "../../src/stream/delivery.ts";

// How far this process is off the clock that all share, milliseconds: the least of many looks, as it may be held up while it looks.
const off = Array.from({ length: 100 }, () => Math.abs(monotonicMs() - Number(process.hrtime.bigint()) / 1e6));
console.log(Math.min(...off));
