// A server in a process of its own, for tests that kill or stop it: node server-process.ts ENDPOINT...
import { type Endpoint, serve } from "../src/index.ts";
import { testMethods } from "./methods.ts";

const methods = testMethods().set("held", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
});
const endpoints: Endpoint[] = [];
for (const endpoint of process.argv.slice(2)) {
  endpoints.push((await serve(methods, { endpoint, token: "secret" })).endpoint);
}
process.send?.(endpoints);
