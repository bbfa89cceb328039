import assert from "node:assert/strict";
import { join } from "node:path";
import { GENERATE } from "../src/cli/commands/generate.ts";
import { TRAIN } from "../src/cli/commands/train.ts";
import { readConfigFile } from "../src/cli/config_file.ts";
import type { CommandSpec } from "../src/cli/declare.ts";
import { type OptionFile, resolveOptions } from "../src/cli/resolve.ts";
import { checkValue } from "../src/cli/values.ts";
import { UserError } from "../src/errors.ts";

function resolve(
  commandLine: Record<string, unknown>,
  env: Record<string, string> = {},
  file?: OptionFile,
  command: CommandSpec = TRAIN,
): ReturnType<typeof resolveOptions> {
  return resolveOptions(command, { commandLine, env: (name) => env[name], file });
}

Deno.test("resolveOptions() takes the command line before the environment, a file, the default", () => {
  const env = { FACADEGAN_BATCH: "2", FACADEGAN_WIDTH: "8" };
  const file = { path: "c.json", values: { batch: 3, width: 12, nz: 20 } };
  const { values, given } = resolve({ batch: "1" }, env, file);
  assert.deepEqual([values.batch, values.width, values.nz, values.loss], [1, 8, 20, "ls"]);
  assert.deepEqual(Object.fromEntries(given), {
    batch: "command line",
    width: "environment",
    nz: "file",
  });
});

Deno.test("resolveOptions() names where a bad value stands", () => {
  assert.throws(() => resolve({}, { FACADEGAN_BATCH: "many" }), {
    name: "UsageError",
    message:
      'the environment variable FACADEGAN_BATCH takes a whole number from 1 to 1024, got "many".',
  });
  assert.throws(() => resolve({}, {}, { path: "run.toml", values: { lr: "fast" } }), {
    message: 'run.toml: "lr" takes a number above 0 and up to 1, got "fast".',
  });
  assert.throws(() => resolve({}, {}, { path: "run.toml", values: { bacth: 3 } }), {
    message: 'run.toml: train has no option "bacth". Did you mean batch?',
  });
});

Deno.test("resolveOptions() takes an empty variable for none", () => {
  assert.equal(resolve({}, { FACADEGAN_SEED: "" }).values.seed, 1);
});

Deno.test("every default is a value that its own option takes", () => {
  for (const command of [TRAIN, GENERATE] as CommandSpec[]) {
    for (const option of command.options) {
      if (option.default === undefined) continue;
      assert.deepEqual(checkValue(option, option.default, option.name), option.default);
    }
  }
});

Deno.test("checkValue() takes lists and pairs as text or as a file has them", () => {
  const option = (name: string) =>
    [...TRAIN.options, ...GENERATE.options].find((o) => o.name === name)!;
  assert.deepEqual(checkValue(option("labels"), "-1,1,0", ""), [-1, 1, 0]);
  assert.deepEqual(checkValue(option("labels"), [-1, 1, 0], ""), [-1, 1, 0]);
  assert.deepEqual(checkValue(option("interpolate"), ["3", "8"], ""), [3, 8]);
  assert.deepEqual(checkValue(option("interpolate"), [3, 8], ""), [3, 8]);
  assert.deepEqual(checkValue(option("grid"), "4x8", ""), { rows: 4, columns: 8 });
  assert.deepEqual(checkValue(option("data"), "photos", ""), ["photos"]);
  assert.equal(checkValue(option("resume"), true, ""), true);
  assert.throws(() => checkValue(option("labels"), [1, 0, null], "labels"), UserError);
  assert.throws(() => checkValue(option("out"), "", "--out"), UserError);
});

Deno.test("readConfigFile() reads JSON, TOML and a run's config.json", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, text: string): Promise<string> => {
    await Deno.writeTextFile(join(folder, name), text);
    return join(folder, name);
  };
  try {
    assert.deepEqual(await readConfigFile(await write("a.json", '{"batch": 4}')), { batch: 4 });
    const toml = 'batch = 4\nlabels = [1.0, 0.0, 1.0]\nlog-format = "json"\n';
    assert.deepEqual(await readConfigFile(await write("a.toml", toml)), {
      batch: 4,
      labels: [1, 0, 1],
      "log-format": "json",
    });
    assert.deepEqual(await readConfigFile(await write("bom.json", '\uFEFF{"batch": 4}')), {
      batch: 4,
    });
    assert.deepEqual(await readConfigFile(await write("bom.toml", "\uFEFFbatch = 4\n")), {
      batch: 4,
    });
    const run = '{"options": {"batch": 5}, "train": {"width": 4}}';
    assert.deepEqual(await readConfigFile(await write("config.json", run)), { batch: 5 });
    await assert.rejects(
      readConfigFile(await write("b.json", "{batch")),
      /b\.json is not valid JSON/,
    );
    await assert.rejects(
      readConfigFile(await write("b.toml", "width = 8\nbatch =")),
      /b\.toml is not valid TOML: .* \(line 2\)/,
    );
    await assert.rejects(readConfigFile(await write("c.json", "[1]")), /must hold options by name/);
    await assert.rejects(readConfigFile(join(folder, "no.json")), /^UserError: there is no config/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
