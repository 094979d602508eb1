import { type Qos, RUN_EVENT_NAMES } from "@dimos/core";
import { InvalidArgumentError } from "@dimos/rpc";

// What programs without types give: an error here names what is wrong; further in it would be a riddle, or nothing at all.

const KEEPS: readonly unknown[] = ["latest", "queue", "all", undefined];

export function checkSettings(what: string, settings: unknown): void {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    throw new InvalidArgumentError(what, "an object", settings);
}

export function checkStream(stream: unknown): void {
  if (typeof stream !== "string") throw new InvalidArgumentError("a stream", "given by its name", stream);
}

export function checkSubscription(callback: unknown, qos: Partial<Qos> | undefined): void {
  checkCallback("a subscriber", callback);
  if (qos === undefined) return;
  checkSettings("the qos of a subscription", qos);
  if (!KEEPS.includes(qos.keep)) throw new InvalidArgumentError("keep", '"latest", "queue" or "all"', qos.keep);
}

export function checkListener(event: unknown, callback: unknown): void {
  if (!(RUN_EVENT_NAMES as readonly unknown[]).includes(event))
    throw new InvalidArgumentError("an event", `one of ${RUN_EVENT_NAMES.join(", ")}`, event);
  checkCallback("a listener", callback);
}

/** Of `call("Module.method", args)`. */
export function checkTarget(target: unknown, args: unknown): void {
  if (typeof target !== "string")
    throw new InvalidArgumentError("what is called", 'a text like "Module.method"', target);
  if (!Array.isArray(args)) throw new InvalidArgumentError(`the arguments of ${target}`, "an array", args);
}

function checkCallback(what: string, callback: unknown): void {
  if (typeof callback !== "function") throw new InvalidArgumentError(what, "a function", callback);
}
