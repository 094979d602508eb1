import { type CallInterceptor, Dimos, type DimosConstructor } from "@dimos/porcelain";
import { chooseLiveRun, openRegistry } from "./choose-run.ts";

export type App = InstanceType<DimosConstructor>;

/** Which run a command is for. */
export interface RunOption {
  readonly run?: string;
}

/** A handle by a name that is only known when the command runs: whatever types this program has say nothing about it. */
export function handleOf(app: App, instance: string): Readonly<Record<string, unknown>> {
  return app.getModule(instance as never) as unknown as Readonly<Record<string, unknown>>;
}

/** Connects to the run that is meant. The run does not notice when the command ends. */
export async function connectTo({ run }: RunOption, intercept?: CallInterceptor): Promise<App> {
  const { endpoint } = chooseLiveRun(openRegistry(), run);
  return Dimos.connect({ endpoint, ...(intercept === undefined ? {} : { intercept }) });
}
