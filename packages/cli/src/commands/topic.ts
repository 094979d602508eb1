import { setTimeout as sleep } from "node:timers/promises";
import { parseCount } from "../arguments/counts.ts";
import { parseDuration } from "../arguments/durations.ts";
import { type App, connectTo, type RunOption } from "../connection/connect.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { RateMeter } from "../live/rate-meter.ts";
import { print, say } from "../output/print.ts";
import { showValue, toJson } from "../output/show-value.ts";
import { shown } from "../output/shown.ts";

type Options = RunOption & { readonly json?: boolean };

export interface ReadOptions extends Options {
  readonly count?: string;
  readonly timeout?: string;
}

const HZ_WINDOW_MS = 1_000;

/** `dimos topic echo TOPIC`: prints messages as they come. */
export async function echoTopic(topic: string, options: ReadOptions, signal: AbortSignal): Promise<ExitCode> {
  let left = parseCount(options.count, Number.POSITIVE_INFINITY);
  return reading(topic, options, signal, async (message, done) => {
    if (left-- <= 0) return;
    await print(options.json === true ? toJson(message) : shown`${showValue(message)}---\n`);
    if (left <= 0) done();
  });
}

/** `dimos topic hz TOPIC`: how often messages come, each second. */
export async function topicRate(topic: string, options: ReadOptions, signal: AbortSignal): Promise<ExitCode> {
  const meter = new RateMeter();
  const ended = new AbortController();
  let left = parseCount(options.count, Number.POSITIVE_INFINITY);
  const report = async () => {
    while (!ended.signal.aborted && left > 0) {
      await sleep(HZ_WINDOW_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      const rate = meter.take();
      left--;
      if (options.json === true) await print(toJson(rate));
      else if (process.stdout.isTTY) await print(shown`\r\x1b[2K${meter.describe(rate)}`);
      else await print(shown`${meter.describe(rate)}\n`);
    }
  };
  const code = await reading(
    topic,
    options,
    signal,
    (_message, done) => {
      meter.count(performance.now());
      if (left <= 0) done();
    },
    (done) => void report().then(done),
  );
  ended.abort();
  if (process.stdout.isTTY && options.json !== true) await print(shown`\n`);
  return code;
}

/** Reads a stream until it is done, the run has ended, the time is over, or a signal comes. */
async function reading(
  topic: string,
  options: ReadOptions,
  signal: AbortSignal,
  take: (message: unknown, done: () => void) => unknown,
  begun: (done: () => void) => void = () => {},
): Promise<ExitCode> {
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout, "--timeout");
  await using app: App = await connectTo(options);
  const { promise, resolve } = Promise.withResolvers<ExitCode>();
  const done = () => resolve(EXIT.ok);
  signal.addEventListener("abort", done);
  const unwatch = app.on("stopped", () => {
    say("The run has ended");
    resolve(EXIT.failed);
  });
  const late = () => {
    say(`Nothing more came on ${topic} within ${(timeoutMs as number) / 1000} s`);
    resolve(EXIT.timeout);
  };
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;
  try {
    unsubscribe = await app.subscribe(topic, (message) => take(message, done), { keep: "queue", depth: 1000 });
    if (timeoutMs !== undefined) timer = setTimeout(late, timeoutMs);
    begun(done);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", done);
    unsubscribe?.();
    unwatch();
  }
}
