// A server in a process of its own, for tests that kill or stop it: node server-process.ts ENDPOINT
import { type Endpoint, serve } from "../src/index.ts";
import { testMethods } from "./methods.ts";

const methods = testMethods().set("held", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
});
const server = await serve(methods, { endpoint: process.argv[2] as Endpoint, token: "secret" });
process.send?.(server.endpoint);
