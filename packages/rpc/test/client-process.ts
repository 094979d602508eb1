// A caller in a process of its own, for tests that stop it: node client-process.ts ENDPOINT METHOD
import { connect } from "../src/index.ts";

const [endpoint, method] = process.argv.slice(2) as [string, string];
const client = await connect(endpoint, { token: "secret" });
const onProgress = (value: unknown) => process.send?.(value);
try {
  process.send?.(await client.call(method, [], { onProgress }));
} catch (error) {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  process.send?.({ code, message });
}
await client.close();
