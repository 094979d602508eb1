import { ModuleCoordinator } from "@dimos/core";
import { guarded } from "./readme.ts";

export async function runGuarded() {
  await using system = await ModuleCoordinator.build(guarded, { globals: { nWorkers: 2 } });
  return await system.call("Guard", "isBlocked", [{}]); // false: nothing within 0.5 m
}
