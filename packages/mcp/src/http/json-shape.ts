/** As deep as a call may be nested. */
const MAX_DEPTH = 64;
/** Names of members, in all objects together. Each costs more than any other byte: the SDK looks at a message several times. */
const MAX_KEYS = 20_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Why a body is not even parsed. Four megabytes of nothing but structure would block the event loop for seconds, and with it
 * every module of this process. Says nothing about whether it is JSON.
 */
export function refusedShape(body: Uint8Array): string | undefined {
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) at = endOfString(body, at);
    else if (byte === COLON) keys += 1;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > MAX_DEPTH) return `A request may be nested ${MAX_DEPTH} levels deep at most`;
    if (keys > MAX_KEYS) return `A request may have ${MAX_KEYS} members of objects at most`;
  }
  return undefined;
}

function endOfString(body: Uint8Array, start: number): number {
  let at = body.indexOf(QUOTE, start + 1);
  while (at !== -1 && isEscaped(body, at)) at = body.indexOf(QUOTE, at + 1);
  return at === -1 ? body.length : at;
}

function isEscaped(body: Uint8Array, at: number): boolean {
  let backslashes = 0;
  while (body[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
