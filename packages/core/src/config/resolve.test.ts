import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { Module } from "../module/module.ts";
import { readConfigFile } from "./config-file.ts";
import { readDotEnv } from "./dot-env.ts";
import { type ConfigSources, resolveConfig, resolveGlobalConfig, resolveModuleSettings } from "./resolve.ts";

const source = import.meta.url;
class Camera extends Module({
  source,
  config: z.object({
    fps: z.number().max(120).default(30),
    frame: z.string().default("camera"),
    size: z.object({ width: z.number() }).optional(),
  }),
}) {}
class Radio extends Module({
  source,
  config: z.strictObject({ channel: z.number().default(1), fps: z.number().default(5) }),
}) {}
class Anything extends Module({ source, config: z.looseObject({ known: z.number().default(1) }) }) {}
class Nothing extends Module({ source }) {}

const blueprint = autoconnect(Camera.blueprint({ fps: 10 }).namespace("robot0"), Radio.blueprint());

const LISTEN = "ws://127.0.0.1:0";
const TOKEN = "a token of many letters";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "dimos-config-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(values: Readonly<Record<string, unknown>>, name = "robot.json") {
  return { path: name, values };
}

async function sourcesOf(...parameters: Parameters<typeof resolveConfig>) {
  const { settings } = await resolveConfig(...parameters);
  const named = settings.map(({ field, value, source }) => [
    field.instance === undefined ? field.name : `${field.instance}.${field.name}`,
    `${JSON.stringify(value)} from ${source}`,
  ]);
  return Object.fromEntries(named) as Record<string, string>;
}

