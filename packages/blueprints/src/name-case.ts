/**
 * `McpServer` → `mcp-server`, `ReplanningAStarPlanner` → `replanning-a-star-planner`, `Go2Connection` → `go2-connection`.
 * The rule is that of `kebabCase` in core, which is not imported: listing names must not cost the start-up of core.
 */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** `unitree-go2-agentic` → `unitreeGo2Agentic`: the export that a blueprint name stands for. */
export function camelCase(name: string): string {
  return name.replace(/[-_]+(.)/g, (_, letter: string) => letter.toUpperCase());
}
