import type { Picture } from "@dimos/core";
import type { ModelMessage, ToolResultPart, UserModelMessage } from "ai";
import { describePicture, resultText } from "../skill-result.ts";
import type { SkillOutcome } from "../turn.ts";

/** The text of a result is cut after so many characters. */
const MAX_RESULT_CHARACTERS = 4_000;

interface Call {
  readonly toolCallId: string;
  readonly toolName: string;
}

/** What the model is told of a skill call. */
export function resultPart({ toolCallId, toolName }: Call, outcome: SkillOutcome): ToolResultPart {
  const output = outcome.ok
    ? ({ type: "text", value: resultText(outcome.value ?? "done", MAX_RESULT_CHARACTERS) } as const)
    : ({ type: "error-text", value: outcome.error.slice(0, MAX_RESULT_CHARACTERS) } as const);
  return { type: "tool-result", toolCallId, toolName, output };
}

/**
 * Pictures as a message of their own: not every API takes them in the result of a tool. In that result stands, in words,
 * that there is one.
 */
export function pictureMessage(pictures: readonly (Picture & { readonly from: string })[]): ModelMessage {
  const content: Exclude<UserModelMessage["content"], string> = pictures.flatMap((picture) => [
    { type: "text", text: `The picture from ${picture.from} (${describePicture(picture)}):` },
    { type: "file", data: picture.data, mediaType: picture.mimeType },
  ]);
  return { role: "user", content };
}
