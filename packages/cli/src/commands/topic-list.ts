import { chooseLiveRun, openRegistry } from "../connection/choose-run.ts";
import type { RunOption } from "../connection/connect.ts";
import { RunClient } from "../connection/run-client.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson, table } from "../output/print.ts";

/** `dimos topic list`: every stream, who publishes it, who receives it, and where nobody does. */
export async function listTopics(options: RunOption & { readonly json?: boolean }): Promise<ExitCode> {
  await using client = await RunClient.connect(chooseLiveRun(openRegistry(), options.run));
  const topics = await client.listTopics();
  if (options.json === true) {
    await printJson(topics);
    return EXIT.ok;
  }
  const paint = new Paint(process.stdout);
  const nobody = paint.state("nobody");
  const rows = topics.map(({ topic, messageName, publishers, subscribers, isFromOutside }) => {
    const from = isFromOutside ? [...publishers, "outside"] : publishers;
    return [
      topic,
      messageName,
      from.length === 0 ? nobody : from.join(", "),
      subscribers.length === 0 ? nobody : subscribers.join(", "),
    ];
  });
  await print(table([["TOPIC", "MESSAGE", "PUBLISHED BY", "RECEIVED BY"], ...rows]));
  return EXIT.ok;
}
