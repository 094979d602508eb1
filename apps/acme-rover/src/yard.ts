/** Something round that stands in the yard. Metres. */
export interface Tree {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The rover's sensors see no further. Metres. */
const MAX_RANGE_M = 30;

/** A rectangle of ground with a fence around it and trees in it: x from 0 to `width`, y from 0 to `depth`, metres. */
export class Yard {
  readonly width: number;
  readonly depth: number;
  readonly trees: readonly Tree[];

  constructor(width: number, depth: number, trees: readonly Tree[]) {
    this.width = width;
    this.depth = depth;
    this.trees = trees;
  }

  /** Metres from a place to the first thing in a direction, radians counter-clockwise from x. */
  range(x: number, y: number, heading: number): number {
    const dx = Math.cos(heading);
    const dy = Math.sin(heading);
    const fence = Math.min(
      dx > 0 ? (this.width - x) / dx : dx < 0 ? -x / dx : MAX_RANGE_M,
      dy > 0 ? (this.depth - y) / dy : dy < 0 ? -y / dy : MAX_RANGE_M,
    );
    return Math.min(MAX_RANGE_M, fence, ...this.trees.map((tree) => rangeToTree(tree, x, y, dx, dy)));
  }

  /** Metres from a place to the nearest thing in any direction; negative inside of one. */
  clearance(x: number, y: number): number {
    const fence = Math.min(x, y, this.width - x, this.depth - y);
    return Math.min(fence, ...this.trees.map((tree) => Math.hypot(tree.x - x, tree.y - y) - tree.radius));
  }
}

function rangeToTree(tree: Tree, x: number, y: number, dx: number, dy: number): number {
  const along = (tree.x - x) * dx + (tree.y - y) * dy;
  const aside = (tree.x - x) * dy - (tree.y - y) * dx;
  if (along < 0 || Math.abs(aside) > tree.radius) return MAX_RANGE_M;
  return along - Math.sqrt(tree.radius ** 2 - aside ** 2);
}
