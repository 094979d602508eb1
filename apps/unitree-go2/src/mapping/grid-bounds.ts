/** A grid on the floor: its lower left corner in metres, its size in cells. */
export interface GridBounds {
  readonly originX: number;
  readonly originY: number;
  readonly width: number;
  readonly height: number;
}

export interface Growth {
  /** Metres per cell. */
  readonly resolution: number;
  /** No grid is wider or higher than this. Metres. */
  readonly maxSize: number;
  /** A grid of that size moves with the sensor. Otherwise it stays where it has begun. */
  readonly follows: boolean;
}

/** Grids grow in blocks of this size, so that they grow seldom. Metres. */
const BLOCK_M = 2;
/** A grid that follows its sensor holds what was seen this near to it on every side. Metres. */
const ROOM_M = 5;

/** The cells from `low` up to, and without, `high`. Cell 0 begins at 0 m. */
type Span = readonly [low: number, high: number];
type Spans = readonly [x: Span, y: Span];

/** All in cells: sizes, and where the sensor is. */
interface Limits {
  readonly block: number;
  readonly most: number;
  readonly room: number;
  readonly sensor: readonly [x: number, y: number];
}

/**
 * Bounds that hold the old ones, the sensor and the points, as far as the largest size allows. A point that does not fit
 * in a grid of that size changes nothing for the others. A grid that follows its sensor first moves far enough to hold
 * what is near to it. Returns the same object when the old bounds do. The origin stays on whole cells.
 */
export function growBounds(
  old: GridBounds,
  points: Float32Array,
  sensor: { readonly x: number; readonly y: number },
  { resolution, maxSize, follows }: Growth,
): GridBounds {
  const cellOf = (metres: number) => Math.floor(metres / resolution);
  const most = Math.max(cellOf(maxSize), 1);
  const block = Math.max(Math.min(Math.ceil(BLOCK_M / resolution), Math.floor(most / 4)), 1);
  const room = Math.max(Math.min(ROOM_M / resolution, most / 2 - block), 0);
  const limits = { block, most, room, sensor: [cellOf(sensor.x), cellOf(sensor.y)] } as const;
  const cells = new Float64Array((points.length / 3) * 2);
  for (let i = 0, to = 0; i < points.length; i += 3) {
    cells[to++] = cellOf(points[i] as number);
    cells[to++] = cellOf(points[i + 1] as number);
  }
  const before = old.width === 0 ? undefined : spansOf(old, resolution);
  const begun = before ?? inBlocks(spansFrom(limits.sensor), block);
  const [x, y] = extended(follows ? moved(begun, cells, limits) : begun, cells, limits);
  if (before !== undefined && isSame(x, before[0]) && isSame(y, before[1])) return old;
  return { originX: x[0] * resolution, originY: y[0] * resolution, width: x[1] - x[0], height: y[1] - y[0] };
}

/** Moves spans, and cuts them off at the other end, so that they hold the sensor and what was seen near to it. */
function moved(spans: Spans, cells: Float64Array, limits: Limits): Spans {
  const { block, most, room, sensor } = limits;
  const isNear = (cell: number, axis: 0 | 1) => Math.abs(cell - sensor[axis]) <= room;
  const near = inBlocks(spanning(cells, spansFrom(sensor), isNear), block);
  return mapAxes((axis) => {
    const [[low, high], [nearLow, nearHigh]] = [spans[axis], near[axis]];
    const both = [Math.min(low, nearLow), Math.max(high, nearHigh)] as const;
    if (both[1] - both[0] <= most) return both;
    return nearLow < low ? [nearLow, nearLow + most] : [nearHigh - most, nearHigh];
  });
}

/** Extends spans to what was seen, block by block, first at the side that is nearer to the sensor. */
function extended(spans: Spans, cells: Float64Array, { block, most, sensor }: Limits): Spans {
  const fits = (cell: number, axis: 0 | 1) => cell >= spans[axis][1] - most && cell < spans[axis][0] + most;
  const begun: Spans = fits(sensor[0], 0) && fits(sensor[1], 1) ? spansFrom(sensor, spans) : spans;
  const seen = spanning(cells, begun, fits);
  return mapAxes((axis) => {
    let [low, high] = spans[axis];
    const isIn = seen[axis][0] >= low && seen[axis][1] <= high;
    if (isIn) return spans[axis];
    const [lowest, highest] = inBlocks(seen, block)[axis];
    while (high - low < most && (lowest < low || highest > high)) {
      const step = Math.min(block, most - (high - low));
      const isLowNext = highest <= high || (lowest < low && sensor[axis] - low <= high - sensor[axis]);
      if (isLowNext) low = Math.max(low - step, lowest);
      else high = Math.min(high + step, highest);
    }
    return [low, high];
  });
}

/** Spans that hold all cells of points of which both coordinates are taken. */
function spanning(cells: Float64Array, from: Spans, isTaken: (cell: number, axis: 0 | 1) => boolean): Spans {
  let [[lowX, highX], [lowY, highY]] = from;
  for (let i = 0; i < cells.length; i += 2) {
    const [x, y] = [cells[i] as number, cells[i + 1] as number];
    if (!isTaken(x, 0) || !isTaken(y, 1)) continue;
    if (x < lowX) lowX = x;
    if (x >= highX) highX = x + 1;
    if (y < lowY) lowY = y;
    if (y >= highY) highY = y + 1;
  }
  return [
    [lowX, highX],
    [lowY, highY],
  ];
}

/** The spans of one cell, or others with that cell. */
function spansFrom(cell: readonly [x: number, y: number], others?: Spans): Spans {
  return mapAxes((axis) => {
    const [low, high] = others?.[axis] ?? [cell[axis], cell[axis]];
    return [Math.min(low, cell[axis]), Math.max(high, cell[axis] + 1)];
  });
}

function spansOf({ originX, originY, width, height }: GridBounds, resolution: number): Spans {
  const [x, y] = [Math.round(originX / resolution), Math.round(originY / resolution)];
  return [
    [x, x + width],
    [y, y + height],
  ];
}

function inBlocks(spans: Spans, block: number): Spans {
  return mapAxes((axis) => {
    const [low, high] = spans[axis];
    return [Math.floor(low / block) * block, Math.ceil(high / block) * block];
  });
}

function mapAxes(spanOf: (axis: 0 | 1) => Span): Spans {
  return [spanOf(0), spanOf(1)];
}

function isSame(a: Span, b: Span): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
