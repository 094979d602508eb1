import { hasBrand, MODULE, REF_SPEC } from "../brand.ts";
import type { RemoteMethods } from "./remote-methods.ts";

/** A reference by what it can do: any module that has these methods satisfies it. */
export interface RefSpec<T = unknown, Optional extends boolean = boolean> {
  readonly [REF_SPEC]: true;
  /** Methods the target must have; empty for a reference by class. */
  readonly methods: readonly string[];
  /** The module class that is wanted, or undefined for a reference by methods. */
  readonly module: RefModule | undefined;
  readonly optional: Optional;
  /** Only for types. */
  readonly target?: T;
}

/** What a reference needs of a module class: its declaration and its instance type. */
export interface RefModule<T = unknown> {
  new (...args: never[]): T;
  readonly [MODULE]: object;
}

export type RefTarget = RefModule | RefSpec;

/**
 * A reference by methods: `spec<{ setGoal(pose: PoseStamped): Promise<boolean> }>()("setGoal")`.
 * The type comes first, then the names that are looked for when modules are wired.
 */
export function spec<T extends object>(): (...methods: Array<keyof T & string>) => RefSpec<T, false> {
  return (...methods) =>
    Object.freeze({
      [REF_SPEC]: true as const,
      methods: Object.freeze(methods),
      module: undefined,
      optional: false as const,
    });
}

/** A reference that may stay `undefined` when no module satisfies it. */
export function optional<T>(target: RefModule<T>): RefSpec<T, true>;
export function optional<T>(target: RefSpec<T>): RefSpec<T, true>;
export function optional<T>(target: RefModule<T> | RefSpec<T>): RefSpec<T, true> {
  return Object.freeze({ ...(normalizeRef(target) as RefSpec<T>), optional: true as const });
}

export function normalizeRef(target: RefTarget): RefSpec {
  if (hasBrand(target, REF_SPEC)) return target as RefSpec;
  return Object.freeze({ [REF_SPEC]: true as const, methods: [], module: target as RefModule, optional: false });
}

/** The type of `this.<ref>` for a reference. */
export type RefOf<R> =
  R extends RefSpec<infer T, infer Optional>
    ? Optional extends true
      ? RemoteMethods<T> | undefined
      : RemoteMethods<T>
    : R extends RefModule<infer T>
      ? RemoteMethods<T>
      : never;
