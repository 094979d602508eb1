import { openRegistry } from "../connection/choose-run.ts";
import { RunClient } from "../connection/run-client.ts";

/** Names of what is alive, for completion: of all runs, and nothing of one that does not answer. */
export async function namesOf(kind: "skills" | "methods" | "modules" | "topics"): Promise<readonly string[]> {
  const names = await Promise.all(
    openRegistry()
      .alive()
      .map(async (run) => {
        await using client = await RunClient.connect(run);
        if (kind === "topics") {
          const topics = await client.listTopics();
          return topics.flatMap(({ topic, publishers, subscribers }) => [topic, ...publishers, ...subscribers]);
        }
        const { modules } = await client.directory();
        return modules.flatMap(({ instance, description: { skills, rpcs } }): string[] => {
          if (kind === "modules") return [instance];
          if (kind === "skills") return skills.map(({ name }) => name);
          return [...rpcs, ...skills].map(({ name }) => `${instance}.${name}`);
        });
      }),
  ).catch(() => []);
  return names.flat();
}
