import type { GlobalConfigInput } from "../config/global-config.ts";
import type { ModuleCoordinator } from "./coordinator.ts";
import type { Deadlines } from "./deployment.ts";
import type { LoadOptions, ResolveNames } from "./options.ts";

export interface BuildOptions extends LoadOptions {
  /** Overrides of the run's own settings. */
  readonly globals?: GlobalConfigInput;
  /** Name of the run; default: of its first module. */
  readonly name?: string;
  /** Names of what is run, as people gave them; shown by the run registry. */
  readonly blueprints?: readonly string[];
  /** Why the run begins with the emergency stop latched; default: it does not, unless it takes the place of one that was stopped. */
  readonly estop?: string | undefined;
  /** Lets clients load blueprints by names that this program's project knows. */
  readonly resolveNames?: ResolveNames;
  /** Called with the coordinator before anything is loaded, for what must not wait until everything runs. */
  readonly onCoordinator?: (coordinator: ModuleCoordinator) => void;
  /** How long each step of a module's life may take; the defaults are long. */
  readonly deadlines?: Partial<Deadlines>;
  /** Default: this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}
