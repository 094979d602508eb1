import { type Blueprint, type BuildOptions, type GlobalConfigInput, ModuleCoordinator } from "../src/index.ts";

/** A coordinator for a test; with `nWorkers: 0` in the test's own process. */
export function run(
  blueprint: Blueprint,
  globals: GlobalConfigInput = {},
  options: BuildOptions = {},
): Promise<ModuleCoordinator> {
  return ModuleCoordinator.build(blueprint, {
    ...options,
    globals: { consoleLevel: "silent", stopTimeoutMs: 3000, ...globals },
  });
}

export function pids(coordinator: ModuleCoordinator): Record<string, number> {
  return Object.fromEntries(coordinator.listModules().map(({ instance, pid }) => [instance, pid]));
}
