import { Module, rpc } from "@dimos/core";

/** Crashes without end are what is measured here. */
const ALWAYS = { policy: "always", maxRestarts: 1000, backoffMs: 0 } as const;

export class Steady extends Module({ source: import.meta.url, dedicatedWorker: true, restart: ALWAYS }) {
  pid = rpc(async () => process.pid);
}

export class Cold extends Module({ source: import.meta.url, dedicatedWorker: true }) {
  pid = rpc(async () => process.pid);
}

export class Small extends Module({ source: import.meta.url }) {
  pid = rpc(async () => process.pid);
}
