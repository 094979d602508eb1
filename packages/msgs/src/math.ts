// Angles, headings and times without the message types: light to import, for programs that only compute.
export { degreesFromRadians, radiansFromDegrees, wrapAngle } from "./angle.ts";
export { secondsFromTime, timeFromSeconds } from "./seconds.ts";
export { RotationError, type RotationErrorCode } from "./unit-quaternion.ts";
export { quaternionFromYaw, yawFromQuaternion } from "./yaw.ts";
