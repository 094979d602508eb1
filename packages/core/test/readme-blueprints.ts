import { autoconnect, graphOf, renderGraph, resolveConfig, wiringReport } from "@dimos/core";
import { Guard, guarded } from "./readme.ts";

export const pair = autoconnect(guarded.namespace("left"), guarded.namespace("right"))
  .disabledModules("right/Gripper")
  .qos([[Guard, "range", { maxAgeMs: 200 }]])
  .globalConfig({ strict: true });

export const drawing = renderGraph(graphOf(pair), "mermaid"); // or "text", "dot", "json"
export const loose = wiringReport(pair).danglingInputs; // none

export async function whyStopAt() {
  const env = { DIMOS_LEFT_GUARD__STOP_AT: "0.4" };
  const { settings } = await resolveConfig(pair, { env, overrides: { right_guard: { stopAt: 0.2 } } });
  return settings.filter(({ field }) => field.name === "stopAt").map(({ value, source }) => ({ value, source }));
}
