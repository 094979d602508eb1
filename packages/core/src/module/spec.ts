import type { DeepReadonly } from "../deep-readonly.ts";
import type { MessageType } from "../message.ts";
import type { Qos } from "../qos.ts";
import type { InferOutput, StandardSchema } from "../schema.ts";
import type { In } from "../stream/in.ts";
import type { InOut } from "../stream/in-out.ts";
import type { Out } from "../stream/out.ts";
import type { RunSettings } from "./module-run.ts";
import type { RefOf, RefTarget } from "./refs.ts";

/**
 * What the input of a module expects of a message beyond what its type does, such as the frame that it is given in. Says
 * what is wrong and what to do, as a clause, or undefined. It runs for every message: a microsecond, no more.
 *
 * @param frame gives the full name of a frame, with the namespace of the module: its `this.frame`
 */
export type PortCheck<T> = (message: DeepReadonly<T>, frame: (id: string) => string) => string | undefined;

/** A port carries a message type; with a QoS of its own where the message's default does not fit. */
export type PortSpec =
  | MessageType<unknown>
  | {
      readonly type: MessageType<unknown>;
      readonly qos?: Qos;
      /** For inputs: a message in which one of these finds a fault is left out. */
      readonly checks?: readonly PortCheck<never>[];
    };

export interface RestartPolicy {
  readonly policy: "never" | "on-failure" | "always";
  readonly maxRestarts?: number;
  readonly backoffMs?: number;
}

/** A TCP port that a module will bind. */
export interface PortClaim {
  /** 0, any free one, is never taken. */
  readonly port: number;
  /** Default: every address of this host. */
  readonly host?: string;
  /** What to do when it is taken: `Choose another with --mcp-port`. */
  readonly remedy?: string;
}

/** What the ports of a module may depend on. */
export interface PortSettings {
  /** The module's config, completed with defaults. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Settings of the run. */
  readonly settings: RunSettings;
}

/** What a module is, before anything of it runs. */
export interface ModuleSpec {
  /** `import.meta.url` of the file that exports the class: a worker imports it from there. */
  readonly source: string;
  /** Instance name; default: the class name. */
  readonly name?: string;
  readonly config?: StandardSchema;
  readonly inputs?: Readonly<Record<string, PortSpec>>;
  readonly outputs?: Readonly<Record<string, PortSpec>>;
  /** Both directions on one topic. */
  readonly inouts?: Readonly<Record<string, PortSpec>>;
  readonly refs?: Readonly<Record<string, RefTarget>>;
  /** A worker of its own. */
  readonly dedicatedWorker?: boolean;
  /** Modules of one group and namespace share a worker, so that what they send each other is never copied. */
  readonly group?: string;
  /** Drives actuators: gets a worker of its own and is halted first when something goes wrong. */
  readonly actuator?: boolean;
  /** The run ends when this module has failed for good. */
  readonly essential?: boolean;
  readonly swap?: "stop-first";
  readonly restart?: RestartPolicy;
  /** TCP ports it will bind, checked before anything of a load is started. What claims ports is stopped before its successor comes. */
  readonly ports?: readonly (number | PortClaim)[] | ((known: PortSettings) => readonly PortClaim[]);
}

type PayloadOf<P> = P extends MessageType<infer T> ? T : P extends { readonly type: MessageType<infer T> } ? T : never;
type Members<T> = T extends object ? T : Record<never, never>;

/** The members that `Module(spec)` gives to `this`. */
export type ModuleMembers<S extends ModuleSpec> = {
  readonly [K in keyof Members<S["inputs"]>]: In<PayloadOf<Members<S["inputs"]>[K]>>;
} & {
  readonly [K in keyof Members<S["outputs"]>]: Out<PayloadOf<Members<S["outputs"]>[K]>>;
} & {
  readonly [K in keyof Members<S["inouts"]>]: InOut<PayloadOf<Members<S["inouts"]>[K]>>;
} & {
  readonly [K in keyof Members<S["refs"]>]: RefOf<Members<S["refs"]>[K]>;
} & {
  readonly config: S["config"] extends StandardSchema
    ? Readonly<InferOutput<S["config"]>>
    : Readonly<Record<string, never>>;
};
