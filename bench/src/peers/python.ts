import { fileURLToPath } from "node:url";

export const PYTHON_STREAMS = fileURLToPath(new URL("./stream_python.py", import.meta.url));
export const PYTHON_RPC = fileURLToPath(new URL("./rpc_python.py", import.meta.url));
