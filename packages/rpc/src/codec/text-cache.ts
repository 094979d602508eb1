import { TextLists } from "./text-lists.ts";

/** A power of two. */
const SLOTS = 256;
const SLOT_SHIFT = 24;
/** So many bytes, with the token, can be in the cache; so many must be there to read at any place. */
export const CACHED_BYTES = 32;
const WORDS = CACHED_BYTES / 4;

/**
 * Short texts that come again from message to message: names of members above all. Each is known by the bytes it has on
 * the wire. The table has a fixed size, and a text may put another out of its slot: what a stranger sends costs no more
 * than that.
 */
export class TextCache {
  /** Whole arrays of texts. */
  readonly lists = new TextLists();
  readonly #texts: string[] = new Array<string>(SLOTS).fill("");
  /** The bytes of each text, its token in front, filled up with zeros. */
  readonly #words = new Int32Array(SLOTS * WORDS);
  /** The hash of what was last seen for a slot: only what comes a second time is kept. */
  readonly #hashes = new Int32Array(SLOTS);
  /** What was looked for last. */
  readonly #wanted = new Int32Array(WORDS);
  #wantedWords = 0;
  #wantedHash = 0;

  /** The text of so many bytes behind the token that stands there, if it is known; else `came` can tell what it is. */
  find(view: DataView, at: number, length: number): string | undefined {
    const wanted = this.#wanted;
    let hash = 0;
    let words = 0;
    for (let from = 0; from <= length; from += 4) {
      const rest = length + 1 - from;
      const bytes = view.getInt32(at + from, true);
      const word = rest < 4 ? bytes & ((1 << (rest * 8)) - 1) : bytes;
      hash = Math.imul(hash ^ word, 0x9e37_79b1);
      hash ^= hash >>> 15;
      wanted[words++] = word;
    }
    hash = Math.imul(hash, 0x85eb_ca6b);
    const slot = hash >>> SLOT_SHIFT;
    let word = 0;
    while (word < words && this.#words[slot * WORDS + word] === wanted[word]) word++;
    if (word === words) return this.#texts[slot];
    this.#wantedWords = words;
    this.#wantedHash = hash;
    return undefined;
  }

  /** Remembers what was looked for last, and not known. */
  came(text: string): void {
    const hash = this.#wantedHash;
    const slot = hash >>> SLOT_SHIFT;
    if (this.#hashes[slot] !== hash) {
      this.#hashes[slot] = hash;
      return;
    }
    this.#texts[slot] = internalized(text);
    for (let word = 0; word < this.#wantedWords; word++)
      this.#words[slot * WORDS + word] = this.#wanted[word] as number;
  }
}

/** The same text as the engine keeps names: it compares them by their address, and they hold on to no longer text they are part of. */
function internalized(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}
