import { describe, expect, it } from "vitest";
import { Cloud, Count, Label } from "../../test/messages.ts";
import { ByClass, BySpec, Optional, Provider } from "../../test/refs.ts";
import { Module } from "../module/module.ts";
import { autoconnect } from "./autoconnect.ts";
import type { Blueprint } from "./blueprint.ts";
import { graphOf } from "./graph.ts";
import { type GraphFormat, renderGraph } from "./render-graph.ts";

const source = import.meta.url;
class Camera extends Module({ source, name: "front", outputs: { colorImage: Cloud } }) {}
class Detector extends Module({ source, inputs: { image: Cloud }, outputs: { found: Label } }) {}
class Screen extends Module({ source, inputs: { found: Label } }) {}
class Chat extends Module({ source, inouts: { count: Count } }) {}

const robot = autoconnect(Camera.blueprint(), Detector.blueprint());
const fleet = autoconnect(
  robot
    .remappings([[Detector, "image", "colorImage"]])
    .namespace("robot0", { expose: ["found"] })
    .namespace("lab"),
  Screen.blueprint().remappings([[Screen, "found", "lab/found"]]),
  Provider.blueprint(),
  ByClass.blueprint(),
  BySpec.blueprint(),
  Optional.blueprint(),
).disabledModules(Optional);

const loose = autoconnect(robot, ByClass.blueprint());
const chats = autoconnect(
  ...["a", "b"].map((name) => Chat.blueprint().namespace(name, { expose: ["count"] })),
  Chat.blueprint(),
);

const draw = (blueprint: Blueprint, format: GraphFormat) => renderGraph(graphOf(blueprint), format);

