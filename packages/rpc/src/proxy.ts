import { inspect } from "node:util";
import { PathError } from "./errors.ts";
import { checkPath } from "./path.ts";
import { printable } from "./printable.ts";
import { PROBES } from "./probes.ts";
import type { Remote } from "./remote.ts";
import { didYouMean } from "./suggest.ts";

/** What a proxy stands for. It knows nothing of how calls travel. */
export interface ProxyTarget {
  readonly name: string;
  /** The declared methods just now. Asked at every use, so that a handle outlives what it stands for. */
  methods(): readonly string[];
  call(method: string, args: readonly unknown[]): Promise<unknown>;
  read(path: readonly string[]): Promise<unknown>;
  /** Calls what is not declared. Without it, that is refused. */
  callPath?(path: readonly string[], args: readonly unknown[]): Promise<unknown>;
  /** What `console.log` shows, `printable` already. Default: name and methods. */
  inspect?(): string;
  /** Members with a value here, which need no call. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * A handle to an object in another process. Declared methods are functions; any other property is a path that `await`
 * reads. Whatever else a program does with an object (print, compare, list, convert, await) is answered here.
 */
export function createProxy<T>(target: ProxyTarget): Remote<T> {
  const functions = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  const method = (name: string) => {
    let call = functions.get(name);
    if (call === undefined) {
      call = (...args) => target.call(name, args);
      Object.defineProperty(call, "name", { value: name });
      functions.set(name, call);
    }
    return call;
  };
  // The same path every time, for those who compare members by identity.
  const paths = new Map<string, unknown>();
  const path = (key: string) => {
    if (!paths.has(key)) paths.set(key, pathProxy(target, [key]));
    return paths.get(key);
  };
  const local = (key: string): { value: unknown } | undefined => {
    if (target.properties !== undefined && Object.hasOwn(target.properties, key))
      return { value: target.properties[key] };
    // A handle that can be awaited would vanish when an async function returns it.
    if (key !== "then" && target.methods().includes(key)) return { value: method(key) };
    return undefined;
  };
  const describe = () =>
    target.inspect?.() ?? printable(`<Remote ${target.name} methods=[${target.methods().join(", ")}]>`);
  const keys = () => [...new Set([...Object.keys(target.properties ?? {}), ...target.methods()])];

  return new Proxy(shown({}, describe), {
    get(_, key) {
      if (typeof key === "symbol") return symbolMember(key, describe, () => target.name);
      const own = local(key);
      if (own !== undefined) return own.value;
      return PROBES.has(key) ? probe(key, target.name) : path(key);
    },
    has: (_, key) => typeof key === "string" && local(key) !== undefined,
    ownKeys: keys,
    getOwnPropertyDescriptor(_, key) {
      const own = typeof key === "string" ? local(key) : undefined;
      return own && { value: own.value, enumerable: true, configurable: true, writable: false };
    },
    ...readOnly(() => target.name),
  }) as Remote<T>;
}

function pathProxy(target: ProxyTarget, path: readonly string[]): unknown {
  const place = () => `${target.name}.${path.join(".")}`;
  const read = async () => {
    checkPath(path);
    return await target.read(path);
  };
  const call = async (args: readonly unknown[]) => {
    checkPath(path);
    if (target.callPath !== undefined) return await target.callPath(path, args);
    const hint = path.length === 1 ? didYouMean(path.join(), target.methods()) : "";
    const remedy = "Declare it as a remote method, or turn on debugCalls";
    throw new PathError("PATH_REFUSED", `${place()} is not a declared method.${hint} ${remedy}.`);
  };
  const describe = () => printable(`<RemotePath ${place()} (await it to read)>`);
  // An arrow function can be called, and never constructed.
  return new Proxy(
    shown(() => {}, describe),
    {
      get(_, key) {
        if (typeof key === "symbol") return symbolMember(key, describe, place);
        if (key === "then")
          return <A, B>(done: (value: unknown) => A, failed: (error: unknown) => B) => read().then(done, failed);
        if (key === "catch") return <B>(failed: (error: unknown) => B) => read().catch(failed);
        if (key === "finally") return (settled: () => void) => read().finally(settled);
        return PROBES.has(key) ? probe(key, place()) : pathProxy(target, [...path, key]);
      },
      apply: (_, _receiver, args: unknown[]) => call(args),
      has: () => false,
      ownKeys: () => [],
      getOwnPropertyDescriptor: () => undefined,
      ...readOnly(place),
    },
  );
}

/** Node's inspect looks past the traps, at the target itself. */
function shown<T extends object>(target: T, describe: () => string): T {
  return Object.defineProperty(target, inspect.custom, { value: describe, configurable: true });
}

function symbolMember(key: symbol, describe: () => string, name: () => string): unknown {
  if (key === Symbol.toPrimitive) return name;
  if (key === Symbol.toStringTag) return "Remote";
  return key === inspect.custom ? describe : undefined;
}

/** What everybody asks of any object: the language's own methods, and nothing at all for the rest. */
function probe(key: string, name: string): unknown {
  if (key === "toJSON" || key === "toString" || key === "toLocaleString") return () => name;
  return Object.hasOwn(Object.prototype, key) ? Object.prototype[key as keyof object] : undefined;
}

function readOnly(name: () => string): ProxyHandler<object> {
  const refuse = (_: object, key?: unknown): never => {
    const what = typeof key === "string" ? `.${key}` : "";
    const why = "it stands for an object in another process, and cannot be changed from here. Call a method instead";
    throw new PathError("PATH_REFUSED", `${name()}${what} is read-only: ${why}.`);
  };
  return {
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  };
}
