import { TextLists } from "./text-lists.ts";

/** A power of two. */
const SLOTS = 256;
const SLOT_SHIFT = 24;
/** Stands before the first text of a message. */
const ROOT = SLOTS;
/** So many bytes, with the token, can be in the cache; so many must be there to read or write at any place. */
export const CACHED_BYTES = 32;
const WORDS = CACHED_BYTES / 4;
const EMPTY_TOKEN = 0xa0;

/**
 * Short ASCII texts that come again from message to message: names of members above all. Each is known by the bytes it
 * has on the wire, and by the text that stood before it in an earlier message, so that most are found by one comparison.
 * The table has a fixed size, and a text may put another out of its slot: what a stranger sends costs no more than that.
 */
export class TextCache {
  /** Whole arrays of texts, by the name they stand behind: see `name`. */
  readonly lists = new TextLists();
  readonly #texts: string[] = new Array<string>(SLOTS).fill("");
  /** The bytes of each text, its token in front, filled up with zeros. */
  readonly #words = new Int32Array(SLOTS * WORDS);
  /** The first four of them, and which of those four there are. */
  readonly #firsts = new Int32Array(SLOTS).fill(EMPTY_TOKEN);
  readonly #masks = new Int32Array(SLOTS).fill(0xff);
  /** The hash of what was last seen for a slot: only what comes a second time is kept. */
  readonly #hashes = new Int32Array(SLOTS);
  /** What followed last time: the name behind a name, and the text behind any. */
  readonly #nextNames = new Uint8Array(SLOTS + 1);
  readonly #nextTexts = new Uint8Array(SLOTS + 1);
  readonly #wanted = new Int32Array(WORDS);
  #lastName = ROOT;
  #last = ROOT;

  /** A number for the last name. */
  get name(): number {
    return this.#lastName;
  }

  /** A message begins. */
  begin(): void {
    this.#lastName = ROOT;
    this.#last = ROOT;
  }

  /** Writes a text if it is the one that is expected; `CACHED_BYTES` must have room. */
  write(text: string, isName: boolean, view: DataView, at: number): boolean {
    const slot = this.#expected(isName);
    if (this.#texts[slot] !== text) return false;
    view.setInt32(at, this.#firsts[slot] as number, true);
    const length = text.length;
    if (length > 3) this.#writeRest(slot, length, view, at);
    this.#went(slot, isName);
    return true;
  }

  /** The text whose token stands there if it is known or short; undefined, with nothing done, when it has to be read otherwise. */
  read(isName: boolean, view: DataView, at: number): string | undefined {
    const slot = this.#expected(isName);
    if ((view.getInt32(at, true) & (this.#masks[slot] as number)) !== this.#firsts[slot])
      return this.#find(isName, view, at, undefined);
    const text = this.#texts[slot] as string;
    if (text.length > 3 && !this.#isRest(slot, text.length, view, at)) return this.#find(isName, view, at, undefined);
    this.#went(slot, isName);
    return text;
  }

  /** Remembers an ASCII text that was written there. */
  wrote(text: string, isName: boolean, view: DataView, at: number): void {
    this.#find(isName, view, at, text);
  }

  #expected(isName: boolean): number {
    return (isName ? this.#nextNames[this.#lastName] : this.#nextTexts[this.#last]) as number;
  }

  /** Goes on from a text, be it that it was expected or not. */
  #went(slot: number, isName: boolean): void {
    this.#last = slot;
    if (isName) this.#lastName = slot;
  }

  /** Writes what follows the first four bytes, filled up with zeros. */
  #writeRest(slot: number, length: number, view: DataView, at: number): void {
    let word = slot * WORDS + 1;
    for (let to = at + 4; to <= at + length; to += 4) view.setInt32(to, this.#words[word++] as number, true);
  }

  /** Whether what follows the first four bytes stands there. */
  #isRest(slot: number, length: number, view: DataView, at: number): boolean {
    let word = slot * WORDS + 1;
    let from = at + 4;
    const last = at + length - 3;
    for (; from <= last; from += 4) if (view.getInt32(from, true) !== this.#words[word++]) return false;
    const rest = at + length + 1 - from;
    return rest === 0 || (view.getInt32(from, true) & maskOf(rest)) === this.#words[word];
  }

  #find(isName: boolean, view: DataView, at: number, written: string | undefined): string | undefined {
    const token = view.getUint8(at);
    const length = token & 0x1f;
    if (token - length !== EMPTY_TOKEN) return undefined;
    const wanted = this.#wanted;
    let hash = 0;
    let high = 0;
    let words = 0;
    for (let from = 0; from <= length; from += 4) {
      const rest = length + 1 - from;
      const bytes = view.getInt32(at + from, true);
      const word = rest < 4 ? bytes & maskOf(rest) : bytes;
      hash = Math.imul(hash ^ word, 0x9e37_79b1);
      hash ^= hash >>> 15;
      high |= from === 0 ? word & ~0xff : word; // the token has its highest bit set
      wanted[words++] = word;
    }
    if ((high & 0x8080_8080) !== 0) return undefined;
    hash = Math.imul(hash, 0x85eb_ca6b);
    const slot = hash >>> SLOT_SHIFT;
    const known = this.#texts[slot] as string;
    if (wanted[0] === this.#firsts[slot] && (length <= 3 || this.#isRest(slot, length, view, at))) {
      this.#follows(slot, isName);
      return known;
    }
    const text = written ?? textOf(view, at + 1, length);
    if (this.#hashes[slot] === hash) {
      const kept = internalized(text);
      this.#texts[slot] = kept;
      this.#firsts[slot] = wanted[0] as number;
      this.#masks[slot] = length < 3 ? maskOf(length + 1) : -1;
      for (let word = 1; word < words; word++) this.#words[slot * WORDS + word] = wanted[word] as number;
      this.#follows(slot, isName);
      return kept;
    }
    this.#hashes[slot] = hash;
    return text;
  }

  #follows(slot: number, isName: boolean): void {
    if (isName) this.#nextNames[this.#lastName] = slot;
    else this.#nextTexts[this.#last] = slot;
    this.#went(slot, isName);
  }
}

/** The first bytes of a word in memory: 1 to 3. */
function maskOf(bytes: number): number {
  return (1 << (bytes * 8)) - 1;
}

function textOf(view: DataView, start: number, length: number): string {
  let text = "";
  for (let at = start; at < start + length; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
}

/** The same text as the engine keeps names: it compares them by their address, and they hold on to no longer text they are part of. */
function internalized(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}
