/** Shorter lists are as fast one by one. */
export const LIST_LENGTH = 4;
const MAX_BYTES = 4096;
const MAX_LISTS = 16;
/** A list that has changed so often is likely to change again. */
const MAX_CHANGES = 8;

/** An array of texts, and its bytes on the wire without the token in front. */
export interface TextList {
  texts: readonly string[];
  bytes: Uint8Array;
  words: Int32Array;
  /** What came last, be it this list or not: only what has come twice is kept. */
  lastLength: number;
  lastBytes: number;
  changes: number;
}

const NO_TEXTS = { texts: [], bytes: new Uint8Array(0), words: new Int32Array(0) };

/** Lists of texts that come again from message to message, such as names of joints: the first of each message, the second, ... */
export class TextLists {
  readonly #lists: TextList[] = [];
  #count = 0;

  /** A message begins. */
  begin(): void {
    this.#count = 0;
  }

  /** The bytes of the next list of this message, if it is the one that came in its place before. */
  bytesOf(array: readonly unknown[]): Uint8Array | undefined {
    const list = this.#lists[this.#count++];
    if (list === undefined || list.texts.length !== array.length) return undefined;
    const { texts } = list;
    for (let i = 0; i < texts.length; i++) if (texts[i] !== array[i]) return undefined;
    return list.bytes;
  }

  /** The list that came in the place of this message's next one before, if it stands there. */
  listAt(length: number, view: DataView, at: number, end: number): TextList | undefined {
    const list = this.#lists[this.#count++];
    if (list === undefined || list.texts.length !== length || at + list.bytes.length > end) return undefined;
    const { bytes, words } = list;
    for (let i = 0; i < words.length; i++) if (view.getInt32(at + i * 4, true) !== words[i]) return undefined;
    for (let i = words.length * 4; i < bytes.length; i++) if (view.getUint8(at + i) !== bytes[i]) return undefined;
    return list;
  }

  /** Remembers an array that was not known, and stands there. */
  came(array: readonly unknown[], memory: Uint8Array, start: number, end: number): void {
    const place = Math.min(this.#count, this.#lists.length + 1) - 1;
    if (place >= MAX_LISTS) return;
    this.#lists[place] ??= { ...NO_TEXTS, lastLength: 0, lastBytes: 0, changes: 0 };
    const list = this.#lists[place];
    const isAgain = list.lastLength === array.length && list.lastBytes === end - start;
    list.lastLength = array.length;
    list.lastBytes = end - start;
    if (!isAgain || list.lastBytes > MAX_BYTES || list.changes === MAX_CHANGES) return;
    const texts: string[] = [];
    for (const text of array) if (typeof text === "string") texts.push(text);
    if (texts.length !== array.length) return;
    list.changes++;
    list.texts = texts;
    list.bytes = Uint8Array.prototype.slice.call(memory, start, end);
    const view = new DataView(list.bytes.buffer, list.bytes.byteOffset, list.bytes.byteLength);
    list.words = Int32Array.from({ length: list.lastBytes >> 2 }, (_, i) => view.getInt32(i * 4, true));
  }
}
