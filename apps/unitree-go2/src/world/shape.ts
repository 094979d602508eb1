/** A solid column on the floor plan between two heights. Metres and radians; colours are 0 to 255. */
export type Shape = Box | Cylinder;

interface Column {
  readonly x: number;
  readonly y: number;
  /** Lowest and highest point, metres above the floor. */
  readonly bottom: number;
  readonly top: number;
  readonly color: readonly [red: number, green: number, blue: number];
  readonly label: string;
}

/** A box whose `length` lies along its own heading `yaw`. */
export interface Box extends Column {
  readonly kind: "box";
  readonly yaw: number;
  readonly length: number;
  readonly width: number;
}

export interface Cylinder extends Column {
  readonly kind: "cylinder";
  readonly radius: number;
}

/** Radius of the circle around the shape's centre that holds it. */
export function boundingRadius(shape: Shape): number {
  return shape.kind === "box" ? Math.hypot(shape.length, shape.width) / 2 : shape.radius;
}
