import { AgentError } from "../errors.ts";

/**
 * Imports packages that not everybody installs.
 *
 * @param load imports them, by literal names, so that types and bundlers see them
 * @param names of all that have to be installed
 */
export async function optionalPackages<T>(
  load: () => Promise<T>,
  names: readonly string[],
  needer: string,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new AgentError(
      "MODEL_PACKAGE_MISSING",
      `${needer} needs packages that are not installed. Install them: npm install ${names.join(" ")}`,
      error,
    );
  }
}
