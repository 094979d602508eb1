import { connect } from "@dimos/rpc";

// A client that asks for 200,000 things at once.
const [endpoint, calls] = process.argv.slice(2) as [string, string];
const client = await connect(endpoint);
process.send?.("connected");
await Promise.all(Array.from({ length: Number(calls) }, () => client.call("echo", [1])));
await client.close();
process.disconnect?.();
