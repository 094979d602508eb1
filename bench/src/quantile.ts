/** Linear between the two nearest values; NaN without any. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] as number;
  return low + ((sorted[Math.ceil(position)] as number) - low) * (position % 1);
}
