import { didYouMean, type JsonSchema } from "@dimos/core";

/**
 * What is wrong with the names of the arguments; the values are checked where the skill runs. Schemas drop what they do
 * not know: a robot that is told `foward: 2` would answer that it has arrived.
 */
export function unknownArgument(
  tool: string,
  input: JsonSchema,
  args: Readonly<Record<string, unknown>>,
): string | undefined {
  const { properties = {}, additionalProperties } = input as {
    properties?: Readonly<Record<string, unknown>>;
    additionalProperties?: unknown;
  };
  if (additionalProperties !== undefined && additionalProperties !== false) return undefined;
  const known = Object.keys(properties);
  const unknown = Object.keys(args).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const takes = known.length === 0 ? `${tool} takes none` : `${tool} takes: ${known.join(", ")}`;
  return `There is no argument "${unknown}".${didYouMean(unknown, known)} ${takes}`;
}
