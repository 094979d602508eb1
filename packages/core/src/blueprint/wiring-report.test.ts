import { describe, expect, it } from "vitest";
import { Cloud, Count, Label } from "../../test/messages.ts";
import { ByClass, BySpec, Optional, Provider } from "../../test/refs.ts";
import { BlueprintError } from "../errors.ts";
import { Module } from "../module/module.ts";
import { autoconnect } from "./autoconnect.ts";
import { refuseDanglingInputs, wiringReport } from "./wiring-report.ts";

const source = import.meta.url;
class Camera extends Module({ source, outputs: { colorImage: Cloud, info: Label } }) {}
class Detector extends Module({ source, inputs: { image: Cloud, info: Label }, outputs: { found: Count } }) {}
class Relay extends Module({ source, inouts: { found: Count } }) {}

describe("wiringReport", () => {
  it("lists what is connected, and what is loose with what it was probably meant for (C6)", () => {
    const report = wiringReport(autoconnect(Camera.blueprint(), Detector.blueprint()));
    expect(report).toEqual({
      connected: [
        {
          topic: "/info",
          type: "test/Label",
          publishers: [{ instance: "Camera", port: "info" }],
          subscribers: [{ instance: "Detector", port: "info" }],
        },
      ],
      danglingInputs: [
        {
          instance: "Detector",
          port: "image",
          topic: "/image",
          type: "test/Cloud",
          nearMisses: [
            {
              instance: "Camera",
              port: "colorImage",
              topic: "/colorImage",
              type: "test/Cloud",
              kind: "similar name",
              hint: 'Did you mean "colorImage" of Camera.colorImage? .remappings([["Detector", "image", "colorImage"]])',
            },
          ],
        },
      ],
      danglingOutputs: [
        {
          instance: "Camera",
          port: "colorImage",
          topic: "/colorImage",
          type: "test/Cloud",
          nearMisses: [
            {
              instance: "Detector",
              port: "image",
              topic: "/image",
              type: "test/Cloud",
              kind: "similar name",
              hint: 'Did you mean "image" of Detector.image? .remappings([["Camera", "colorImage", "image"]])',
            },
          ],
        },
        { instance: "Detector", port: "found", topic: "/found", type: "test/Count", nearMisses: [] },
      ],
      conflicts: [],
      refs: [],
      disabled: [],
      warnings: [],
    });
  });

  it.each([
    [
      "another type on the same name",
      () => {
        class Texts extends Module({ source, outputs: { image: Label } }) {}
        return autoconnect(Texts.blueprint(), Detector.blueprint());
      },
      ["other type: Texts.image has /image published as test/Label."],
    ],
    [
      "a publisher that is disabled",
      () => {
        class Eye extends Module({ source, outputs: { image: Cloud } }) {}
        return autoconnect(Eye.blueprint(), Detector.blueprint()).disabledModules(Eye);
      },
      ["disabled: Eye.image is disabled."],
    ],
    [
      "the same name in another namespace",
      () => {
        class Eye extends Module({ source, outputs: { image: Cloud } }) {}
        return autoconnect(Eye.blueprint().namespace("robot0"), Detector.blueprint());
      },
      [
        'similar name: Did you mean "robot0/image" of robot0/Eye.image? .remappings([["Detector", "image", "robot0/image"]])',
      ],
    ],
    [
      "the same type, where neither end has another",
      () => {
        class Lidar extends Module({ source, outputs: { points: Cloud } }) {}
        return autoconnect(Lidar.blueprint(), Detector.blueprint());
      },
      [
        'same type: Lidar.points has the same type, and nobody receives it. .remappings([["Detector", "image", "points"]])',
      ],
    ],
    [
      "no similar name that the module publishes itself",
      () => {
        class Retoucher extends Module({ source, inputs: { image: Cloud }, outputs: { images: Cloud } }) {}
        class Eye extends Module({ source, outputs: { images: Cloud } }) {}
        class Viewer extends Module({ source, inputs: { images: Cloud } }) {}
        return autoconnect(Eye.blueprint(), Retoucher.blueprint(), Viewer.blueprint());
      },
      [],
    ],
    ["nothing that is near", () => Detector.blueprint(), []],
  ])("finds %s (C6)", (_, blueprint, expected) => {
    const image = wiringReport(blueprint()).danglingInputs.find(({ port }) => port === "image");
    expect(image?.nearMisses.map(({ kind, hint }) => `${kind}: ${hint}`)).toEqual(expected);
  });

  it("counts a port of both directions as connected only when another port is there (C6)", () => {
    const alone = wiringReport(Relay.blueprint());
    expect([alone.connected.length, alone.danglingInputs.length, alone.danglingOutputs.length]).toEqual([0, 0, 1]);
    const two = wiringReport(autoconnect(Relay.blueprint(), Relay.blueprint().namespace("b", { expose: ["found"] })));
    expect(two.danglingOutputs).toEqual([]);
    expect(two.connected).toEqual([
      {
        topic: "/found",
        type: "test/Count",
        publishers: [
          { instance: "Relay", port: "found" },
          { instance: "b/Relay", port: "found" },
        ],
        subscribers: [
          { instance: "Relay", port: "found" },
          { instance: "b/Relay", port: "found" },
        ],
      },
    ]);
  });

  it("says what every reference points to: by class at once, by methods later (C4, C6)", () => {
    const blueprint = autoconnect(Provider.blueprint(), ByClass.blueprint(), BySpec.blueprint(), Optional.blueprint());
    const states = (plan: typeof blueprint) =>
      wiringReport(plan).refs.map(({ instance, ref, state, targets }) => [`${instance}.${ref}`, state, targets]);
    expect(states(blueprint)).toEqual([
      ["ByClass.provider", "resolved", ["Provider"]],
      ["BySpec.adder", "later", []],
      ["Optional.adder", "later", []],
    ]);
    expect(states(blueprint.disabledModules(Provider))[0]).toEqual(["ByClass.provider", "disabled", ["Provider"]]);
    expect(wiringReport(ByClass.blueprint()).refs).toEqual([
      {
        instance: "ByClass",
        ref: "provider",
        wants: "Provider",
        isOptional: false,
        state: "unresolved",
        targets: [],
        problem:
          "ByClass.provider needs Provider, and there is none. Add one to the blueprint, or declare the reference optional(...). Modules there: none",
      },
    ]);
  });

  it("reports type conflicts, disabled modules and warnings, and does not fail (C3, C6)", () => {
    class Texts extends Module({ source, outputs: { image: Label } }) {}
    const report = wiringReport(
      autoconnect(Texts.blueprint(), Detector.blueprint(), Camera.blueprint()).disabledModules(Camera),
    );
    expect(report.disabled).toEqual(["Camera"]);
    expect(report.conflicts).toEqual([
      'Stream "image" has several message types: test/Label (Texts.image) and test/Cloud (Detector.image). Rename one: .remappings([["Detector", "image", "another_name"]])',
    ]);
  });

  it("counts modules that run already, and reports only what is added (C6)", () => {
    const running = Camera.blueprint().entries;
    const added = Detector.blueprint().remappings([[Detector, "image", "colorImage"]]);
    const report = wiringReport(added, running);
    expect(report.connected.map(({ topic }) => topic)).toEqual(["/colorImage", "/info"]);
    expect([report.danglingInputs, report.danglingOutputs.map(({ port }) => port)]).toEqual([[], ["found"]]);
  });
});

it("strict refuses dangling inputs, all at once and each with what was probably meant (C6)", () => {
  const blueprint = autoconnect(Camera.blueprint(), Detector.blueprint().namespace("robot0"));
  expect(() => refuseDanglingInputs(wiringReport(blueprint))).toThrow(
    new BlueprintError(
      'Nothing publishes to these inputs, and "strict" is set:\n' +
        '- robot0/Detector.image receives /robot0/image (test/Cloud). Camera.colorImage has the same type, and nobody receives it. .remappings([["robot0/Detector", "image", "colorImage"]])\n' +
        '- robot0/Detector.info receives /robot0/info (test/Label). Did you mean "info" of Camera.info? .remappings([["robot0/Detector", "info", "info"]])',
    ),
  );
  const complete = blueprint.remappings([
    ["robot0/Detector", "image", "colorImage"],
    ["robot0/Detector", "info", "info"],
  ]);
  expect(() => refuseDanglingInputs(wiringReport(complete))).not.toThrow();
});
