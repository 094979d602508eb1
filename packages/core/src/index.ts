export { CallerSilentError, DimosError, didYouMean, SignsOfLife } from "@dimos/rpc";
export { autoconnect, isBlueprint } from "./blueprint/autoconnect.ts";
export type { Blueprint } from "./blueprint/blueprint.ts";
export type { BlueprintEntry } from "./blueprint/entry.ts";
export { type BlueprintGraph, type GraphModule, type GraphStream, graphOf } from "./blueprint/graph.ts";
export type { LoosePort, NearMiss } from "./blueprint/near-misses.ts";
export type { PortQos, QosOverride } from "./blueprint/qos-overrides.ts";
export type { Remapping } from "./blueprint/remappings.ts";
export { type GraphFormat, renderGraph } from "./blueprint/render-graph.ts";
export type { RequiredModule, Requirement } from "./blueprint/requirement.ts";
export type { Stream, StreamEnd } from "./blueprint/streams.ts";
export type { PinnedTransports } from "./blueprint/transports.ts";
export { type DanglingPort, type RefReport, type WiringReport, wiringReport } from "./blueprint/wiring-report.ts";
export { type Clock, SteadyClock } from "./clock.ts";
export { coerceText } from "./config/coerce.ts";
export { type ConfigFile, readConfigFile } from "./config/config-file.ts";
export { readDotEnv } from "./config/dot-env.ts";
export { environmentName } from "./config/environment.ts";
export { type ConfigField, globalFields, moduleFields } from "./config/fields.ts";
export type { GlobalConfig, GlobalConfigInput } from "./config/global-config.ts";
export { kebabCase } from "./config/names.ts";
export type { ConfigValue } from "./config/overrides.ts";
export {
  type ConfigSources,
  type ResolvedConfig,
  type ResolvedModules,
  resolveConfig,
  resolveGlobalConfig,
} from "./config/resolve.ts";
export { holdsSecret, isSecret, MASK, maskSecrets, maskValue } from "./config/secrets.ts";
export { type ConnectRunOptions, RemoteCoordinator } from "./control/remote-coordinator.ts";
export type { BuildOptions } from "./coordinator/build-options.ts";
export { ModuleCoordinator } from "./coordinator/coordinator.ts";
export type { Deadlines } from "./coordinator/deployment.ts";
export type { LoadOptions, ResolveNames, RestartModuleOptions } from "./coordinator/options.ts";
export type { DeepReadonly } from "./deep-readonly.ts";
export { stateDirectory } from "./directories.ts";
export {
  AlreadyDeployedError,
  BlueprintError,
  CapabilityHeldError,
  ConfigError,
  CoordinatorStoppedError,
  type CoreErrorCode,
  DirectoryError,
  EstopError,
  EstopUndeliveredError,
  FileError,
  HoldError,
  InvalidInputError,
  LoadAbortedError,
  LoadError,
  type LoadPhase,
  ModuleDisabledError,
  ModuleRestartedError,
  ModuleSpecError,
  NoSharedMemoryError,
  NoSuchModuleError,
  PortInUseError,
  RefNotInjectedError,
  RefUnresolvedError,
  RestartError,
  SkillNotOfferedError,
  StreamTimeoutError,
  WorkerExitedError,
  WorkerTimeoutError,
} from "./errors.ts";
export { fileFault } from "./file-fault.ts";
export { refuseUnknownFields } from "./input/input-check.ts";
export type { LogFields, Logger, LogLevel } from "./log/logger.ts";
export { isMessageType, type MessageCheck, type MessageType, message, type Payload } from "./message.ts";
export type { Background, BackgroundBody } from "./module/background-work.ts";
export type { ModuleContext } from "./module/context.ts";
export type { ModuleDescription, RpcDescription, SkillDescription, UnofferedSkill } from "./module/description.ts";
export {
  type BackgroundContext,
  type BackgroundSkillMethod,
  type BackgroundSkillOptions,
  type CallOptions,
  type RpcMethod,
  rpc,
  type SkillContext,
  type SkillMethod,
  type SkillOptions,
  skill,
} from "./module/methods.ts";
export { isModuleClass, Module, type ModuleBase, type ModuleClass, type ModuleConstructor } from "./module/module.ts";
export { type ModuleRun, type RunCallOptions, type RunSettings, runOf } from "./module/module-run.ts";
export type { ModuleTypes } from "./module/module-types.ts";
export { type Picture, pictureOf } from "./module/picture.ts";
export { optional, type RefOf, type RefSpec, type RefTarget, spec } from "./module/refs.ts";
export type { Lifecycle, RemoteMethods } from "./module/remote-methods.ts";
export type { ModuleShape, PortShape, RefShape } from "./module/shape.ts";
export { isDone } from "./module/skill-answer.ts";
export { findSkillTool, type SkillTool, skillTools } from "./module/skill-tools.ts";
export type {
  ModuleMembers,
  ModuleSpec,
  PortCheck,
  PortClaim,
  PortSettings,
  PortSpec,
  RestartPolicy,
} from "./module/spec.ts";
export { DEFAULT_QOS, type Keep, type Qos, type SubscribeOptions } from "./qos.ts";
export { type ReadTextOptions, readTextFile } from "./read-text-file.ts";
export { RUN_EVENT_NAMES, type RunEventName, type RunEvents } from "./report/events.ts";
export type { LoadProgress } from "./report/load-progress.ts";
export type { ModuleState, ModuleStatus } from "./report/module-status.ts";
export type { PublishReceipt } from "./report/publish-receipt.ts";
export type { RunHealth } from "./report/run-health.ts";
export type { RunMetrics } from "./report/run-metrics.ts";
export type { TopicStatus } from "./report/topic-status.ts";
export { isRunAlive, type RunEntry, type RunState } from "./runs/run-entry.ts";
export { checkRunName, fitRunName } from "./runs/run-name.ts";
export { type RunListing, RunRegistry } from "./runs/run-registry.ts";
export type { EstopReport, EstopState } from "./safety/estop-state.ts";
export { describeHold, type HoldEvent, type HoldState } from "./safety/hold.ts";
export type { CapabilityHolder } from "./safety/lease.ts";
export type { InferInput, InferOutput, JsonSchema, SchemaIssue, SchemaResult, StandardSchema } from "./schema.ts";
export type { EdgeCounters, Subscriber } from "./stream/edge.ts";
export type { HandleContext, Handler } from "./stream/handler.ts";
export { In } from "./stream/in.ts";
export { InOut } from "./stream/in-out.ts";
export { Out } from "./stream/out.ts";
export type { PathLoss } from "./stream/path-loss.ts";
export { StreamReader, type StreamSource } from "./stream/stream-reader.ts";
export type { Transport } from "./transport.ts";
export { CALL_PATH, READ } from "./worker/expose.ts";
export type { DelayMetrics, DropMetrics, MethodMetrics, PortMetrics, WorkerMetrics } from "./worker/metrics.ts";
export { workingDirectory } from "./working-directory.ts";
