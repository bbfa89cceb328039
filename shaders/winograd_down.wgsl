// Convolution 4x4, stride 2, padding 1, for a software adapter: its subgroup is one vector
// register, so a workgroup is one subgroup whose accumulators stay in registers.
//
// Each of the four input phases (row parity, column parity) is a 2x2 convolution, done in tiles of
// OUT_ROWS x OUT_COLUMNS pixels by minimal filtering (cook_toom.ts), everything in registers: loads,
// transforms, products, and at the end the outputs' transform. A lane holds four of the small side's
// channels; the pixels' values are loaded by all lanes at once and handed round by broadcasts.
@group(0) @binding(0) var big: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(1) var weight: texture_storage_2d_array<rgba32float, read>; // panels
@group(0) @binding(2) var<storage, read_write> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Tiles go down the grid and on in its next layer.
  let block = group.y + group.z * groups.y;
  let inputs = sizes.big;
  let pitch = sizes.big_pitch;
  // Hoisted by hand, for the compiler takes nothing out of a loop.
  //# for a in 0..2
  //# for b in 0..2
  let tap_${a}${b} = ${32 * a + 8 * b}u * inputs;
  //# end
  //# end
  //# for b in 0..COLUMN_PRODUCTS
  let pixel_${b} = ${2 * b}u * pitch;
  //# end
  let row_mask = (1u << (sizes.tile_bits - sizes.column_bits)) - 1u;
  let column_mask = (1u << sizes.column_bits) - 1u;
  //# for q in 0..Q
  // While loading, a lane is one of eight tiles; spare ones do the last tile again.
  let tile${q} = min(block * ${8 * Q}u + ${8 * q}u + lane % 8u, sizes.tiles - 1u);
  let image${q} = tile${q} >> sizes.tile_bits;
  let y${q} = ((tile${q} >> sizes.column_bits) & row_mask) * ${OUT_ROWS}u;
  let x${q} = (tile${q} & column_mask) * ${OUT_COLUMNS}u;
  let left${q} = 2u * x${q} * pitch;
  //# end
  //# for i in 0..SUM_ROWS
  //# for j in 0..SUM_COLUMNS
  //# for p in 0..8*Q
  var c${i}${j}_${p} = vec4f();
  //# end
  //# end
  //# end
  for (var phase = 0u; phase < 4u; phase++) {
    //# for q in 0..Q
    let phase_top${q} = 2u * y${q} + (phase >> 1u);
    let phase_left${q} = left${q} + (phase & 1u) * pitch;
    //# end
    let tap = ((phase >> 1u) * 4u + (phase & 1u)) * 4u * inputs;
    for (var k = 0u; k < inputs; k++) {
      // Weights of the phase's 2x2 taps for four input channels, transformed.
      let row = tap + k * 4u;
      //# for m in 0..4
      //# for a in 0..2
      //# for b in 0..2
      let w${m}_${a}${b} = textureLoad(weight, vec2u(lane, row + tap_${a}${b} + ${m}u), group.x);
      //# end
      //# for j in 0..COLUMN_PRODUCTS
      let h${m}_${a}${j} = ${sum(COLUMN_TAPS[j], b => "w" + m + "_" + a + b)};
      //# end
      //# end
      //# for i in 0..ROW_PRODUCTS
      //# for j in 0..COLUMN_PRODUCTS
      let u${m}_${i}${j} = ${sum(ROW_TAPS[i], a => "h" + m + "_" + a + j)};
      //# end
      //# end
      //# end
      //# for q in 0..Q
      //# for a in 0..ROW_PRODUCTS
      //# for b in 0..COLUMN_PRODUCTS
      let d${q}_${a}${b} = textureLoad(big, vec2u(phase_left${q} + k + pixel_${b}, phase_top${q} + ${2 * a}u), image${q});
      //# end
      //# for j in 0..COLUMN_PRODUCTS
      let e${q}_${a}${j} = ${sum(COLUMN_INPUT[j], b => "d" + q + "_" + a + b)};
      //# end
      //# end
      //# for i in 0..ROW_PRODUCTS
      //# for j in 0..COLUMN_PRODUCTS
      let v${q}_${i}${j} = ${sum(ROW_INPUT[i], a => "e" + q + "_" + a + j)};
      //# for l in 0..8
      c${i % SUM_ROWS}${j % SUM_COLUMNS}_${8 * q + l} += ${products("u", "_" + i + j, m => "v" + q + "_" + i + j + "." + "xyzw"[m], l)};
      //# end
      //# end
      //# end
      //# end
    }
  }
  let n = group.x * ${LANES}u + lane;
  //# for q in 0..Q
  let first${q} = ((image${q} * sizes.height + y${q}) * sizes.width + x${q}) * sizes.small;
  //# for p in 8*q..8*q+8
  let to_${p} = subgroupBroadcast(first${q}, ${p - 8 * q}u) + n;
  //# end
  //# end
  if (n >= sizes.small) { return; }
  //# for p in 0..8*Q
  //# for i in 0..OUT_ROWS
  //# for j in 0..SUM_COLUMNS
  let r${i}${j}_${p} = ${sum(ROW_OUTPUT[i], a => "c" + a + j + "_" + p)};
  //# end
  //# for j in 0..OUT_COLUMNS
  let s${i}${j}_${p} = ${sum(COLUMN_OUTPUT[j], b => "r" + i + b + "_" + p)};
  small[to_${p} + (${i}u * sizes.width + ${j}u) * sizes.small] = max(s${i}${j}_${p}, sizes.slope * s${i}${j}_${p});
  //# end
  //# end
  //# end
}
