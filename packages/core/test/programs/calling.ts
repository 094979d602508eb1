import { RemoteCoordinator } from "../../src/control/remote-coordinator.ts";

// Calls a method, and says what comes of it: `calling.ts ENDPOINT INSTANCE METHOD INPUT [TOKEN]`.
const [endpoint, instance, method, input, token] = process.argv.slice(2) as [string, string, string, string, string?];
const run = await RemoteCoordinator.connect(endpoint, token === undefined ? {} : { token });
try {
  process.send?.(await run.call(instance, method, [JSON.parse(input)], { onProgress: () => {} }));
} catch (error) {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  process.send?.({ code, message });
}
await run[Symbol.asyncDispose]();
process.disconnect();
