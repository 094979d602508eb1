/** A grid on the floor: its lower left corner in metres, its size in cells. */
export interface GridBounds {
  readonly originX: number;
  readonly originY: number;
  readonly width: number;
  readonly height: number;
}

/** Maps grow in blocks of this size, so that they grow seldom. Metres. */
const BLOCK_M = 2;

/**
 * Bounds that hold the old ones, the sensor and the points, none of them wider than `maxSize` metres: growth ends there.
 * The same object when the old bounds do. The origin stays on whole cells.
 */
export function growBounds(
  old: GridBounds,
  points: Float32Array,
  sensor: { readonly x: number; readonly y: number },
  resolution: number,
  maxSize: number,
): GridBounds {
  const isEmpty = old.width === 0;
  const x: Span = isEmpty ? [sensor.x, sensor.x] : [old.originX, old.originX + old.width * resolution];
  const y: Span = isEmpty ? [sensor.y, sensor.y] : [old.originY, old.originY + old.height * resolution];
  const [seenX, seenY]: [Span, Span] = [
    [sensor.x, sensor.x],
    [sensor.y, sensor.y],
  ];
  for (let i = 0; i < points.length; i += 3) {
    widen(seenX, points[i] as number);
    widen(seenY, points[i + 1] as number);
  }
  const [wideX, wideY] = [grown(x, seenX, maxSize), grown(y, seenY, maxSize)];
  if (!isEmpty && wideX === x && wideY === y) return old;
  const cells = (span: Span) => Math.round((span[1] - span[0]) / resolution);
  return { originX: wideX[0], originY: wideY[0], width: cells(wideX), height: cells(wideY) };
}

type Span = [low: number, high: number];

function widen(span: Span, value: number): void {
  if (value < span[0]) span[0] = value;
  if (value > span[1]) span[1] = value;
}

function grown(span: Span, seen: Span, maxSize: number): Span {
  const isInside = seen[0] >= span[0] && seen[1] < span[1];
  if (isInside) return span;
  const low = seen[0] < span[0] || span[0] === span[1] ? Math.floor(seen[0] / BLOCK_M) * BLOCK_M : span[0];
  const high = seen[1] >= span[1] ? (Math.floor(seen[1] / BLOCK_M) + 1) * BLOCK_M : span[1];
  if (high - low <= maxSize) return [low, high];
  if (span[0] === span[1]) {
    const middle = Math.floor(span[0] / BLOCK_M) * BLOCK_M;
    return [middle - maxSize / 2, middle + maxSize / 2];
  }
  return span;
}
