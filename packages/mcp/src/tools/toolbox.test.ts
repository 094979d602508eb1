import { expect, it } from "vitest";
import { Toolbox, type ToolRun } from "./toolbox.ts";

it("does nothing that was asked for with a misspelt argument, and says which: an agent would take it for done", async () => {
  const stopped: (string | undefined)[] = [];
  const said: string[] = [];
  const run = {
    runId: "run",
    listModules: async () => [],
    estop: async (reason?: string) => {
      stopped.push(reason);
      return { estop: { latched: true }, halted: [], unconfirmed: [] };
    },
  } as unknown as ToolRun;
  const toolbox = new Toolbox(run, async (text) => {
    said.push(text);
    return "Said";
  });
  const call = (name: string, args: object) =>
    toolbox.call(name, args as never, { signal: new AbortController().signal, onProgress: () => {} });
  for (const [name, args] of [
    ["agent_send", { message: "go home", mesage: "stay" }],
    ["server_status", { verbose: true }],
    ["list_modules", { state: "running" }],
  ] as const)
    expect(await call(name, args)).toMatchObject({ isError: true, _meta: { "dimos/code": "INVALID_INPUT" } });
  expect([stopped, said]).toEqual([[], []]);
  await call("emergency_stop", {});
  await call("agent_send", { message: "go home" });
  expect([stopped, said]).toEqual([["asked for over MCP"], ["go home"]]);
  // Only an emergency stop is never refused for how it was asked for.
  await call("emergency_stop", { reson: "a child" });
  await call("emergency_stop", { reason: ["a child"] });
  expect(stopped).toHaveLength(3);
});
