import { connect } from "@dimos/rpc";
import { CONTROL } from "../../src/control/protocol.ts";

// Calls a method as a client over TCP does, without the heartbeat of TCP: `relayed.ts ENDPOINT INSTANCE METHOD INPUT`.
const [endpoint, instance, method, input] = process.argv.slice(2) as [string, string, string, string];
const client = await connect(endpoint);
try {
  process.send?.(await client.call(CONTROL.call, [instance, method, [JSON.parse(input)]]));
} catch (error) {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  process.send?.({ code, message });
}
await client.close();
process.disconnect();
