import type { Logger } from "../log/logger.ts";
import type { ModuleBase } from "./module.ts";
import type { ModuleChildren } from "./module-children.ts";
import { INTERNALS, type ModuleCore } from "./module-core.ts";

/**
 * Ends a module: its own `stop()`, what `onStop` was given, last first, and its child processes. A step that fails is
 * logged and keeps none of the others from being done; then this rejects.
 */
export async function stopModule(
  module: ModuleBase & ModuleCore,
  children: ModuleChildren,
  log: Logger,
): Promise<void> {
  const steps = [
    () => module.stop(),
    ...module[INTERNALS].disposers.toReversed(),
    () => children[Symbol.asyncDispose](),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      log.error(`${module.instanceName} failed to stop cleanly`, { err: error });
      errors.push(error);
    }
  }
  if (errors.length > 0)
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, "several parts failed to stop");
}
