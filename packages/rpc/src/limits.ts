/** Defaults that both sides share. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;
export const TCP_HEARTBEAT_MS = 1_200;
/** The longest time a timer takes: Node lets longer ones fire at once. */
export const MAX_TIMER_MS = 0x7fff_ffff;
