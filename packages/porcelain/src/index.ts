export type { CallInterceptor, OutgoingCall } from "./call-interceptor.ts";
export type { MethodListing, ModuleListing } from "./describe.ts";
export { Dimos, type DimosConstructor } from "./dimos-class.ts";
export {
  AmbiguousSkillError,
  InvalidTargetError,
  NoRunError,
  NotRunningError,
  type PorcelainErrorCode,
  ReservedNameError,
  StoppedError,
  UnknownMethodError,
  UnknownModuleError,
  UnknownSkillError,
  UnknownStreamError,
} from "./errors.ts";
export { findRun } from "./find-run.ts";
export type { ModuleHandle, ModuleHandles, Skills, SkillTools } from "./handles.ts";
export type { ConnectOptions, DimosState, RunHandle, RunOptions } from "./options.ts";
export type { SkillListing, UnofferedListing } from "./skill-proxy.ts";
export type { Target } from "./targets.ts";
export type { AiSdkTool, AnthropicTool, OpenAITool } from "./tool-formats.ts";
