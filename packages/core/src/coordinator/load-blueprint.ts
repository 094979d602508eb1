import type { Blueprint } from "../blueprint/blueprint.ts";
import { readDotEnv } from "../config/dot-env.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import type { ConfigSources } from "../config/resolve.ts";
import { LoadAbortedError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import { sourcePath } from "../module/source.ts";
import { workingDirectory } from "../working-directory.ts";
import type { Deployment } from "./deployment.ts";
import { warnLateSettings } from "./late-settings.ts";
import { Load } from "./load.ts";
import type { LoadOptions } from "./options.ts";
import { planLoad } from "./plan.ts";
import { checkPortClaims } from "./port-claims.ts";

interface LoadServices {
  readonly deployment: Deployment;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the run. */
  readonly settings: GlobalConfig;
  /** The run is made for this blueprint, and has its settings. */
  readonly isFirst: boolean;
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
  { deployment, env, settings, isFirst, log, signal: stopping, reachable, changed }: LoadServices,
): Promise<readonly string[]> {
  const sources: ConfigSources = {
    env,
    dotEnv: readDotEnv(workingDirectory()) ?? {},
    ...(options.config === undefined ? {} : { overrides: options.config }),
  };
  const running = [...deployment.modules.values()].map((module) => module.plan);
  const entryFile = process.argv[1] === undefined ? undefined : sourcePath(process.argv[1]);
  const late = isFirst ? [] : warnLateSettings(blueprint, settings);
  const plan = await planLoad(blueprint, {
    running,
    disabled: deployment.disabled,
    config: sources,
    entryFile,
    // Inputs that nothing publishes to are refused in a strict run.
    isStrict: settings.strict,
  });
  await checkPortClaims(plan.entries, settings);
  for (const warning of [...late, ...plan.warnings]) log.warn(warning);
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
