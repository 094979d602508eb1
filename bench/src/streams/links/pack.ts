import { Packr } from "msgpackr";

const packr = new Packr({ moreTypes: true, structuredClone: true });

/** MessagePack as all peers use it that need a codec. */
export const pack = (value: unknown): Buffer => packr.pack(value);
export const unpack = (bytes: Uint8Array): unknown => packr.unpack(bytes);
