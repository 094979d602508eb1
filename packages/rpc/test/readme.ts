import { connect, type RpcHandler, serve } from "@dimos/rpc";

export async function walkAndAdd(endpoint: string) {
  const server = await serve(
    new Map<string, RpcHandler>([
      ["add", ([a, b]) => Number(a) + Number(b)],
      [
        "walk",
        async ([metres], { signal, progress }) => {
          for (let walked = 1; walked <= Number(metres) && !signal.aborted; walked++) progress(walked);
          return { walked: metres };
        },
      ],
    ]),
    { endpoint }, // "unix:/run/user/1000/app/rpc.sock"
  );

  const client = await connect(server.endpoint);
  const sum = await client.call("add", [1, 2]); // 3
  const steps: unknown[] = [];
  await client.call("walk", [5], { timeoutMs: 5_000, onProgress: (walked) => steps.push(walked) });

  const poses: unknown[] = [];
  const unsubscribe = client.subscribe("odom", (pose) => poses.push(pose));
  await unsubscribe.ready;
  server.publish("odom", { x: 1 });
  await client.call("add", [0, 0]);

  await client.close();
  await server.close();
  return { sum, steps, poses };
}
