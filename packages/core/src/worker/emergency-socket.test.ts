import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { socketDirectory } from "../../test/socket-directory.ts";
import { MAX_LINE_BYTES } from "../safety/emergency-protocol.ts";
import { EmergencySocket } from "./emergency-socket.ts";

async function listening(path: string) {
  const reasons: string[] = [];
  const socket = new EmergencySocket(path, async (reason) => {
    reasons.push(reason);
    return { worker: "legs", estop: { latched: true, reason, since: 0 }, halted: ["Motor"], failed: [] };
  });
  await socket.listen();
  const dial = async (text = ""): Promise<Socket> => {
    const client = createConnection(path).on("error", () => {});
    await once(client, "connect");
    client.write(text);
    return client;
  };
  return { reasons, dial, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() };
}

/** All that is said until the connection ends. */
async function answerOf(client: Socket): Promise<string> {
  let text = "";
  client.on("data", (chunk) => {
    text += chunk;
  });
  await once(client, "close");
  return text;
}

it("An emergency stop gets through whatever others send or do not send, and nothing else stops the robot (K5a, K7)", async () => {
  await using directory = await socketDirectory();
  await using socket = await listening(join(directory.path, "legs.estop"));
  const silent = await Promise.all(Array.from({ length: 8 }, () => socket.dial()));
  const given = silent.map(answerOf);
  for (const text of ["{}\n", '{"reason":7}\n', "stop\n", "\n", "x".repeat(2 * MAX_LINE_BYTES)])
    expect(await answerOf(await socket.dial(text)), text.slice(0, 20)).toBe("");
  expect(socket.reasons).toEqual([]);
  const answer = await answerOf(await socket.dial('{"reason":"a child in the way"}\n'));
  expect(JSON.parse(answer)).toMatchObject({ worker: "legs", estop: { latched: true }, halted: ["Motor"] });
  expect(socket.reasons).toEqual(["a child in the way"]);
  // Those who say nothing are given up after a second: their places are for others.
  expect(await Promise.all(given)).toEqual(silent.map(() => ""));
});
