import { isDone, type SkillTool } from "@dimos/core";
import { describePicture, picturesIn, resultText } from "../skill-result.ts";

/** What this is, in every answer that could make somebody think otherwise. */
export const LABEL = "offline command parser, not an LLM";

const SHOWN_CHARACTERS = 400;
/** A robot that walks sways: less than this of a turn is not worth a sentence. */
const UNTOLD_DEG = 15;

/** What a skill returned, as a sentence. What was measured is told, never what was asked for. */
export function reportResult({ skill }: SkillTool, value: unknown): string {
  const [picture] = picturesIn(value);
  if (picture !== undefined) {
    const { width, height } = value as { readonly width?: unknown; readonly height?: unknown };
    const size = typeof width === "number" && typeof height === "number" ? `, ${width} × ${height} pixels` : "";
    return `I took a picture (${describePicture(picture)}${size}). What is on it I cannot tell: I am an ${LABEL}.`;
  }
  if (value === undefined || value === null) return `${skill.name}: done.`;
  if (typeof value !== "object") return `${value}`;
  if (skill.lifecycle === "background") return `${skill.name} has begun, and goes on by itself. Say "stop" to end it.`;
  const result = value as Readonly<Record<string, unknown>>;
  const measured = measuredIn(result);
  if (!isDone(value)) {
    const reason =
      typeof result.error === "string" ? withFullStop(result.error) : `${skill.name} ended as ${result.status}.`;
    return measured === "" ? reason : `${reason} ${measured}`;
  }
  return measured === "" ? `${skill.name}: ${resultText(value, SHOWN_CHARACTERS)}` : measured;
}

/** What a result measured, as sentences; empty when it measured nothing. */
export function measuredIn({
  moved,
  turnedDegrees,
  distanceLeft,
  degreesLeft,
  percent,
  voltage,
  waited,
  status,
}: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  if (
    typeof moved === "number" &&
    (Math.abs(moved) >= 0.05 || turnedDegrees === undefined || Math.abs(Number(turnedDegrees)) < 1)
  )
    parts.push(`Moved ${moved.toFixed(2)} m.`);
  if (typeof turnedDegrees === "number" && Math.abs(turnedDegrees) >= 1)
    parts.push(`Turned ${Math.round(Math.abs(turnedDegrees))}° to the ${turnedDegrees > 0 ? "left" : "right"}.`);
  if (typeof distanceLeft === "number" && status !== "reached") parts.push(`It is ${distanceLeft.toFixed(2)} m away.`);
  if (typeof degreesLeft === "number" && status !== "reached" && Math.abs(degreesLeft) > UNTOLD_DEG)
    parts.push(
      `A turn of ${Math.round(Math.abs(degreesLeft))}° to the ${degreesLeft > 0 ? "left" : "right"} is still missing.`,
    );
  if (typeof percent === "number")
    parts.push(
      `The battery is ${Math.round(percent)} % full${typeof voltage === "number" ? ` (${voltage.toFixed(1)} V)` : ""}.`,
    );
  if (typeof waited === "number") parts.push(`Waited ${waited} s.`);
  return parts.join(" ");
}

export function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
