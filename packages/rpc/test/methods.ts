import type { RpcHandler } from "../src/index.ts";

/** Methods that most tests need: answers, errors, and calls that never end by themselves. */
export function testMethods(): Map<string, RpcHandler> {
  return new Map<string, RpcHandler>([
    ["echo", (args) => args[0]],
    ["later", async (args) => args[0]],
    ["nothing", () => undefined],
    ["wait", (args) => new Promise((resolve) => setTimeout(resolve, args[0] as number, "waited"))],
    [
      "hang",
      (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ],
    [
      "throw",
      (args) => {
        throw args[0];
      },
    ],
  ]);
}
