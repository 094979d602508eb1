/** The methods of a module as another module sees them: every one returns a promise, nothing else is visible. */
export type RemoteMethods<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? Exclude<K, Lifecycle> : never]: T[K] extends (
    ...args: infer Args
  ) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** Members of every module that are never reachable from outside. */
export type Lifecycle = "build" | "start" | "stop" | "onStop" | "onEstop" | "onHold" | "frame";
