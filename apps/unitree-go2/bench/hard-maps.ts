import type { CostmapMessage } from "../src/planning/planning-grid.ts";

/** A map of `size` x `size` cells of 5 cm with walls 2 m apart, open left and right in turn: the way visits all of it. */
export function serpentine(size: number): CostmapMessage {
  const data = new Int8Array(size * size);
  for (let wall = 0, y = 40; y < size; wall++, y += 40) {
    for (let x = 0; x < size; x++) {
      const isOpen = wall % 2 === 0 ? x > size - 30 : x < 30;
      if (!isOpen) data[y * size + x] = 100;
    }
  }
  return mapOf(size, data);
}

/** An open map whose far corner, 3 m by 3 m, is walled off: all the rest is searched before that is known. */
export function closedCorner(size: number): CostmapMessage {
  const data = new Int8Array(size * size);
  for (let i = size - 60; i < size; i++) {
    data[(size - 60) * size + i] = 100;
    data[i * size + size - 60] = 100;
  }
  return mapOf(size, data);
}

function mapOf(size: number, data: Int8Array): CostmapMessage {
  return { info: { resolution: 0.05, width: size, height: size, origin: { position: { x: 0, y: 0 } } }, data };
}
