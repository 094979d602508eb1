import type { CostmapMessage } from "../src/planning/planning-grid.ts";

/** A map from a drawing, top row first: `#` occupied, `.` free, `?` unknown. Its lower left corner is the origin. */
export function drawnMap(rows: readonly string[], resolution: number): CostmapMessage {
  const width = rows[0]?.length ?? 0;
  const values = rows.toReversed().flatMap((row) => [...row].map((c) => (c === "#" ? 100 : c === "?" ? -1 : 0)));
  return {
    info: { resolution, width, height: rows.length, origin: { position: { x: 0, y: 0 } } },
    data: Int8Array.from(values),
  };
}

/** A free map of metres, with what `isOccupied` says about the centre of each cell. */
export function mapOf(
  widthM: number,
  heightM: number,
  resolution: number,
  isOccupied: (x: number, y: number) => boolean,
): CostmapMessage {
  const [width, height] = [Math.round(widthM / resolution), Math.round(heightM / resolution)];
  const data = new Int8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [((i % width) + 0.5) * resolution, (Math.floor(i / width) + 0.5) * resolution];
    if (isOccupied(x, y)) data[i] = 100;
  }
  return { info: { resolution, width, height, origin: { position: { x: 0, y: 0 } } }, data };
}