describe("resolveConfig", () => {
  it("lets each source win over the ones before, and says for every value where it comes from", async () => {
    const plan = blueprint.globalConfig({ nWorkers: 1, logLevel: "warn", stopTimeoutMs: 1000 });
    const flagged = (await resolveConfig(plan)).settings.find(({ field }) => field.name === "debugCalls");
    const sources = {
      file: file({ logLevel: "error", stopTimeoutMs: 2000, consoleLevel: "info", Radio: { channel: 2 } }),
      dotEnv: { DIMOS_STOP_TIMEOUT_MS: "3000", DIMOS_CONSOLE_LEVEL: "error", DIMOS_RADIO__FPS: "6" },
      env: { DIMOS_CONSOLE_LEVEL: "silent", DIMOS_ROBOT0_CAMERA__FRAME: "front" },
      overrides: { strict: true, robot0_camera: { size: { width: 640 } } },
      flags: [{ field: flagged?.field as NonNullable<typeof flagged>["field"], value: true, source: "--debug-calls" }],
    };
    expect(await sourcesOf(plan, sources)).toEqual({
      listen: "undefined from default",
      mcpHost: '"127.0.0.1" from default',
      mcpPort: "undefined from default",
      mcpOrigins: "[] from default",
      token: "undefined from default",
      nWorkers: "1 from blueprint",
      logLevel: '"error" from file robot.json',
      consoleLevel: '"silent" from environment DIMOS_CONSOLE_LEVEL',
      stopTimeoutMs: "3000 from .env",
      callToken: "undefined from default",
      clock: '"wall" from default',
      transport: '"auto" from default',
      strict: "true from caller",
      debugCalls: "true from --debug-calls",
      "robot0/Camera.fps": "10 from blueprint",
      "robot0/Camera.frame": '"front" from environment DIMOS_ROBOT0_CAMERA__FRAME',
      "robot0/Camera.size": '{"width":640} from caller',
      "Radio.channel": "2 from file robot.json",
      "Radio.fps": "6 from .env",
    });
    const { globals, configs, warnings } = await resolveConfig(plan, sources);
    expect(globals).toEqual({
      nWorkers: 1,
      mcpHost: "127.0.0.1",
      mcpOrigins: [],
      logLevel: "error",
      consoleLevel: "silent",
      stopTimeoutMs: 3000,
      clock: "wall",
      transport: "auto",
      strict: true,
      debugCalls: true,
    });
    expect(Object.fromEntries(configs)).toEqual({
      "robot0/Camera": { fps: 10, frame: "front", size: { width: 640 } },
      Radio: { channel: 2, fps: 6 },
    });
    expect(warnings).toEqual([]);
  });

  it.each([
    ["yes", true],
    ["TRUE", true],
    ["1", true],
    ["no", false],
    ["False", false],
    ["0", false],
  ])('reads the variable "%s" of a setting that is on or off', async (text, value) => {
    expect((await resolveConfig(blueprint, { env: { DIMOS_STRICT: text } })).globals.strict).toBe(value);
  });

  it("takes a token of the environment for that of a run elsewhere where this one does not listen", async () => {
    const [token, listen] = [TOKEN, LISTEN];
    const globalsOf = async (sources: ConfigSources) => (await resolveConfig(blueprint, sources)).globals;
    for (const shown of [token, "short", ""])
      for (const source of ["env", "dotEnv"] as const)
        expect(await globalsOf({ [source]: { DIMOS_TOKEN: shown, DIMOS_CALL_TOKEN: shown } })).toEqual(
          await globalsOf({}),
        );
    expect(await globalsOf({ env: { DIMOS_TOKEN: token }, overrides: { listen } })).toMatchObject({ token, listen });
    await expect(globalsOf({ env: { DIMOS_TOKEN: "short", DIMOS_LISTEN: listen } })).rejects.toThrow("Too small");
    await expect(globalsOf({ overrides: { token } })).rejects.toThrow("Serving over TCP needs both");
    await expect(globalsOf({ file: file({ token }) })).rejects.toThrow("Serving over TCP needs both");
  });

  it("lets nobody guess a token: fewer than 16 characters are refused, wherever they come from", async () => {
    const listen = "ws://127.0.0.1:0";
    const [token, short] = ["0123456789abcdef", "0123456789abcde"];
    const refused = { name: "ConfigError", message: expect.stringMatching(/^Setting "(callT|t)oken".*Too small.*16/) };
    for (const weak of ["x", short])
      for (const given of [
        { token: weak, listen },
        { token, callToken: weak, listen },
      ]) {
        await expect(resolveConfig(blueprint, { overrides: given })).rejects.toMatchObject(refused);
        await expect(resolveConfig(blueprint, { file: file(given) })).rejects.toMatchObject(refused);
        const env = { DIMOS_LISTEN: listen, DIMOS_TOKEN: given.token, DIMOS_CALL_TOKEN: given.callToken };
        await expect(resolveConfig(blueprint, { env })).rejects.toMatchObject(refused);
      }
  });

  it("gives frozen results, and leaves what it was given alone", async () => {
    const overrides = { Radio: { channel: 3 } };
    const resolved = await resolveConfig(blueprint, { overrides });
    const [setting] = resolved.settings;
    const frozen = [resolved, resolved.globals, resolved.settings, setting, resolved.configs.get("Radio")];
    expect(frozen.map(Object.isFrozen)).toEqual([true, true, true, true, true]);
    expect([Object.isFrozen(overrides), Object.isFrozen(overrides.Radio)]).toEqual([false, false]);
  });

  it.each([
    ["robot0_camera", (value: object) => ({ robot0_camera: value })],
    ["robot0/Camera", (value: object) => ({ "robot0/Camera": value })],
  ])("takes the module key %s (C2)", async (_, overrides) => {
    const { configs } = await resolveConfig(blueprint, { overrides: overrides({ fps: 20 }) });
    expect(configs.get("robot0/Camera")).toEqual({ fps: 20 });
  });

  it("has nothing for a disabled module, and takes what a schema does not list where it allows that", async () => {
    const { configs, settings } = await resolveConfig(
      autoconnect(Radio.blueprint(), Anything.blueprint({ extra: 1 } as object)).disabledModules(Radio),
      { overrides: { Anything: { more: 2 } } },
    );
    expect(Object.fromEntries(configs)).toEqual({ Anything: { extra: 1, more: 2 } });
    expect(settings.slice(-3).map(({ field, value, source }) => [field.name, value, source])).toEqual([
      ["known", 1, "default"],
      ["extra", 1, "blueprint"],
      ["more", 2, "caller"],
    ]);
  });

  it.each([
    [{ overrides: { nWorker: 1 } }, 'There is no setting "nWorker" (from the caller). Did you mean "nWorkers"?'],
    [
      { overrides: { fps: 1 } },
      'Setting "fps" (from the caller) is ambiguous. Use one of: robot0/Camera.fps, Radio.fps',
    ],
    [
      { overrides: { Radio: 7 } },
      "Radio is a module (from the caller): give it an object of its settings, not a number",
    ],
    [
      { overrides: { Radio: { chanel: 7 } } },
      'Radio has no setting "chanel" (from the caller). Did you mean "channel"? It has: channel, fps',
    ],
    [
      { file: { path: "robot.json", values: { chanel: 7 } } },
      'There is no setting "chanel" (from file robot.json). Did you mean "channel"?',
    ],
    [
      { file: { path: "robot.json", values: { robot0_camera: { size: { width: 1, hight: 2, widht: 3 } } } } },
      'Invalid config of robot0/Camera: size: there is no field "hight". It takes: width (from file robot.json); ' +
        'size: there is no field "widht". Did you mean "width"? It takes: width (from file robot.json)',
    ],
    [
      { env: { DIMOS_ROBOT0_CAMERA__SIZE: '{"width":1,"w":1}' } },
      'Invalid config of robot0/Camera: size: there is no field "w". Did you mean "width"? It takes: width (from environment DIMOS_ROBOT0_CAMERA__SIZE)',
    ],
    [{ env: { DIMOS_N_WORKERS: "" } }, 'DIMOS_N_WORKERS takes a value of type integer, got ""'],
    [
      { env: { DIMOS_RADIO__CHANNEL: "Infinity" } },
      'DIMOS_RADIO__CHANNEL takes a value of type number, got "Infinity"',
    ],
    [{ env: { DIMOS_STRICT: "maybe" } }, 'DIMOS_STRICT takes a value of type boolean, got "maybe"'],
    [
      { overrides: { clock: "simulation", nWorkers: 1 } },
      "A simulation clock orders the work of one process only: set nWorkers to 0 with it",
    ],
    ...[{ listen: LISTEN }, { token: TOKEN }].map((overrides): [ConfigSources, string] => [
      { overrides },
      'Serving over TCP needs both: listen ("ws://127.0.0.1:7447") and a token of 16 characters or more',
    ]),
    ...[{ callToken: TOKEN }, { listen: LISTEN, token: TOKEN, callToken: TOKEN }].map(
      (overrides): [ConfigSources, string] => [
        { overrides },
        "callToken opens less than token does: it needs a token beside it, and must be another one",
      ],
    ),
    [{ env: { DIMOS_N_WORKERS: "many" } }, 'DIMOS_N_WORKERS takes a value of type integer, got "many"'],
    [
      { env: { DIMOS_N_WORKERS: "99" } },
      'Setting "nWorkers" (from environment DIMOS_N_WORKERS): Too big: expected number to be <=64',
    ],
    [
      { dotEnv: { DIMOS_ROBOT0_CAMERA__FPS: "500" } },
      "Invalid config of robot0/Camera: fps: Too big: expected number to be <=120 (from .env)",
    ],
  ])("refuses %j", async (sources, message) => {
    await expect(resolveConfig(blueprint, sources)).rejects.toMatchObject({ code: "INVALID_CONFIG", message });
  });

  it("refuses what a blueprint gives and its module does not have", async () => {
    await expect(resolveConfig(Camera.blueprint({ frames: 1 } as object))).rejects.toThrow(
      'Camera has no setting "frames" (from the blueprint). Did you mean "frame"? It has: fps, frame, size',
    );
    await expect(resolveConfig(Nothing.blueprint({ fps: 1 } as never))).rejects.toThrow(
      "Nothing takes no config, got fps (from the blueprint)",
    );
    class Dated extends Module({ source, config: z.object({ since: z.date().optional() }) }) {}
    await expect(resolveConfig(Dated.blueprint())).rejects.toThrow(
      'No file, flag or variable can hold the config of Dated: a date at "since" cannot be expressed as JSON Schema. Use z.iso.datetime() there, and new Date(text) in the code',
    );
  });

  it("asks which module is meant when two have one kebab-case name", async () => {
    class Other extends Module({ source, name: "robot0_camera", config: z.object({ fps: z.number().default(1) }) }) {}
    const both = autoconnect(blueprint, Other.blueprint());
    await expect(resolveConfig(both, { overrides: { ROBOT0_camera: { fps: 3 } } })).rejects.toThrow(
      '"ROBOT0_camera" (from the caller) is ambiguous. Use one of: robot0/Camera, robot0_camera',
    );
    const { configs } = await resolveConfig(both, { overrides: { robot0_camera: { fps: 3 } } });
    expect([configs.get("robot0_camera"), configs.get("robot0/Camera")]).toEqual([{ fps: 3 }, { fps: 10 }]);
  });

  it("warns of variables that were probably meant for a setting, and of nothing else", async () => {
    const env = {
      DIMOS_N_WORKER: "3",
      DIMOS_RADIO__CHANEL: "3",
      DIMOS_STATE_DIR: "/tmp/x",
      DIMOS_WORKER_OPTIONS: "{}",
      DIMOS_UNRELATED_THING: "1",
      N_WORKER: "1",
    };
    expect((await resolveConfig(blueprint, { env })).warnings).toEqual([
      "DIMOS_N_WORKER is no setting here. Did you mean DIMOS_N_WORKERS?",
      "DIMOS_RADIO__CHANEL is no setting here. Did you mean DIMOS_RADIO__CHANNEL?",
    ]);
  });

  it("takes no variable of dimos itself for a setting whose name is like it", async () => {
    class State extends Module({ source, config: z.object({ dir: z.string().default("/data") }) }) {}
    const env = { DIMOS_STATE_DIR: "/tmp/x", DIMOS_STATE__DRI: "/tmp/y" };
    expect((await resolveConfig(State.blueprint(), { env })).warnings).toEqual([
      "DIMOS_STATE__DRI is no setting here. Did you mean DIMOS_STATE__DIR?",
    ]);
  });

  it("leaves settings of a file for modules that are not there, with a warning", async () => {
    const { warnings, configs } = await resolveConfig(blueprint, {
      file: file({ Radios: { channel: 9 }, Arm: { joints: 6 }, radio: { channel: 8 } }),
    });
    expect(warnings).toEqual([
      'file robot.json: there is no module "Radios" here. Did you mean "Radio"?',
      'file robot.json: there is no module "Arm" here.',
    ]);
    expect(configs.get("Radio")).toEqual({ channel: 8 });
  });
});

