import type { Dimos } from "../src/index.ts";

/** Does what a language model asked for, one after the other, and returns what goes back to it. */
export async function doAsked(app: Dimos, calls: readonly { readonly name: string; readonly arguments: string }[]) {
  const answers: unknown[] = [];
  for (const { name, arguments: input } of calls) {
    try {
      answers.push(await app.skills.callTool(name, input));
    } catch (error) {
      answers.push({ error: (error as Error).message }); // it says what is wrong: the model can do better
    }
  }
  return answers;
}
