import { ENTRY_CHECK } from "./mailbox-layout.ts";

/** What the last word of an entry has to be: the exclusive or of those before it. */
export function entryCheck(words: Uint32Array, entry: number): number {
  let check = 0;
  for (let word = entry; word < entry + ENTRY_CHECK; word++) check ^= words[word] as number;
  return check >>> 0;
}
