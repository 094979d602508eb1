/** The value of a `key=value` pair: JSON where it can be, else the text as it stands. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
