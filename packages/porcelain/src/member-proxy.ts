import { PROBES } from "@dimos/rpc";

/**
 * Serves members that a class does not have, from behind its prototype: instances need no wrapping, and their private
 * state works. Names that programs only probe for are answered with undefined.
 */
export function serveMembers(prototype: object, member: (instance: unknown, name: string) => unknown): void {
  const behind = new Proxy(Object.prototype, {
    get: (target, name, receiver: unknown) => {
      if (name in target) return Reflect.get(target, name, receiver);
      return typeof name === "symbol" || PROBES.has(name) ? undefined : member(receiver, name);
    },
  });
  Object.setPrototypeOf(prototype, behind);
}