describe("resolveGlobalConfig and resolveModuleSettings", () => {
  it("takes origins as browsers write them, and nothing that only looks like one", () => {
    const origins = ["http://localhost:5173", "https://robot.example", "http://[::1]:8080", "moz-extension://3f1b"];
    expect(resolveGlobalConfig({ overrides: { mcpOrigins: origins } }).mcpOrigins).toEqual(origins);
    const wrong = ["*", "null", "localhost:5173", "http://localhost:5173/", "http://localhost:80", "http://*.example"];
    for (const origin of [...wrong, "HTTP://localhost", "http://a@b", ""])
      expect(() => resolveGlobalConfig({ overrides: { mcpOrigins: [origin] } })).toThrow("is not an origin");
  });

  const shared = { path: "robot.json", values: { "n-workers": 3, Radio: { channel: 4 } } };

  it("share one file: each takes its part", async () => {
    expect(resolveGlobalConfig({ file: shared }).nWorkers).toBe(3);
    expect((await resolveModuleSettings(Radio.blueprint().entries, { file: shared })).configs).toEqual(
      new Map([["Radio", { channel: 4 }]]),
    );
  });

  it("say where a setting of the run belongs when it is given to a load", async () => {
    await expect(resolveModuleSettings(Radio.blueprint().entries, { overrides: { nWorkers: 3 } })).rejects.toThrow(
      '"nWorkers" is a setting of the run, not of a module: give it where the run is made',
    );
  });
});

