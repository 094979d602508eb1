/** A received message: nobody may change it, because others hold the same object. Typed arrays have no readonly form. */
export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends ArrayBufferView | ArrayBuffer | Date | RegExp
    ? T
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;
