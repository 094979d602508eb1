/** Longer timers fire at once in Node. */
export const MAX_TIMER_MS = 0x7fff_ffff;
