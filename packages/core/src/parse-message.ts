import { InvalidInputError } from "./errors.ts";
import type { MessageType } from "./message.ts";
import { describeIssues } from "./parse-input.ts";
import type { StandardSchema } from "./schema.ts";

/**
 * Validates a message with its schema and the `check` of its type, and returns it with its defaults.
 *
 * @param schema what validates instead of the schema itself
 */
export async function parseMessage(
  type: MessageType<unknown>,
  message: unknown,
  subject: string,
  schema: Pick<StandardSchema["~standard"], "validate"> = type.schema["~standard"],
): Promise<unknown> {
  const result = await schema.validate(message);
  if (result.issues !== undefined) throw new InvalidInputError(subject, describeIssues(result.issues));
  const fault = type.check?.(result.value as never);
  if (fault !== undefined) throw new InvalidInputError(subject, [fault]);
  return result.value;
}
