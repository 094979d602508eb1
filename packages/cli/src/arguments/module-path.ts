import { didYouMean } from "@dimos/rpc";
import type { App } from "../connection/connect.ts";
import { UsageError } from "../errors.ts";

/** `Arm.joints[0]` as a module and the steps from it. Names of modules may hold slashes, and never dots. */
export function splitPath(target: string, app: App): { readonly instance: string; readonly path: readonly string[] } {
  const [instance = "", ...path] = target.replace(/\[(\d+)\]/g, ".$1").split(".");
  const known = app.listModules().map((module) => module.instance);
  if (!known.includes(instance)) throw new UsageError(`No module named "${instance}".${didYouMean(instance, known)}`);
  return { instance, path };
}
