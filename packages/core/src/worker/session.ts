import { rmSync } from "node:fs";
import { toWireError } from "@dimos/rpc";
import { SteadyClock } from "../clock.ts";
import { openRunLog, type RunLog } from "../log/run-log.ts";
import type { MemoryFaults } from "../report/memory-faults.ts";
import type { ActuatorPulse } from "./actuator-pulse.ts";
import { ChannelLeases } from "./channel-leases.ts";
import { WorkerHost } from "./host.ts";
import { ImportedFiles } from "./imported-files.ts";
import type { FromWorker, RequestToWorker, WorkerOptions } from "./messages.ts";
import { describeUncaught } from "./uncaught.ts";

/** What a worker process does between its first and its last message. */
export class WorkerSession {
  /** What skills here hold, or wait for. */
  readonly leases: ChannelLeases;
  readonly #host: WorkerHost;
  readonly #imported = new ImportedFiles();
  readonly #log: RunLog;
  readonly #send: (message: FromWorker) => void;
  readonly #socketDirectory: string;

  constructor(options: WorkerOptions, send: (message: FromWorker) => void, pulse: ActuatorPulse) {
    this.#socketDirectory = options.socketDirectory;
    this.#log = openRunLog({ ...options, process: options.name, fields: { worker: options.name } });
    this.#send = send;
    this.leases = new ChannelLeases(send);
    this.#host = new WorkerHost(options, this.#log, new SteadyClock(options.clockBaseMs), this.leases, {
      pulse,
      imported: this.#imported,
      report: send,
    });
  }

  get memoryFaults(): MemoryFaults {
    return this.#host.memoryFaults;
  }

  /** The coordinator's event loop runs. */
  beat(): void {
    this.#host.beat();
  }

  /** One request never blocks another: each is answered when it is done. */
  async answer({ id, request }: RequestToWorker): Promise<FromWorker> {
    try {
      return { type: "Response", id, ok: true, value: await this.#host.handle(request) };
    } catch (error) {
      return { type: "Response", id, ok: false, error: toWireError(error) };
    }
  }

  /** Ends without being asked: actuators halt, callers are cut off, and what the coordinator left behind is taken away. */
  async close(reason: string, error?: unknown): Promise<void> {
    if (error === undefined) this.#log.info(`Worker ends: ${reason}`);
    else this.#reportUncaught(reason, error);
    await this.#host.haltActuators();
    await this.#host.closeRpc();
    await this.#host[Symbol.asyncDispose]().catch((cause: unknown) =>
      this.#log.error("Stopping failed", { err: cause }),
    );
    if (!process.connected) rmSync(this.#socketDirectory, { recursive: true, force: true });
  }

  /** The coordinator sees no more than an exit code by itself. */
  #reportUncaught(what: string, error: unknown): void {
    const { text, module } = describeUncaught(what, error, this.#host.descriptions);
    this.#send({ type: "Uncaught", text });
    this.#log.error(`Worker ends: ${what}`, { err: error, ...(module === undefined ? {} : { module }) });
  }
}
