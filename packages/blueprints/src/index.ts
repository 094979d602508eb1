export type { DiscoverOptions, Discovery } from "./discover.ts";
export type { RegistryEntry, RegistryWarning, Target } from "./entry.ts";
export {
  AmbiguousNameError,
  type BlueprintsErrorCode,
  EntryLoadError,
  ExportNotFoundError,
  TargetNotFoundError,
  type UnknownName,
  UnknownNameError,
} from "./errors.ts";
export { BlueprintRegistry, type RegistryOptions } from "./registry.ts";
