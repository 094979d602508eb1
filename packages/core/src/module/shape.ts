import { MODULE } from "../brand.ts";
import type { Qos } from "../qos.ts";
import { isModuleFactory } from "./check-spec.ts";
import type { ModuleClass } from "./module.ts";
import { portType } from "./port-type.ts";
import { normalizeRef, type RefTarget } from "./refs.ts";
import { sourcePath } from "./source.ts";
import type { PortSpec, RestartPolicy } from "./spec.ts";

export type PortDirection = "in" | "out" | "inout";

export interface PortShape {
  readonly name: string;
  readonly direction: PortDirection;
  readonly messageName: string;
  readonly qos: Qos;
}

export interface RefShape {
  readonly name: string;
  /** Class id of the wanted module; undefined for a reference by methods. */
  readonly classId: string | undefined;
  /** What to call the target in messages: a class name, or the list of methods. */
  readonly label: string;
  readonly methods: readonly string[];
  readonly optional: boolean;
}

/** What a module class declares, as plain data: all that planning needs, and all that travels between processes. */
export interface ModuleShape {
  readonly className: string;
  /** Absolute path of the file that exports the class. */
  readonly source: string;
  /** Class ids (`path#Name`) of the class and the module classes it extends, itself first. */
  readonly classChain: readonly string[];
  readonly ports: readonly PortShape[];
  readonly refs: readonly RefShape[];
  readonly dedicatedWorker: boolean;
  /** Undefined for a module with a worker of its own. */
  readonly group: string | undefined;
  readonly actuator: boolean;
  readonly essential: boolean;
  readonly restart: RestartPolicy | undefined;
  /** What cannot be opened twice is stopped before its successor is constructed. */
  readonly swap: "stop-first" | undefined;
}

export function shapeOf(moduleClass: ModuleClass): ModuleShape {
  const spec = moduleClass[MODULE];
  const dedicatedWorker = spec.dedicatedWorker === true || spec.actuator === true;
  return {
    className: moduleClass.name,
    source: sourcePath(spec.source),
    classChain: classChain(moduleClass),
    ports: [...portShapes(spec.inputs, "in"), ...portShapes(spec.outputs, "out"), ...portShapes(spec.inouts, "inout")],
    refs: Object.entries(spec.refs ?? {}).map(([name, target]) => refShape(name, target)),
    dedicatedWorker,
    group: dedicatedWorker ? undefined : spec.group,
    actuator: spec.actuator === true,
    essential: spec.essential === true,
    restart: spec.restart,
    swap: spec.swap ?? (spec.ports === undefined ? undefined : "stop-first"),
  };
}

export function classId(moduleClass: {
  readonly name: string;
  readonly [MODULE]: { readonly source: string };
}): string {
  return `${sourcePath(moduleClass[MODULE].source)}#${moduleClass.name}`;
}

function classChain(moduleClass: ModuleClass): string[] {
  const chain: string[] = [];
  for (
    let current: object | null = moduleClass;
    typeof current === "function" && MODULE in current;
    current = Object.getPrototypeOf(current)
  ) {
    if (!isModuleFactory(current) && (current as ModuleClass)[MODULE] !== undefined)
      chain.push(classId(current as ModuleClass));
  }
  return chain;
}

function portShapes(ports: Readonly<Record<string, PortSpec>> | undefined, direction: PortDirection): PortShape[] {
  return Object.entries(ports ?? {}).map(([name, port]) => {
    const { type, qos } = portType(port);
    return { name, direction, messageName: type.name, qos };
  });
}

function refShape(name: string, target: RefTarget): RefShape {
  const ref = normalizeRef(target);
  const module = ref.module as ModuleClass | undefined;
  return {
    name,
    classId: module === undefined ? undefined : classId(module),
    label: module === undefined ? `a module with ${ref.methods.join(", ")}` : module.name,
    methods: ref.methods,
    optional: ref.optional,
  };
}
