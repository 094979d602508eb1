import { expect, test } from "vitest";
import * as msgs from "./index.ts";

const stamp = { sec: 1, nsec: 0 };
const header = { stamp, frameId: "odom" };
const zero = { x: 0, y: 0, z: 0 };
const pose = { position: zero, orientation: { x: 0, y: 0, z: 0, w: 1 } };

const samples = [
  { type: msgs.Bool, name: "std_msgs/Bool", value: { data: true } },
  { type: msgs.String, name: "std_msgs/String", value: { data: "hello" } },
  { type: msgs.Twist, name: "geometry_msgs/Twist", value: { linear: zero, angular: zero } },
  { type: msgs.PoseStamped, name: "geometry_msgs/PoseStamped", value: { header, pose } },
  {
    type: msgs.Odometry,
    name: "nav_msgs/Odometry",
    value: { header, childFrameId: "base_link", pose: { pose }, twist: { twist: { linear: zero, angular: zero } } },
  },
  {
    type: msgs.OccupancyGrid,
    name: "nav_msgs/OccupancyGrid",
    value: {
      header,
      info: { mapLoadTime: stamp, resolution: 0.05, width: 2, height: 1, origin: pose },
      data: Int8Array.of(-1, 100),
    },
  },
  { type: msgs.Path, name: "nav_msgs/Path", value: { header, poses: [{ header, pose }] } },
  {
    type: msgs.LaserScan,
    name: "sensor_msgs/LaserScan",
    value: {
      header,
      angleMin: 0,
      angleMax: 1,
      angleIncrement: 1,
      timeIncrement: 0,
      scanTime: 0.1,
      rangeMin: 0.1,
      rangeMax: 10,
      ranges: Float32Array.of(1, Number.POSITIVE_INFINITY),
    },
  },
  { type: msgs.PointCloud, name: "sensor_msgs/PointCloud2", value: { header, xyz: Float32Array.of(1, 2, 3) } },
  {
    type: msgs.Image,
    name: "sensor_msgs/Image",
    value: { header, height: 1, width: 1, encoding: "rgb8", step: 3, data: Uint8Array.of(1, 2, 3) },
  },
  {
    type: msgs.CameraInfo,
    name: "sensor_msgs/CameraInfo",
    value: {
      header,
      height: 360,
      width: 640,
      distortionModel: "plumb_bob",
      d: [],
      k: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      p: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    },
  },
  {
    type: msgs.Imu,
    name: "sensor_msgs/Imu",
    value: {
      header,
      orientation: pose.orientation,
      angularVelocity: zero,
      linearAcceleration: { x: 0, y: 0, z: 9.81 },
    },
  },
  {
    type: msgs.BatteryState,
    name: "sensor_msgs/BatteryState",
    value: { header, voltage: 29.6, current: -2, charge: 7, capacity: 8, percentage: 0.9, present: true },
  },
  {
    type: msgs.TFMessage,
    name: "tf2_msgs/TFMessage",
    value: {
      transforms: [{ header, childFrameId: "base_link", transform: { translation: zero, rotation: pose.orientation } }],
    },
  },
] as const;

test.each(samples)("$name has its ROS name and accepts its own payload", async ({ type, name, value }) => {
  expect(type.name).toBe(name);
  expect(await type.schema["~standard"].validate(value)).toEqual({ value });
});

test.each(samples)("$name refuses a payload that is none, and says where", async ({ type }) => {
  const result = await type.schema["~standard"].validate({});
  expect(result.issues?.length).toBeGreaterThan(0);
  expect(result.issues?.[0]?.path?.length).toBe(1);
});

test("keeps only the latest of fast measurements, latches maps, and queues commands and goals", () => {
  const kept = Object.fromEntries(samples.map(({ type }) => [type.name, [type.qos.keep, type.qos.latched ?? false]]));
  expect(kept).toEqual({
    "std_msgs/Bool": ["queue", false],
    "std_msgs/String": ["queue", false],
    "geometry_msgs/Twist": ["queue", false],
    "geometry_msgs/PoseStamped": ["queue", false],
    "nav_msgs/Odometry": ["latest", false],
    "nav_msgs/OccupancyGrid": ["latest", true],
    "nav_msgs/Path": ["queue", false],
    "sensor_msgs/LaserScan": ["latest", false],
    "sensor_msgs/PointCloud2": ["latest", false],
    "sensor_msgs/Image": ["latest", false],
    "sensor_msgs/CameraInfo": ["latest", true],
    "sensor_msgs/Imu": ["queue", false],
    "sensor_msgs/BatteryState": ["latest", true],
    "tf2_msgs/TFMessage": ["queue", true],
  });
});

test("refuses a velocity that is not a number, a grid and an image of the wrong size, a cloud of broken points", async () => {
  const faults: Array<[{ schema: (typeof msgs.Twist)["schema"] }, unknown, string]> = [
    [msgs.Twist, { linear: { x: Number.NaN, y: 0, z: 0 }, angular: zero }, "linear,x"],
    [msgs.OccupancyGrid as never, { ...samples[5].value, data: new Int8Array(3) }, "data"],
    [msgs.Image as never, { ...samples[9].value, data: new Uint8Array(4) }, "data"],
    [msgs.PointCloud as never, { header, xyz: new Float32Array(4) }, "xyz"],
  ];
  for (const [type, value, path] of faults) {
    const result = await type.schema["~standard"].validate(value);
    expect(result.issues?.map((issue) => issue.path?.join())).toEqual([path]);
  }
});
