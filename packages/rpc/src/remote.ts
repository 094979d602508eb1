/** Without types everything is possible, and nothing is an error. */
// biome-ignore lint/suspicious/noExplicitAny: `unknown` would forbid what untyped programs are for
type Anything = any;

/** Members of every promise; a deep path has them itself. */
type Steps<V> = V extends (...args: infer A) => infer R
  ? (...args: A) => Promise<Awaited<R>>
  : V extends readonly (infer E)[]
    ? { readonly [index: number]: RemotePath<E> }
    : V extends object
      ? { readonly [K in keyof V as K & string]: RemotePath<V[K]> }
      : unknown;

/** A property somewhere inside an object of another process: `await` reads it there, a further name goes deeper. */
export type RemotePath<V> = 0 extends 1 & V ? Anything : PromiseLike<V> & Steps<NonNullable<V>>;

/**
 * What a handle to a `T` in another process offers: methods become functions that return promises, everything else
 * becomes an awaitable path that can be extended.
 */
export type Remote<T> = 0 extends 1 & T
  ? Anything
  : {
      readonly [K in keyof T as K & string]: T[K] extends (...args: infer A) => infer R
        ? (...args: A) => Promise<Awaited<R>>
        : RemotePath<T[K]>;
    };
