import type { Blueprint } from "../blueprint/blueprint.ts";
import { readDotEnv } from "../config/dot-env.ts";
import type { ConfigSources } from "../config/resolve.ts";
import { LoadAbortedError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import { sourcePath } from "../module/source.ts";
import type { Deployment } from "./deployment.ts";
import { Load } from "./load.ts";
import type { LoadOptions } from "./options.ts";
import { planLoad } from "./plan.ts";

interface LoadServices {
  readonly deployment: Deployment;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Inputs that nothing publishes to are refused. */
  readonly isStrict: boolean;
  readonly log: Logger;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  /** Settles when clients can reach the run. */
  readonly reachable: Promise<unknown> | undefined;
  /** What runs is different now, or was for a while. */
  changed(): void;
}

/** Plans a load and carries it out. Resolves to the instance names of what it added. */
export async function loadBlueprint(
  blueprint: Blueprint,
  options: LoadOptions,
  { deployment, env, isStrict, log, signal: stopping, reachable, changed }: LoadServices,
): Promise<readonly string[]> {
  const sources: ConfigSources = {
    env,
    dotEnv: readDotEnv(process.cwd()) ?? {},
    ...(options.config === undefined ? {} : { overrides: options.config }),
  };
  const running = [...deployment.modules.values()].map((module) => module.plan);
  const entryFile = process.argv[1] === undefined ? undefined : sourcePath(process.argv[1]);
  const plan = await planLoad(blueprint, {
    running,
    disabled: deployment.disabled,
    config: sources,
    entryFile,
    isStrict,
  });
  for (const warning of plan.warnings) log.warn(warning);
  // Modules reach their run over it as soon as they start; that it fails, its own caller says.
  await reachable?.catch(() => undefined);
  const signal = AbortSignal.any([stopping, ...(options.signal === undefined ? [] : [options.signal])]);
  const load = new Load(plan, deployment, { log, signal, onProgress: options.onProgress ?? (() => {}) });
  const startedMs = performance.now();
  const names = plan.entries.map((entry) => entry.instance);
  try {
    await load.run();
    log.info(`Loaded ${names.join(", ")} in ${Math.round(performance.now() - startedMs)} ms`);
  } catch (error) {
    throw signal.aborted && !(error instanceof LoadAbortedError) ? new LoadAbortedError(signal.reason) : error;
  } finally {
    changed();
  }
  return names;
}
