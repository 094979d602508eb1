import { FrameError } from "../errors.ts";
import { ARRAY_BUFFER_KIND, BYTE_KINDS, DATA_VIEW_KIND, VIEW_FROM_BYTES } from "./extensions.ts";

type TypedArrayConstructor = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView;
};

/** The typed array, `ArrayBuffer` or `DataView` of a kind byte. Large aligned ones are views of the frame, without a copy. */
export function bytesOfKind(kind: number, bytes: Uint8Array, isOwned: boolean): ArrayBufferView | ArrayBuffer {
  if (kind === ARRAY_BUFFER_KIND) return copy(bytes);
  if (kind === DATA_VIEW_KIND) return new DataView(copy(bytes));
  const name = BYTE_KINDS[kind];
  if (name === undefined) throw new FrameError(`${kind} is not a kind of typed array`);
  const Kind = (globalThis as unknown as Record<string, TypedArrayConstructor | undefined>)[name];
  if (Kind === undefined) throw new FrameError(`this version of Node has no ${name}`);
  const size = Kind.BYTES_PER_ELEMENT;
  if (bytes.length % size !== 0) throw new FrameError(`${bytes.length} bytes are no whole number of ${name} elements`);
  const isView = bytes.length >= VIEW_FROM_BYTES && bytes.byteOffset % size === 0 && (isOwned || ownsItsMemory(bytes));
  return isView
    ? new Kind(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / size)
    : new Kind(copy(bytes), 0, bytes.length / size);
}

/** Whether the memory behind is all but these bytes: not a pool that others write to, nor a much larger message. */
function ownsItsMemory(bytes: Uint8Array): boolean {
  return bytes.buffer.byteLength - bytes.length < bytes.length / 8;
}

function copy(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
