import type {
  Blueprint,
  DeepReadonly,
  EstopReport,
  LoadOptions,
  ModuleDescription,
  ModuleStatus,
  PublishReceipt,
  Qos,
  RestartModuleOptions,
  RunCallOptions,
  RunEventName,
  RunEvents,
  RunHealth,
  RunMetrics,
  StreamSource,
  TopicStatus,
} from "@dimos/core";

/** A running system as porcelain needs it: the coordinator in this process, or a connection to one elsewhere. */
export interface System extends AsyncDisposable {
  readonly runId: string;
  /** Why nothing is known of a system elsewhere any more. */
  readonly lost?: Error | undefined;
  listModules(): readonly ModuleStatus[];
  descriptionOf(instance: string): ModuleDescription | undefined;
  loadBlueprint(blueprint: Blueprint, options: LoadOptions): Promise<readonly string[]>;
  unloadModule(instance: string): Promise<void>;
  restartModule(instance: string, options?: RestartModuleOptions): Promise<void>;
  call(instance: string, method: string, args: readonly unknown[], options?: RunCallOptions): Promise<unknown>;
  /** Streams are read over the coordinator, and not from the workers. */
  readonly relays?: boolean;
  readStream?(
    stream: string,
    subscriber: (message: DeepReadonly<unknown>) => unknown,
    qos: Partial<Qos>,
    onError: (error: unknown) => void,
  ): Promise<(() => void) | undefined>;
  streamSource(stream: string): Promise<StreamSource | undefined>;
  listTopics(): Promise<readonly TopicStatus[]>;
  publish(
    stream: string,
    message: unknown,
    options?: { readonly signal?: AbortSignal },
  ): Promise<PublishReceipt | undefined>;
  health(): Promise<RunHealth>;
  estop(reason?: string): Promise<EstopReport>;
  resetEstop(): Promise<EstopReport>;
  metrics(): Promise<RunMetrics>;
  on<K extends RunEventName>(name: K, listener: (event: RunEvents[K]) => void): () => void;
}
