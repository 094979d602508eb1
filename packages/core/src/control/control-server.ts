import { type RpcHandler, type RpcServer, serve, type TurnedAway } from "@dimos/rpc";
import { Blueprint } from "../blueprint/blueprint.ts";
import type { BlueprintEntry } from "../blueprint/entry.ts";
import type { LoadOptions, ResolveNames, RestartModuleOptions } from "../coordinator/options.ts";
import { BlueprintError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import { RUN_EVENT_NAMES, type RunEventName, type RunEvents } from "../report/events.ts";
import type { LoadProgress } from "../report/load-progress.ts";
import type { ModuleStatus } from "../report/module-status.ts";
import type { PublishReceipt } from "../report/publish-receipt.ts";
import type { RunHealth } from "../report/run-health.ts";
import type { RunMetrics } from "../report/run-metrics.ts";
import type { TopicStatus } from "../report/topic-status.ts";
import type { EstopReport, EstopState } from "../safety/estop-state.ts";
import type { StandardSchema } from "../schema.ts";
import type { StreamReader, StreamSource } from "../stream/stream-reader.ts";
import { callsOnly } from "./calls-only.ts";
import { CONTROL, type ControlEvent, type Directory, EVENTS, type LoadRequest } from "./protocol.ts";
import { type CallModule, relayMethods } from "./relay.ts";

/** What is served of a coordinator. */
export interface ControlledRun {
  call: CallModule;
  readonly runId: string;
  readonly generation: number;
  readonly config: { readonly debugCalls: boolean };
  on<K extends RunEventName>(name: K, listener: (event: RunEvents[K]) => void): () => void;
  listModules(): readonly ModuleStatus[];
  loadBlueprint(blueprint: Blueprint, options: LoadOptions): Promise<readonly string[]>;
  unloadModule(instance: string): Promise<void>;
  restartModule(instance: string, options: RestartModuleOptions): Promise<void>;
  endpointOf(instance: string): Promise<string>;
  streamSource(stream: string): Promise<StreamSource | undefined>;
  listTopics(): Promise<readonly TopicStatus[]>;
  publish(
    stream: string,
    message: unknown,
    options: { readonly signal?: AbortSignal },
  ): Promise<PublishReceipt | undefined>;
  health(): Promise<RunHealth>;
  metrics(): Promise<RunMetrics>;
  readonly estopState: EstopState;
  estop(reason?: string): Promise<EstopReport>;
  resetEstop(): Promise<EstopReport>;
  stop(): Promise<void>;
}

export interface ServeControlOptions {
  readonly endpoint: string;
  /** What a client over TCP has to show. */
  readonly token?: string;
  /** What a client has to show that may only call methods and skills, and stop the robot. */
  readonly callToken?: string | undefined;
  readonly resolveNames?: ResolveNames | undefined;
  /** Reads streams for clients that cannot reach the workers. */
  readonly streams: StreamReader;
  readonly log: Logger;
}

/** Serves a coordinator to clients in other processes. */
export async function serveControl(coordinator: ControlledRun, options: ServeControlOptions): Promise<RpcServer> {
  const { endpoint, token, callToken, streams, log } = options;
  const directory = (): Directory => ({
    runId: coordinator.runId,
    generation: coordinator.generation,
    modules: coordinator.listModules(),
    debugCalls: coordinator.config.debugCalls,
    estop: coordinator.estopState,
  });
  const methods = new Map<string, RpcHandler>([
    [CONTROL.directory, directory],
    [
      CONTROL.load,
      async ([request], { signal, progress }) => {
        const { blueprint, config } = await blueprintOf(request as LoadRequest, options);
        const onProgress = (step: LoadProgress) => progress(step);
        const loading: LoadOptions = { signal, onProgress, ...(config === undefined ? {} : { config }) };
        return coordinator.loadBlueprint(blueprint, loading);
      },
    ],
    [CONTROL.unload, ([instance]) => coordinator.unloadModule(instance as string)],
    [
      CONTROL.restart,
      ([instance, options]) => coordinator.restartModule(instance as string, options as RestartModuleOptions),
    ],
    [CONTROL.endpointOf, ([instance]) => coordinator.endpointOf(instance as string)],
    [CONTROL.streamSource, ([stream]) => coordinator.streamSource(stream as string)],
    [CONTROL.listTopics, () => coordinator.listTopics()],
    [CONTROL.publish, ([stream, message], { signal }) => coordinator.publish(stream as string, message, { signal })],
    [CONTROL.health, () => coordinator.health()],
    [CONTROL.metrics, () => coordinator.metrics()],
    [CONTROL.estop, ([reason]) => coordinator.estop(reason as string | undefined)],
    [CONTROL.resetEstop, () => coordinator.resetEstop()],
    // Answers at once: the end of the connection says that it is done.
    [CONTROL.stop, () => void coordinator.stop()],
    ...relayMethods((...call) => coordinator.call(...call), streams, log),
  ]);
  const limitedTokens = callToken === undefined ? [] : [{ token: callToken, methods: callsOnly(methods) }];
  const access = token === undefined ? {} : { token, limitedTokens };
  const onTurnedAway = (turnedAway: TurnedAway) => log.warn(describeTurnedAway(endpoint, turnedAway));
  const server = await serve(methods, { endpoint, ...access, topics: new Set([EVENTS]), onTurnedAway });
  for (const name of RUN_EVENT_NAMES) {
    coordinator.on(name, (event) => server.publish(EVENTS, { name, event, directory: directory() } as ControlEvent));
  }
  return server;
}

function describeTurnedAway(endpoint: string, { count, from }: TurnedAway): string {
  const addresses = [...from].map(([address, of]) => `${address} (${of})`).join(", ");
  const connections = count === 1 ? "1 connection" : `${count} connections`;
  return `Closed ${connections} to ${endpoint} that had not shown a token, from ${addresses}. Clients with the token get through`;
}

async function blueprintOf(request: LoadRequest, { resolveNames, token }: ServeControlOptions) {
  if ("entries" in request) {
    // A plan names files of this host to import: a client elsewhere must not choose them.
    if (token !== undefined) {
      throw new BlueprintError(
        "Over TCP only names that the run's own project knows can be loaded, no classes or blueprints",
      );
    }
    const entries: BlueprintEntry[] = request.entries.map((entry) => ({
      ...entry,
      moduleClass: undefined,
      configSchema: CHECKED_BY_WORKER,
    }));
    const { globals, warnings } = request;
    return { blueprint: new Blueprint({ entries, globals, checks: [], warnings }), config: undefined };
  }
  if (resolveNames === undefined) {
    throw new BlueprintError(
      "This run cannot look up names: it was started by a program without a registry. Send a blueprint or a class",
    );
  }
  return { blueprint: await resolveNames(request.names), config: request.config };
}

/** The schema of a class that only the client has imported here: the worker that imports it checks. */
const CHECKED_BY_WORKER: StandardSchema = {
  "~standard": { version: 1, vendor: "dimos", validate: (value) => ({ value }) },
};
