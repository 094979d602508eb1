/** Which packages of this workspace each package may depend on. Everything in `apps` and `bench` may depend on all of them. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "@dimos/rpc": [],
  "@dimos/core": ["@dimos/rpc"],
  "@dimos/msgs": ["@dimos/core"],
  "@dimos/agent": ["@dimos/rpc", "@dimos/core"],
  "@dimos/mcp": ["@dimos/core"],
  "@dimos/blueprints": ["@dimos/rpc", "@dimos/core"],
  "@dimos/porcelain": ["@dimos/rpc", "@dimos/core", "@dimos/blueprints"],
  "@dimos/cli": ["@dimos/rpc", "@dimos/core", "@dimos/blueprints", "@dimos/porcelain", "@dimos/agent", "@dimos/mcp"],
};

/** Why `from` may not depend on `to`, or `undefined` when it may. Both are names of packages of this workspace. */
export function arrowProblem(
  from: { name: string; folder: string },
  to: { name: string; folder: string },
): string | undefined {
  if (from.name === to.name) return undefined;
  if (to.folder === "bench") return `${from.name} must not depend on bench`;
  if (!from.folder.startsWith("packages/")) return undefined;
  const allowed = ARROWS[from.name];
  if (allowed === undefined) return `${from.name} has no place in the arrows: give it one in scripts/arrows/arrows.ts`;
  if (allowed.includes(to.name)) return undefined;
  return `${from.name} must not depend on ${to.name} (allowed: ${allowed.join(", ") || "none of this workspace"})`;
}
