import { connect, serve } from "@dimos/rpc";

const methods = new Map([["add", ([a, b]) => a + b]]);
const server = await serve(methods, { endpoint: `unix:${process.argv[2]}/run/rpc.sock` });
const client = await connect(server.endpoint);
console.log(await client.call("add", [1, 2]));
await client.close();
await server.close();
