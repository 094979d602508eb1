import { didYouMean } from "@dimos/rpc";
import { hasBrand, MODULE, REF_SPEC } from "../brand.ts";
import { ModuleSpecError } from "../errors.ts";
import { isMessageType } from "../message.ts";
import { portType } from "./port-type.ts";
import type { RefSpec } from "./refs.ts";
import type { ModuleSpec } from "./spec.ts";

const SPEC_KEYS: ReadonlySet<string> = new Set<keyof ModuleSpec>([
  "source",
  "name",
  "config",
  "inputs",
  "outputs",
  "inouts",
  "refs",
  "dedicatedWorker",
  "group",
  "actuator",
  "essential",
  "swap",
  "restart",
  "ports",
]);

/** Names that `this` already has in every module. */
const RESERVED: ReadonlySet<string> = new Set([
  "instanceName",
  "log",
  "clock",
  "signal",
  "config",
  "build",
  "start",
  "stop",
  "onStop",
  "onEstop",
  "onHold",
  "frame",
  "spawn",
  "constructor",
  "then",
]);

/** Refuses a spec that cannot work, where the class is declared: the stack points at the line. */
export function checkSpec(spec: ModuleSpec): void {
  if (typeof spec?.source !== "string" || !(spec.source.startsWith("file:") || spec.source.startsWith("/"))) {
    throw new ModuleSpecError(
      'A module needs "source: import.meta.url", the file that exports its class: workers import it from there',
    );
  }
  for (const key of Object.keys(spec)) {
    if (!SPEC_KEYS.has(key))
      throw new ModuleSpecError(`Module spec in ${spec.source} has no field "${key}".${didYouMean(key, SPEC_KEYS)}`);
  }
  if (spec.group !== undefined && (spec.dedicatedWorker === true || spec.actuator === true)) {
    throw new ModuleSpecError(
      `Module spec in ${spec.source}: a module has a worker of its own or shares one with its group "${spec.group}", not both`,
    );
  }
  const seen = new Set<string>();
  for (const name of memberNames(spec)) {
    if (RESERVED.has(name))
      throw new ModuleSpecError(
        `Module spec in ${spec.source}: "${name}" is a member of every module; choose another name`,
      );
    if (seen.has(name))
      throw new ModuleSpecError(
        `Module spec in ${spec.source}: "${name}" is declared twice; ports and refs need different names`,
      );
    seen.add(name);
  }
  for (const [name, port] of Object.entries({ ...spec.inputs, ...spec.outputs, ...spec.inouts })) {
    if (!isMessageType(port) && !isMessageType((port as { type?: unknown } | undefined)?.type)) {
      throw new ModuleSpecError(
        `Module spec in ${spec.source}: port "${name}" needs a message type, made with message(name, schema)`,
      );
    }
  }
  for (const [name, target] of Object.entries(spec.refs ?? {})) checkRef(spec, name, target);
}

/** Whatever goes into an actuator is a command to it: one that is told again moves the robot when nobody means it to. */
export function checkCommands(spec: ModuleSpec): void {
  if (spec.actuator !== true) return;
  for (const [name, port] of Object.entries({ ...spec.inputs, ...spec.inouts })) {
    const { type, qos } = portType(port);
    if (qos.latched !== true) continue;
    const short = type.name.slice(type.name.lastIndexOf("/") + 1);
    throw new ModuleSpecError(
      `Module spec in ${spec.source}: input "${name}" of an actuator is latched (${type.name}), but an actuator gets nothing that was published before it started, or before an emergency stop was reset. Write { type: ${short}, qos: { ...${short}.qos, latched: false } }, or take it in a module that is no actuator`,
    );
  }
}

/** A reference to nothing would be satisfied by every module. */
function checkRef(spec: ModuleSpec, name: string, target: unknown): void {
  const isClass = typeof target === "function" && hasBrand(target, MODULE);
  const ref = hasBrand(target, REF_SPEC) ? (target as RefSpec) : undefined;
  if (isClass || (ref !== undefined && (ref.module !== undefined || ref.methods.length > 0))) return;
  throw new ModuleSpecError(
    `Module spec in ${spec.source}: reference "${name}" needs a module class, or spec<T>()("method") with the methods it calls. Two files that import each other see no class yet: use spec there`,
  );
}

/** The spec of a module that builds on another: its own fields win, ports and references are joined. */
export function mergeSpecs(base: ModuleSpec, spec: ModuleSpec): ModuleSpec {
  return {
    ...base,
    ...spec,
    inputs: { ...base.inputs, ...spec.inputs },
    outputs: { ...base.outputs, ...spec.outputs },
    inouts: { ...base.inouts, ...spec.inouts },
    refs: { ...base.refs, ...spec.refs },
  };
}

function memberNames(spec: ModuleSpec): string[] {
  return [spec.inputs, spec.outputs, spec.inouts, spec.refs].flatMap((members) => Object.keys(members ?? {}));
}

/** True for a class made by `Module(spec)` itself, false for the author's class that extends it. */
export function isModuleFactory(target: object): boolean {
  return Object.hasOwn(target, MODULE) && hasBrand(target, MODULE);
}
