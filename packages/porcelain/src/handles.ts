import type { Lifecycle, ModuleTypes, RunCallOptions, SkillMethod } from "@dimos/core";
import type { Remote } from "@dimos/rpc";
import type { AiSdkTool, AnthropicTool, OpenAITool } from "./tool-formats.ts";

/** Whether a blueprint package has told its types (`declare module "@dimos/core" { interface ModuleTypes ... }`). */
type HasTypes = keyof ModuleTypes extends never ? false : true;

/** A handle to a module: all of it but its life, which is the coordinator's. */
export type ModuleHandle<T> = Remote<{ readonly [K in keyof T as Exclude<K, Lifecycle>]: T[K] }>;

/** Handles of all modules by name. As long as no types are known, any name is allowed. */
export type ModuleHandles = HasTypes extends true
  ? { readonly [K in keyof ModuleTypes]: ModuleHandle<ModuleTypes[K]> }
  : // biome-ignore lint/suspicious/noExplicitAny: without types, everything is possible
    { readonly [name: string]: any };

type SkillsOf<T> = { readonly [K in keyof T as T[K] extends SkillMethod<infer _I, infer _R> ? K : never]: T[K] };

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
  ? I
  : never;

/** Every skill of every module by name, as `(input, { signal, timeoutMs, onProgress }?) => Promise`. */
export type Skills = HasTypes extends true
  ? UnionToIntersection<{ [K in keyof ModuleTypes]: SkillsOf<ModuleTypes[K]> }[keyof ModuleTypes]>
  : // biome-ignore lint/suspicious/noExplicitAny: without types, everything is possible
    { readonly [name: string]: any };

/** Skills as the tools of language models, with no dependency on any of them. */
export interface SkillTools {
  toOpenAITools(): OpenAITool[];
  toAnthropicTools(): AnthropicTool[];
  /** For the `ai` package: `generateText({ tools: app.skills.toAiSdkTools() })`. */
  toAiSdkTools(): Record<string, AiSdkTool>;
  /**
   * The way back: calls the skill that a tool's name means, in whichever form the tools were given.
   *
   * @param input what the model gives: an object, or its JSON
   */
  callTool(name: string, input?: unknown, options?: RunCallOptions): Promise<unknown>;
}
