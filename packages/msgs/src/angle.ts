/** The same angle in (-pi, pi], radians: half a turn is counter-clockwise. */
export function wrapAngle(radians: number): number {
  const turn = 2 * Math.PI;
  return radians - turn * Math.ceil((radians - Math.PI) / turn);
}

/** Radians from degrees. */
export function radiansFromDegrees(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Degrees from radians. */
export function degreesFromRadians(radians: number): number {
  return (radians * 180) / Math.PI;
}
