import { hasBrand, METHOD, RUNNER } from "../brand.ts";
import { SkillNotOfferedError } from "../errors.ts";
import type { InferInput, InferOutput, StandardSchema } from "../schema.ts";
import type { Background, BackgroundBody } from "./background-work.ts";
import { parameterNames } from "./parameter-names.ts";
import type { SkillHost } from "./skill-host.ts";
import { SkillRunner } from "./skill-runner.ts";

/** What a caller may say beside the arguments. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The call ends after this time, whatever it reports. Default: the method's own deadline, which progress renews. */
  readonly timeoutMs?: number;
  readonly onProgress?: (value: unknown) => void;
}

/** A call that came from outside of its module, which keeps the deadline there. */
export interface HostedCall extends CallOptions {
  /** How long the caller waits. */
  readonly patienceMs?: number;
}

/** What a skill is given beside its input. */
export interface SkillContext {
  /** Aborted when the caller aborts or disappears, when the module stops, and for a skill that `uses` something by an emergency stop. */
  readonly signal: AbortSignal;
  /** Tells the caller how far it is; renews the skill's own deadline, and not one that the caller gave. */
  progress(value: unknown): void;
}

/** What a background skill is given beside its input. Its `signal` counts until it has accepted. */
export interface BackgroundContext extends SkillContext {
  /**
   * `return accept(answer, work)` answers the caller and begins `work`, which goes on when the caller is gone. The skill
   * holds what it `uses` until `work` settles. The signal of `work` is aborted by `end()` of the skill, when the module
   * stops, and by an emergency stop. To refuse, return or throw without calling this.
   */
  accept<Answer>(answer: Answer, work: BackgroundBody): Background<Answer>;
}

export interface RpcDeclaration {
  readonly kind: "rpc";
  /** Names of its parameters; optional ones end in `?`. */
  readonly parameters: readonly string[];
  readonly description?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** It makes the robot move: refused while an emergency stop is latched. */
  readonly moves?: boolean | undefined;
}

export interface SkillDeclaration {
  readonly kind: "skill";
  readonly description: string;
  readonly input?: StandardSchema | undefined;
  /** Capabilities that have one holder at a time, like `"movement"`. */
  readonly uses: readonly string[];
  /** `background` skills answer once accepted and go on. */
  readonly lifecycle: "instant" | "background";
  /** The skill of the same module that ends a background one. */
  readonly endedBy?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export type MethodDeclaration = RpcDeclaration | SkillDeclaration;

export interface RpcMethod<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  readonly [METHOD]: RpcDeclaration;
}

export interface SkillMethod<Input, Result> {
  (
    ...args: Record<never, never> extends Input
      ? [input?: Input, options?: CallOptions]
      : [input: Input, options?: CallOptions]
  ): Promise<Result>;
  readonly [METHOD]: SkillDeclaration;
}

/** A skill that goes on after its answer. `end` and `isRunning` are for its own module. */
export interface BackgroundSkillMethod<Input, Result> extends SkillMethod<Input, Result> {
  readonly isRunning: boolean;
  /** Ends the work, and waits until it has settled. Resolves to whether there was any. */
  end(reason?: Error): Promise<boolean>;
}

/** Declares a method that others may call: `status = rpc(async () => ...)`. */
export function rpc<Args extends readonly unknown[], Result>(
  method: (...args: Args) => Result | PromiseLike<Result>,
  options: { readonly description?: string; readonly timeoutMs?: number; readonly moves?: boolean } = {},
): RpcMethod<Args, Result> {
  const declared = async (...args: Args): Promise<Result> => await method(...args);
  return declareMethod(declared, { kind: "rpc", parameters: parameterNames(method), ...options });
}

export interface SkillOptions<Schema extends StandardSchema> {
  /** One or two sentences for people and agents: what it does, in which frame and units. */
  readonly description: string;
  readonly input?: Schema;
  /**
   * Capabilities that the skill holds alone while it runs, all of them or none: `["movement"]`. In a namespace they are
   * the namespace's own. Who comes second waits for an instant skill up to 30 s, and is refused behind a background one.
   */
  readonly uses?: readonly string[];
  readonly lifecycle?: "instant";
  /** Deadline of a call; progress renews it. Default 120 s. */
  readonly timeoutMs?: number;
}

