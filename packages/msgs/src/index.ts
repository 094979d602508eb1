export { degreesFromRadians, radiansFromDegrees, wrapAngle } from "./angle.ts";
export { BatteryState } from "./battery-state.ts";
export { CameraInfo } from "./camera-info.ts";
export { finite } from "./finite.ts";
export { finitePoints } from "./finite-points.ts";
export { Point, Pose, Quaternion, Transform, TransformStamped, Vector3 } from "./geometry.ts";
export { Header } from "./header.ts";
export { Image } from "./image.ts";
export { Imu } from "./imu.ts";
export { type FramedMessage, inFrame, notTurned } from "./in-frame.ts";
export { LaserScan } from "./laser-scan.ts";
export { OccupancyGrid } from "./occupancy-grid.ts";
export { Odometry } from "./odometry.ts";
export { Path } from "./path.ts";
export { PointCloud } from "./point-cloud.ts";
export { PoseStamped } from "./pose-stamped.ts";
export { invertQuaternion, multiplyQuaternions, rotateVector, slerp } from "./rotation.ts";
export { secondsFromTime, timeFromSeconds } from "./seconds.ts";
export { seesNothing } from "./sees-nothing.ts";
export { Bool, StringMessage as String } from "./std.ts";
export { TFMessage } from "./tf-message.ts";
export { Time } from "./time.ts";
export {
  applyTransform,
  composeTransforms,
  IDENTITY_TRANSFORM,
  interpolateTransforms,
  invertTransform,
} from "./transform.ts";
export { TRANSFORM_KEEP_S, TransformBuffer, TransformError, type TransformErrorCode } from "./transform-buffer.ts";
export { Twist } from "./twist.ts";
export { RotationError, type RotationErrorCode } from "./unit-quaternion.ts";
export { quaternionFromYaw, yawFromQuaternion } from "./yaw.ts";
