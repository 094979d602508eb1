import { RemoteCoordinator } from "@dimos/core";
import { serveRunOnStdio } from "../../src/index.ts";

// Serves the run at the endpoint in its argument, as `dimos mcp stdio` does.
const run = await RemoteCoordinator.connect(process.argv[2] as string);
const reason = await serveRunOnStdio(run, { signal: new AbortController().signal });
process.stderr.write(`${reason}\n`);
await run[Symbol.asyncDispose]();
