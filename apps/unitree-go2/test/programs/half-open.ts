import { type AddressInfo, connect, createServer, type Socket } from "node:net";

// A network that can fall silent: forwards connections to `half-open.ts PORT`, and says the port to connect to. After a
// message from its parent nothing passes any more, in either direction, and no connection ends.
const port = Number(process.argv[2]);
const sockets: Socket[] = [];
const server = createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  sockets.push(near, far);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on("error", () => {});
    from.on("data", (chunk) => void (isSilent || to.write(chunk)));
    from.on("end", () => void (isSilent || to.end()));
  }
});
let isSilent = false;
process.once("message", () => {
  isSilent = true;
  process.send?.("silent");
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
