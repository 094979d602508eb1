import { asPlain, type CallContext, PathError, type RpcHandler, readPath } from "@dimos/rpc";
import { METHOD } from "../brand.ts";
import { NoSuchModuleError } from "../errors.ts";
import { type DeclaredMethod, declaredMethods, type HostedCall } from "../module/methods.ts";
import type { WorkerSafety } from "./worker-safety.ts";

/** Handlers beside the declared methods, by instance: reads and calls of deep paths. */
export const READ = "$read";
export const CALL_PATH = "$callPath";

/** The life of a module is its coordinator's: these members are never reached by a deep path. */
const LIFECYCLE: ReadonlySet<string> = new Set(["build", "start", "stop", "onStop", "onEstop", "onHold", "spawn"]);

/** Offers a module's declared methods and its deep paths to callers. */
export function exposeModule(
  methods: Map<string, RpcHandler>,
  instanceName: string,
  instance: object,
  options: { readonly debugCalls: boolean; readonly safety: WorkerSafety },
): void {
  removeModule(methods, instanceName);
  for (const [name, method] of declaredMethods(instance)) {
    const fullName = `${instanceName}.${name}`;
    const declaration = method[METHOD];
    const isMotion = declaration.kind === "rpc" && declaration.moves === true;
    methods.set(fullName, (args, context) => {
      if (isMotion) options.safety.refuseMotion(fullName);
      return options.safety.runCall(fullName, context, () => method(...argumentsOf(method, args, context)));
    });
  }
  methods.set(`${instanceName}.${READ}`, ([path]) => {
    const names = checkLifecycle(path, instanceName);
    return asPlain(readPath(instance, names, instanceName), `${instanceName}.${names.join(".")}`);
  });
  if (!options.debugCalls) return;
  methods.set(`${instanceName}.${CALL_PATH}`, ([path, args], context) => {
    const names = checkLifecycle(path, instanceName);
    const fullName = `${instanceName}.${names.join(".")}`;
    options.safety.refuseMotion(fullName);
    return options.safety.runCall(fullName, context, () => callPath(instance, names, args, instanceName));
  });
}

/** Tells those who still call a module that has left this worker: it is gone, or about to be somewhere else. */
export function hideModule(methods: Map<string, RpcHandler>, instanceName: string, isReplaced = false): void {
  const refuse = () => {
    throw isReplaced ? NoSuchModuleError.replaced(instanceName) : NoSuchModuleError.gone(instanceName);
  };
  for (const name of namesOf(methods, instanceName)) methods.set(name, refuse);
}

function removeModule(methods: Map<string, RpcHandler>, instanceName: string): void {
  for (const name of namesOf(methods, instanceName)) methods.delete(name);
}

function namesOf(methods: ReadonlyMap<string, RpcHandler>, instanceName: string): string[] {
  return [...methods.keys()].filter((name) => name.slice(0, name.lastIndexOf(".")) === instanceName);
}

function argumentsOf(method: DeclaredMethod, args: readonly unknown[], context: CallContext): readonly unknown[] {
  if (method[METHOD].kind === "rpc") return args;
  const { timeoutMs: patienceMs = context.idleTimeoutMs } = context;
  const call: HostedCall = {
    get signal() {
      return context.signal;
    },
    ...(patienceMs === undefined ? {} : { patienceMs }),
    onProgress: context.progress,
  };
  return [args[0], call];
}

function checkLifecycle(path: unknown, instanceName: string): readonly string[] {
  const names = path as readonly string[];
  const [first] = names;
  if (first === undefined || !LIFECYCLE.has(first)) return names;
  throw new PathError(
    "PATH_REFUSED",
    `${instanceName}.${first} belongs to the life cycle of the module and cannot be reached from outside`,
  );
}

function callPath(instance: object, path: readonly string[], args: unknown, instanceName: string): unknown {
  const owner = path.length === 1 ? instance : readPath(instance, path.slice(0, -1), instanceName);
  const member = readPath(instance, path, instanceName);
  if (typeof member !== "function")
    throw new PathError("PATH_REFUSED", `${instanceName}.${path.join(".")} is not a function`);
  return Reflect.apply(member, owner, Array.isArray(args) ? args : []);
}