describe("readConfigFile and readDotEnv", () => {
  it("say which file cannot be used, and why", async () => {
    const write = (name: string, text: string) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    await expect(readConfigFile(join(directory, "none.json"))).rejects.toThrow(
      /^Config file .*none\.json cannot be read: it does not exist\. Check the path$/,
    );
    await expect(readConfigFile(write("broken.json", '{ "nWorkers": 4,, }'))).rejects.toThrow(
      /^Config file .*broken\.json is not JSON: /,
    );
    await expect(readConfigFile(write("list.json", "[1]"))).rejects.toThrow(
      /^Config file .*list\.json needs an object of settings, such as \{ "nWorkers": 4, "Camera": \{ "fps": 30 \} \}$/,
    );
  });

  it("read variables without changing the process's environment", () => {
    expect(readDotEnv(directory)).toBeUndefined();
    writeFileSync(join(directory, ".env"), 'DIMOS_N_WORKERS=5 # five\nDIMOS_RADIO__CHANNEL="7"\n');
    expect(readDotEnv(directory)).toEqual({ DIMOS_N_WORKERS: "5", DIMOS_RADIO__CHANNEL: "7" });
    expect(process.env.DIMOS_RADIO__CHANNEL).toBeUndefined();
    expect(resolveGlobalConfig({ dotEnv: readDotEnv(directory) }).nWorkers).toBe(5);
  });
});
