import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../src/format/safetensors.ts";
import { discriminatorTensors, generatorTensors } from "../src/model/layers.ts";
import { hash4 } from "../src/random.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../src/train/checkpoint.ts";
import { checkSettings } from "../src/train/settings.ts";

function tensor(...data: number[]): Tensor {
  return { shape: [data.length], data: Float32Array.from(data) };
}

/** A file with this header and as many bytes behind it. */
function file(header: string, bytes: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const whole = new Uint8Array(8 + json.length + bytes);
  new DataView(whole.buffer).setBigUint64(0, BigInt(json.length), true);
  whole.set(json, 8);
  return whole;
}

Deno.test("a safetensors file gives back what went in, whatever the tensors are called", () => {
  const tensors = new Map([
    ["__proto__", tensor(1, 2)],
    ["constructor", tensor(3)],
    ['quoted "sha256":"x"', tensor()],
    ["größe", tensor(4, 5, 6)],
  ]);
  for (const seal of [false, true]) {
    const bytes = encodeSafetensors(tensors, { note: '"sha256":"0"' }, { seal });
    const back = decodeSafetensors(bytes);
    assert.deepEqual([...back.tensors], [...tensors]);
    assert.equal(back.metadata.note, '"sha256":"0"');
    assert.equal(back.sealed, seal);
  }
});

Deno.test("decodeSafetensors() holds a file to the format's rules", () => {
  const f32 = (offsets: string, shape = "[1]") =>
    `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;
  const cases: [RegExp, Uint8Array][] = [
    [/too short/, new Uint8Array(7)],
    [/not JSON/, file("{", 0)],
    [/not JSON/, file('{"a":"\xff"}', 0).fill(0xff, 14, 15)],
    [/not a JSON object/, file("[]", 0)],
    [/names a twice/, file(`{"a":${f32("[0,4]")},"a":${f32("[0,4]")}}`, 4)],
    [
      /names shape twice/,
      file(`{"a":{"dtype":"F32","shape":[9],"shape":[1],"data_offsets":[0,4]}}`, 4),
    ],
    [/not text by key/, file(`{"__metadata__":{"a":1}}`, 0)],
    [/not text by key/, file(`{"__metadata__":["a"]}`, 0)],
    [/a is I32, expected F32/, file(`{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}`, 4)],
    [/does not fit its shape/, file(`{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}`, 4)],
    [/a is undefined/, file(`{"a":null}`, 0)],
    [/malformed/, file(`{"a":${f32("[0,4,8]")}}`, 8)],
    [/malformed/, file(`{"a":${f32("[0.5,4.5]")}}`, 8)],
    [/malformed/, file(`{"a":${f32("[0,4]", "[-1,-1]")}}`, 4)],
    [/malformed/, file(`{"a":${f32("[0,4]", '["1"]')}}`, 4)],
    [/does not fit its shape/, file(`{"a":${f32("[0,8]")}}`, 8)],
    [/does not fit its shape/, file(`{"a":${f32("[0,4]", "[4294967296,4294967296]")}}`, 4)],
    [/b overlaps/, file(`{"a":${f32("[0,8]", "[2]")},"b":${f32("[4,8]")}}`, 8)],
    [/b leaves a hole/, file(`{"a":${f32("[0,4]")},"b":${f32("[8,12]")}}`, 12)],
    [/a leaves a hole/, file(`{"a":${f32("[4,8]")}}`, 8)],
    [/cut short/, file(`{"a":${f32("[0,4]")}}`, 3)],
    [/2 bytes too many/, file(`{"a":${f32("[0,4]")}}`, 6)],
    [/digest does not match/, file(`{"__metadata__":{"sha256":"abc"},"a":${f32("[0,4]")}}`, 4)],
  ];
  for (const [why, bytes] of cases) {
    assert.throws(() => decodeSafetensors(bytes, "x.safetensors"), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, why);
      return true;
    });
  }
  // Tensors may stand in any order, empty ones anywhere.
  const { tensors } = decodeSafetensors(
    file(`{"b":${f32("[4,8]")},"e":${f32("[4,4]", "[0]")},"a":${f32("[0,4]")}}`, 8),
  );
  assert.deepEqual([...tensors.keys()], ["b", "e", "a"]);
});

Deno.test("half, bfloat16, double and PyTorch's counters are read as the float32 they stand for", () => {
  const kinds: [dtype: string, bytes: number[], value: number[]][] = [
    // 1, -2, the largest half, the smallest one, its smallest normal number, infinity, -0
    [
      "F16",
      [0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 4, 0, 0x7c, 0, 0x80],
      [1, -2, 65504, 2 ** -24, 2 ** -14, Infinity, -0],
    ],
    ["BF16", [0x80, 0x3f, 0x49, 0xc0], [1, -3.140625]],
    ["F64", [...new Uint8Array(Float64Array.of(0.1).buffer)], [Math.fround(0.1)]],
    ["I64", [...new Uint8Array(BigInt64Array.of(12345n).buffer)], [12345]],
  ];
  for (const [dtype, content, value] of kinds) {
    const header =
      `{"a":{"dtype":"${dtype}","shape":[${value.length}],"data_offsets":[0,${content.length}]}}`;
    const bytes = file(header, content.length);
    bytes.set(content, bytes.length - content.length);
    assert.deepEqual([...decodeSafetensors(bytes).tensors.get("a")!.data], value, dtype);
  }
  const nan = file(`{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, 2);
  nan.set([1, 0x7e], nan.length - 2);
  assert.ok(Number.isNaN(decodeSafetensors(nan).tensors.get("a")!.data[0]));
});

