import { type Picture, pictureOf } from "@dimos/core";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { plainValue } from "./plain-value.ts";

/** What a skill returned, as agents take it: text, pictures as pictures, and objects also as they are. */
export function toolResult(value: unknown): CallToolResult {
  const pictures: Picture[] = [];
  const plain = plainValue(value, pictures);
  const isBarePicture = pictureOf(value) !== undefined && typeof plain === "string";
  const images = pictures.map(({ mimeType, data }) => ({
    type: "image" as const,
    mimeType,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
  }));
  return {
    content: [...(isBarePicture ? [] : [{ type: "text" as const, text: textOf(plain) }]), ...images],
    ...(isRecord(plain) ? { structuredContent: plain } : {}),
  };
}

/** A call that failed: the agent reads why, and may do better. `code` is for programs. */
export function failedResult(sentence: string, code?: unknown): CallToolResult {
  const meta = typeof code === "string" ? { _meta: { "dimos/code": code } } : {};
  return { content: [{ type: "text", text: sentence }], isError: true, ...meta };
}

/** The result of a call that threw. */
export function thrownResult(error: unknown): CallToolResult {
  const sentence = error instanceof Error ? error.message || error.name : String(error);
  return failedResult(sentence, error instanceof Error ? (error as { code?: unknown }).code : undefined);
}

function textOf(plain: unknown): string {
  if (plain === undefined) return "Done.";
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