export interface BackgroundSkillOptions<Schema extends StandardSchema> extends Omit<SkillOptions<Schema>, "lifecycle"> {
  readonly lifecycle: "background";
  /** The skill of this module that ends it, for people who have to wait for it. */
  readonly endedBy?: string;
}

type NoInput = StandardSchema<Record<string, never>, Record<string, never>>;
type AnswerOf<Result> = Result extends Background<infer Answer> ? Answer : Result;

/**
 * Declares a method that is also offered to agents. Its input is one object, checked and completed with defaults
 * by the schema before the body runs, from wherever the call comes.
 *
 * One with `lifecycle: "background"` answers once it has accepted, and goes on:
 * `return accept({ status: "exploring" }, async ({ signal }) => { ... })`. Another skill ends it with `this.name.end()`.
 */
export function skill<Schema extends StandardSchema = NoInput, Result = unknown>(
  options: SkillOptions<Schema>,
  body: (input: InferOutput<Schema>, context: SkillContext) => Result | PromiseLike<Result>,
): SkillMethod<InferInput<Schema>, Result>;
export function skill<Schema extends StandardSchema = NoInput, Result = unknown>(
  options: BackgroundSkillOptions<Schema>,
  body: (input: InferOutput<Schema>, context: BackgroundContext) => Result | PromiseLike<Result>,
): BackgroundSkillMethod<InferInput<Schema>, AnswerOf<Result>>;
export function skill(
  options: SkillOptions<StandardSchema> | BackgroundSkillOptions<StandardSchema>,
  body: (input: never, context: BackgroundContext) => unknown,
): unknown {
  const { description, input: schema, uses = [], lifecycle = "instant", timeoutMs } = options;
  const endedBy = "endedBy" in options ? options.endedBy : undefined;
  const declaration: SkillDeclaration = {
    kind: "skill",
    description,
    input: schema,
    uses,
    lifecycle,
    endedBy,
    timeoutMs,
  };
  const runner = new SkillRunner(declaration, schema, body as (input: unknown, context: BackgroundContext) => unknown);
  const declared = async (input?: unknown, call: HostedCall = {}): Promise<unknown> => runner.call(input, call);
  Object.defineProperty(declared, RUNNER, { value: runner });
  if (lifecycle === "background") {
    Object.defineProperties(declared, {
      isRunning: { get: () => runner.works.isRunning },
      end: { value: (reason = new Error("It was ended")) => runner.works.end(reason) },
    });
  }
  return declareMethod(declared, declaration);
}

function declareMethod<F extends object, D extends MethodDeclaration>(
  method: F,
  declaration: D,
): F & { readonly [METHOD]: D } {
  Object.defineProperty(method, METHOD, { value: Object.freeze(declaration) });
  return method as F & { readonly [METHOD]: D };
}

/** The declared methods of a module instance, by name. */
export function declaredMethods(instance: object): Map<string, DeclaredMethod> {
  const methods = new Map<string, DeclaredMethod>();
  for (const [name, value] of Object.entries(instance)) {
    if (typeof value === "function" && hasBrand(value, METHOD)) methods.set(name, value as DeclaredMethod);
  }
  return methods;
}

export interface DeclaredMethod {
  (...args: unknown[]): Promise<unknown>;
  readonly [METHOD]: MethodDeclaration;
  /** Of a skill. */
  readonly [RUNNER]?: SkillRunner;
}

/** Lets the skills of a module run by the rules of its host. */
export function hostSkills(instance: object, host: SkillHost): void {
  for (const [name, method] of declaredMethods(instance)) {
    const runner = method[RUNNER];
    if (runner === undefined) continue;
    runner.join(host, name);
    const { problem } = runner.input.offered;
    if (problem === undefined) continue;
    const { message, code, data } = new SkillNotOfferedError(`${host.instance}.${name}`, problem);
    host.log.warn(message, { code, ...data });
  }
}
