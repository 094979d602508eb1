import { RemoteCoordinator } from "../../src/index.ts";

// Walks, and says so, until it is killed: `walking.ts ENDPOINT [TOKEN]`.
const [endpoint, token] = process.argv.slice(2) as [string, string | undefined];
const run = await RemoteCoordinator.connect(endpoint, token === undefined ? {} : { token });
const onProgress = () => console.log("walking");
await run.call("Walker", "walk", [{ seconds: 60 }], { onProgress });
