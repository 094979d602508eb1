import { setTimeout as sleep } from "node:timers/promises";
import type { PublishReceipt } from "@dimos/core";
import { parseCount } from "../arguments/counts.ts";
import { messageOf } from "../arguments/message-argument.ts";
import { connectTo, type RunOption } from "../connection/connect.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, say } from "../output/print.ts";
import { toJson } from "../output/show-value.ts";

export interface PublishOptions extends RunOption {
  readonly json?: boolean;
  readonly rate?: string;
  readonly count?: string;
}

/** Of `-n` without `--rate`. */
const DEFAULT_HZ = 1;
const RUN_ENDED: ReadonlySet<unknown> = new Set(["COORDINATOR_STOPPED", "CONNECTION_LOST"]);

/** `dimos topic pub TOPIC MESSAGE`: once, so often, or with `--rate` until Ctrl-C. */
export async function publishTopic(
  topic: string,
  texts: readonly string[],
  options: PublishOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const message = messageOf(texts);
  const { times, periodMs } = planOf(options);
  await using app = await connectTo(options);
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  app.on("stopped", () => ended.abort());
  const startMs = performance.now();
  let told = "";
  let done = 0;
  while (done < times && !stop.aborted) {
    const receipt = await app.publish(topic, message, { signal: stop }).catch(unlessOver(stop, ended));
    if (receipt === undefined) break;
    done++;
    if (options.json === true) await print(toJson(receipt));
    const lines = describe(receipt);
    const text = lines.join("\n");
    if (text !== told) for (const line of lines) say(line);
    told = text;
    if (done < times) await sleep(dueInMs(startMs, periodMs, done), undefined, { signal: stop }).catch(() => undefined);
  }
  if (times > 1) say(`Published ${done} ${done === 1 ? "message" : "messages"}`);
  if (!ended.signal.aborted) return EXIT.ok;
  say("The run has ended");
  return EXIT.failed;
}

/** Who got it; a warning when that is nobody, or moves nothing. One after the other. */
function describe(receipt: PublishReceipt): readonly string[] {
  const { topic, messageName, receivers, withheld, refused = [], estop, readers, missing, isValidated } = receipt;
  const others = readers === 0 ? [] : [`${readers} ${readers === 1 ? "reader" : "readers"}`];
  const all = [...receivers, ...others];
  const lines = [
    all.length === 0 && withheld.length === 0
      ? `Warning: nobody receives ${topic} (${messageName}); "dimos topic list" shows who would`
      : `Published on ${topic} (${messageName}) to ${all.join(", ") || "nobody"}`,
  ];
  for (const { port, fault } of refused) lines.push(`Warning: ${port} leaves it out: ${fault}`);
  if (estop.latched) {
    const whom = withheld.length === 0 ? "" : `${withheld.join(", ")} did not get it, and `;
    lines.push(
      `Warning: the emergency stop is latched (${estop.reason}): ${whom}nothing moves until "dimos estop --reset"`,
    );
  }
  if (missing > 0) lines.push(`Warning: ${missing === 1 ? "a worker" : `${missing} workers`} of them did not take it`);
  if (!isValidated)
    lines.push(`Warning: the run does not know the schema of ${messageName}: nobody checked the message`);
  return lines;
}

function planOf({ rate, count }: PublishOptions): { readonly times: number; readonly periodMs: number } {
  const hz = rate === undefined ? DEFAULT_HZ : Number(rate);
  if (!(hz > 0 && hz <= 1000)) throw new UsageError(`--rate takes messages per second, up to 1000, got "${rate}"`);
  return { times: parseCount(count, rate === undefined ? 1 : Number.POSITIVE_INFINITY), periodMs: 1000 / hz };
}

/** Messages are due at fixed times, so that the rate does not drift; those that are late are not made up for. */
function dueInMs(startMs: number, periodMs: number, done: number): number {
  const dueMs = startMs + done * periodMs - performance.now();
  return Math.max(0, dueMs);
}

function unlessOver(stop: AbortSignal, ended: AbortController): (error: unknown) => undefined {
  return (error) => {
    if (RUN_ENDED.has((error as { code?: unknown }).code)) ended.abort();
    if (!stop.aborted) throw error;
  };
}
