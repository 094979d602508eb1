/** Up to here, looking at each is faster than a table. */
const FEW = 16;

/** The objects of one message by order of appearance. */
export class SeenObjects {
  readonly #few: (object | undefined)[] = [];
  #many: Map<object, number> | undefined;
  #count = 0;

  /** The number of an object that came before; undefined for a new one, which gets the next. */
  number(object: object): number | undefined {
    const few = this.#few;
    const count = this.#count;
    const compared = count < FEW ? count : FEW;
    for (let index = 0; index < compared; index++) if (few[index] === object) return index;
    if (count < FEW) few[count] = object;
    else {
      this.#many ??= new Map();
      const known = this.#many.get(object);
      if (known !== undefined) return known;
      this.#many.set(object, count);
    }
    this.#count = count + 1;
    return undefined;
  }

  /** Holds on to nothing any more. */
  clear(): void {
    const used = Math.min(this.#count, FEW);
    for (let index = 0; index < used; index++) this.#few[index] = undefined;
    this.#many = undefined;
    this.#count = 0;
  }
}