/** What checkpoints without a digest say. */
const OLD = "facadegan checkpoint 1";

/** A checkpoint of the smallest networks. */
function checkpoint(): Checkpoint {
  const settings = checkSettings({ size: 32, width: 4, nz: 4, batch: 2 });
  const tensors = new Map<string, Tensor>();
  const add = (prefix: string, table: ReturnType<typeof generatorTensors>, all: boolean) => {
    for (const { name, shape, home } of table.tensors) {
      if (!all && home !== "parameters") continue;
      const floats = shape.reduce((product, size) => product * size, 1);
      const data = Float32Array.from({ length: floats }, (_, i) => i + tensors.size);
      tensors.set(prefix + name, { shape, data });
    }
  };
  const [G, D] = [generatorTensors(settings), discriminatorTensors(settings)];
  for (const prefix of ["G.", "ema.G."]) add(prefix, G, true);
  add("D.", D, true);
  for (const moment of ["m", "v"]) {
    add(`adam.G.${moment}.`, G, false);
    add(`adam.D.${moment}.`, D, false);
  }
  return { settings, stepsDone: 60, tensors };
}

Deno.test("any flipped bit, zeroed page or lost byte of a checkpoint is seen", () => {
  const good = encodeCheckpoint(checkpoint());
  decodeCheckpoint(good);
  let damages = 0;
  const mustFail = (bytes: Uint8Array, what: string) => {
    damages++;
    assert.throws(() => decodeCheckpoint(bytes), UserError, what);
  };
  for (let i = 0; i < 400; i++) {
    // Half of them in the header, where a checkpoint's meaning stands.
    const length = i % 2 ? good.length : 6000;
    const bit = hash4(i, 1, 2, 3)[0] % (8 * length);
    const bytes = good.slice();
    bytes[bit >> 3] ^= 1 << (bit & 7);
    mustFail(bytes, `bit ${bit} flipped`);
  }
  for (let at = 0; at < good.length; at += 4096) {
    const bytes = good.slice();
    bytes.fill(0, at, at + 4096);
    if (bytes.every((byte, i) => byte === good[i])) continue;
    mustFail(bytes, `page at ${at} zeroed`);
  }
  for (let i = 0; i < 50; i++) {
    mustFail(good.subarray(0, hash4(i, 4, 5, 6)[0] % good.length), `cut short, ${i}`);
  }
  mustFail(Uint8Array.of(...good.subarray(0, 0), ...good, 0), "a byte too many");
  assert.ok(damages > 450, `${damages} damages tried`);
});

Deno.test("a checkpoint must be one that a run can have left, digest or not", () => {
  const whole = checkpoint();
  const { format, step, config } = decodeSafetensors(encodeCheckpoint(whole)).metadata;
  const encode = (metadata: Record<string, string>, tensors = whole.tensors) =>
    encodeSafetensors(tensors, { format: OLD, step, config, ...metadata });
  const changed = (change: (tensors: Map<string, Tensor>) => void) => {
    const tensors = new Map(whole.tensors);
    change(tensors);
    return encode({}, tensors);
  };
  const cases: [RegExp, Uint8Array][] = [
    [/its digest is missing/, encode({ format })],
    ...["abc", "-5", "59.5", "", "1e3", "99999999999999999999"].map((step) =>
      [/its step is/, encode({ step })] as [RegExp, Uint8Array]
    ),
    [/its step is undefined/, encodeSafetensors(whole.tensors, { format: OLD, config })],
    [/unusable settings/, encode({ config: "{" })],
    [/unusable settings/, encodeSafetensors(whole.tensors, { format: OLD, step })],
    [/of a kind that this version/, encode({ format: "facadegan checkpoint 999" })],
    [/neither a facadegan checkpoint nor the weights/, encode({ format: "another" })],
    [/G.main.0.weight is missing/, changed((t) => t.delete("G.main.0.weight"))],
    [/no tensor extra/, changed((t) => t.set("extra", tensor(1)))],
    [/expected \[/, changed((t) => t.set("D.main.0.weight", tensor(1)))],
    [
      /holds what is no number/,
      changed((t) => {
        const { shape, data } = t.get("adam.D.v.main.0.weight")!;
        t.set("adam.D.v.main.0.weight", { shape, data: data.map((x, i) => i === 3 ? NaN : x) });
      }),
    ],
  ];
  for (const [why, bytes] of cases) {
    assert.throws(() => decodeCheckpoint(bytes), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, why);
      return true;
    });
  }
});

Deno.test("a checkpoint without a digest loads with a warning; one with, without", () => {
  const whole = checkpoint();
  const { step, config } = decodeSafetensors(encodeCheckpoint(whole)).metadata;
  const lines: string[] = [];
  const old = encodeSafetensors(whole.tensors, { format: OLD, step, config });
  assert.equal(decodeCheckpoint(old, "old.safetensors", (line) => lines.push(line)).stepsDone, 60);
  assert.match(lines.join(), /^old.safetensors has no digest/);
  decodeCheckpoint(encodeCheckpoint(whole), "new", (line) => assert.fail(line));
});
