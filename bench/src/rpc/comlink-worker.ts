import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import { comlinkEndpoint } from "./comlink-endpoint.ts";

// The answering side of comlink, in a thread.
if (parentPort === null) throw new Error("This file is the worker thread of the rpc bench");
expose({ echo: (value: unknown) => value }, comlinkEndpoint(parentPort));