describe("renderGraph", () => {
  it.each(["text", "mermaid", "dot"] as const)("draws a name of several lines on one, as %s (K9)", (format) => {
    const forged = "Arm\n  Forged [Module]\x1b[2J";
    class Lidar extends Module({ source, name: forged }) {}
    const drawn = draw(autoconnect(Lidar.blueprint()), format);
    expect(drawn).toContain("Forged");
    expect(drawn.split("\n").filter((line) => /^ *Forged/.test(line))).toEqual([]);
    expect(drawn).not.toContain("\x1b");
    expect(JSON.parse(draw(autoconnect(Lidar.blueprint()), "json")).modules[0].instance).toBe(forged);
  });

  it("writes text with what is loose, disabled, and wrong (C6)", () => {
    expect(draw(fleet, "text")).toBe(`Modules
  lab/robot0/front [Camera]
  lab/robot0/Detector
  Screen
  Provider
  ByClass
  BySpec
  Optional (disabled)

Streams
  /lab/found [test/Label]: lab/robot0/Detector.found -> Screen.found
  /lab/robot0/colorImage [test/Cloud]: lab/robot0/front.colorImage -> lab/robot0/Detector.image

References
  ByClass.provider -> Provider
  BySpec.adder -> (a module with add, known when it runs)
`);
    expect(draw(loose, "text")).toBe(`Modules
  front [Camera]
  Detector
  ByClass

Streams
  /colorImage [test/Cloud]: front.colorImage -> (nobody)
    Did you mean "image" of Detector.image? .remappings([["front", "colorImage", "image"]])
  /found [test/Label]: Detector.found -> (nobody)
  /image [test/Cloud]: (nobody) -> Detector.image
    Did you mean "colorImage" of front.colorImage? .remappings([["Detector", "image", "colorImage"]])

References
  ByClass.provider -> (Provider: not there)

Problems
  ByClass.provider needs Provider, and there is none. Add one to the blueprint, or declare the reference optional(...). Modules there: front, Detector
`);
  });

  it("writes Mermaid with a subgraph for each part of a namespace (C6)", () => {
    expect(draw(fleet, "mermaid")).toBe(`flowchart LR
  m2["Screen"]
  m3["Provider"]
  m4["ByClass"]
  m5["BySpec"]
  m6["Optional<br>disabled"]:::disabled
  subgraph n0["lab"]
    subgraph n1["robot0"]
      m0["front<br>Camera"]
      m1["Detector"]
    end
  end
  r1{{"a module with add"}}:::unknown
  m1 -->|"/lab/found<br>test/Label"| m2
  m0 -->|"/lab/robot0/colorImage<br>test/Cloud"| m1
  m4 -.->|"provider"| m3
  m5 -.->|"adder"| r1
  classDef disabled stroke-dasharray:4 4,color:#888
  classDef loose stroke:#c60,color:#c60
  classDef unknown stroke-dasharray:2 2
`);
  });

  it("writes DOT with a cluster for each part of a namespace (C6)", () => {
    expect(draw(fleet, "dot")).toBe(`digraph blueprint {
  rankdir=LR;
  node [shape=box];
  m2 [label="Screen"];
  m3 [label="Provider"];
  m4 [label="ByClass"];
  m5 [label="BySpec"];
  m6 [label="Optional\\ndisabled", style=dashed, fontcolor=gray];
  subgraph "cluster_lab" {
    label="lab";
    subgraph "cluster_lab/robot0" {
      label="robot0";
      m0 [label="front\\nCamera"];
      m1 [label="Detector"];
    }
  }
  r1 [label="a module with add", shape=hexagon, style=dotted];
  m1 -> m2 [label="/lab/found\\ntest/Label"];
  m0 -> m1 [label="/lab/robot0/colorImage\\ntest/Cloud"];
  m4 -> m3 [label="provider", style=dashed];
  m5 -> r1 [label="adder", style=dashed];
}
`);
    expect(draw(loose, "dot")).toBe(`digraph blueprint {
  rankdir=LR;
  node [shape=box];
  m0 [label="front\\nCamera"];
  m1 [label="Detector"];
  m2 [label="ByClass"];
  s0 [label="/colorImage\\ntest/Cloud", shape=ellipse, color=darkorange, fontcolor=darkorange];
  s1 [label="/found\\ntest/Label", shape=ellipse, color=darkorange, fontcolor=darkorange];
  s2 [label="/image\\ntest/Cloud", shape=ellipse, color=darkorange, fontcolor=darkorange];
  r0 [label="Provider", shape=hexagon, style=dotted];
  m0 -> s0;
  m1 -> s1;
  s2 -> m1;
  m2 -> r0 [label="provider", style=dashed];
}
`);
  });

  it("draws a stream of many ends as a node, so that arrows do not multiply", () => {
    expect(draw(chats, "mermaid")).toBe(`flowchart LR
  m2["Chat"]
  subgraph n0["a"]
    m0["Chat"]
  end
  subgraph n1["b"]
    m1["Chat"]
  end
  s0(["/count<br>test/Count"])
  m0 --> s0
  m1 --> s0
  m2 --> s0
  s0 --> m0
  s0 --> m1
  s0 --> m2
  classDef disabled stroke-dasharray:4 4,color:#888
  classDef loose stroke:#c60,color:#c60
  classDef unknown stroke-dasharray:2 2
`);
  });

  it("writes JSON that is the graph (C6)", () => {
    expect(draw(Detector.blueprint().disabledModules(Detector), "json")).toBe(`{
  "modules": [
    {
      "instance": "Detector",
      "className": "Detector",
      "namespace": "",
      "isDisabled": true
    }
  ],
  "streams": [],
  "refs": [],
  "problems": [],
  "warnings": []
}
`);
    expect(JSON.parse(draw(fleet, "json"))).toEqual(JSON.parse(JSON.stringify(graphOf(fleet))));
  });

  it("lets no name break a drawing", () => {
    class Odd extends Module({ source, name: 'a "b" <i> #1 \\' }) {}
    expect(draw(Odd.blueprint(), "mermaid")).toContain('m0["a #quot;b#quot; #lt;i#gt; #35;1 \\<br>Odd"]');
    expect(draw(Odd.blueprint(), "dot")).toContain('m0 [label="a \\"b\\" <i> #1 \\\\\\nOdd"];');
  });

  it("names the formats when asked for another", () => {
    expect(() => draw(fleet, "mermade" as GraphFormat)).toThrow(
      'There is no graph format "mermade". Did you mean "mermaid"? Formats: text, mermaid, dot, json',
    );
  });
});
