/** A picture that a skill returned: agents get it as one. */
export interface Picture {
  /** `image/png`. */
  readonly mimeType: string;
  readonly data: Uint8Array;
}

/** The picture that a value is, without what else is known of it; undefined when it is none. */
export function pictureOf(value: unknown): Picture | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { mimeType, data } = value as Partial<Record<string, unknown>>;
  const isPicture = typeof mimeType === "string" && mimeType.startsWith("image/") && data instanceof Uint8Array;
  return isPicture ? { mimeType, data } : undefined;
}
