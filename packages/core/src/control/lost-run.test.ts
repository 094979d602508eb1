import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { DrivingRun } from "../../test/driving-run.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import { RemoteCoordinator } from "./remote-coordinator.ts";

/** A client of the run whose connection can be cut while the run goes on. */
async function connectThroughProxy(endpoint: string, how: "unix" | "tcp") {
  const path = endpoint.slice("unix:".length);
  const sockets: Socket[] = [];
  const proxy = createServer((socket) => {
    const run = createConnection(path);
    for (const end of [socket, run]) sockets.push(end.on("error", () => {}));
    socket.pipe(run).pipe(socket);
  });
  const socketPath = join(dirname(path), "cut.sock");
  proxy.listen(how === "unix" ? { path: socketPath } : { host: "127.0.0.1", port: 0 });
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const client = await RemoteCoordinator.connect(how === "unix" ? `unix:${socketPath}` : `ws://127.0.0.1:${port}`);
  const cut = async () => {
    const lost = new Promise((resolve) => client.on("stopped", resolve));
    proxy.close();
    for (const socket of sockets) socket.destroy();
    await lost;
  };
  return Object.assign(client, { cut });
}

it("A client that has lost its connection says so and what to do, and stops the robot by its emergency sockets on the same host", async () => {
  await using driving = await DrivingRun.start();
  const { runId } = driving.client;
  const entry = new RunRegistry(process.env.DIMOS_STATE_DIR as string).alive().find((run) => run.runId === runId);
  for (const how of ["unix", "tcp"] as const) {
    await using client = await connectThroughProxy(String(entry?.endpoint), how);
    expect(client.lost).toBeUndefined();
    await client.cut();
    const lost = { code: "CONNECTION_LOST", message: expect.stringMatching(/was lost: .*"dimos estop" on its host/) };
    expect(client.lost).toMatchObject(lost);
    for (const ask of [client.health(), client.resetEstop(), client.call("Motor", "state", []), client.listTopics()])
      await expect(ask).rejects.toMatchObject(lost);
    expect(await client.estop(`over ${how}`)).toMatchObject({
      estop: { latched: true },
      halted: ["Motor"],
      unconfirmed: [{ worker: "coordinator" }],
    });
    expect(await driving.standsStill()).toBe(true);
    await expect.poll(() => driving.client.estopState).toMatchObject({ latched: true, reason: `over ${how}` });
    await driving.client.resetEstop();
  }
});
