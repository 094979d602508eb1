import { pathToFileURL } from "node:url";
import type { ModuleDescription } from "../module/description.ts";

const MAX_TEXT = 300;

/** An error that ends a worker, as it is told on. */
export interface Uncaught {
  /** `an error that nobody caught, in Camera: TypeError: x is not a function` */
  readonly text: string;
  /** The module whose file the error comes from, when that is one. */
  readonly module: string | undefined;
}

/** @param what `an error that nobody caught` */
export function describeUncaught(
  what: string,
  error: unknown,
  modules: Iterable<Pick<ModuleDescription, "instance" | "source">>,
): Uncaught {
  const found = modulesIn(error instanceof Error ? (error.stack ?? "") : "", [...modules]);
  const where = found.length === 0 ? "" : `, in ${found.join(" or ")}`;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [line = ""] = reason.split("\n");
  return {
    text: `${what}${where}: ${line.slice(0, MAX_TEXT)}`,
    module: found.length === 1 ? found[0] : undefined,
  };
}

/** The modules whose file is nearest to where the error was made; several may come from one file. */
function modulesIn(stack: string, modules: readonly Pick<ModuleDescription, "instance" | "source">[]): string[] {
  for (const line of stack.split("\n").filter((text) => /^\s+at /.test(text))) {
    const here = modules.filter(
      ({ source }) => line.includes(`${pathToFileURL(source).href}:`) || line.includes(`${source}:`),
    );
    if (here.length > 0) return here.map(({ instance }) => instance);
  }
  return [];
}
