import { serve } from "@dimos/rpc";

// A server of @dimos/rpc to be flooded and killed.
const methods = new Map([
  ["echo", (args: readonly unknown[]) => args[0]],
  ["hang", () => new Promise(() => {})],
]);
await serve(methods, { endpoint: process.argv[2] as string });
process.send?.("ready");
