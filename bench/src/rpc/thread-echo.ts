/** What tinypool calls in its threads. */
export default function echo(value: unknown): unknown {
  return value;
}
