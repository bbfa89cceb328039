// Convolution 4x4, stride 2, padding 1, for a processor posing as a GPU: its subgroup is one vector
// register, so a workgroup is one subgroup whose accumulators stay in registers.
//
// Each of the four input phases (row parity, column parity) is a 2x2 convolution, done in tiles of
// OUT_ROWS x OUT_COLUMNS pixels by minimal filtering (cook_toom.ts), everything in registers: loads,
// transforms, products, and at the end the outputs' transform. A lane holds four of the small side's
// channels; the pixels' values are loaded by all lanes at once and handed round by broadcasts.
@group(0) @binding(0) var big: texture_storage_2d_array<rgba32float, read>; // bordered pictures
@group(0) @binding(1) var weight: texture_storage_2d_array<rgba32float, read>; // panels
@group(0) @binding(2) var<storage, read_write> small: array<vec4f>; // [B][H][W][small/4]

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  //# for q in 0..Q
  // While loading, a lane is a tile.
  let tile${q} = min(group.y * ${8 * Q}u + ${8 * q}u + lane, ${TILES - 1}u);
  let image${q} = tile${q} / ${TILE_ROWS * TILE_COLUMNS}u;
  let corner${q} = tile${q} / ${TILE_COLUMNS}u % ${TILE_ROWS}u * ${2 * OUT_ROWS * (2 * WIDTH + 2)}u + tile${q} % ${TILE_COLUMNS}u * ${2 * OUT_COLUMNS}u;
  //# end
  //# for i in 0..SUM_ROWS
  //# for j in 0..SUM_COLUMNS
  //# for p in 0..8*Q
  var c${i}${j}_${p} = vec4f();
  //# end
  //# end
  //# end
  for (var phase = 0u; phase < 4u; phase++) {
    let shift = (phase >> 1u) * ${2 * WIDTH + 2}u + (phase & 1u);
    let tap = ((phase >> 1u) * 4u + (phase & 1u)) * ${BIG}u;
    for (var k = 0u; k < ${BIG / 4}u; k++) {
      // Weights of the phase's 2x2 taps for four input channels, transformed.
      let row = tap + k * 4u;
      //# for m in 0..4
      //# for a in 0..2
      //# for b in 0..2
      let w${m}_${a}${b} = textureLoad(weight, vec2u(lane, row + ${(8 * a + 2 * b) * BIG + m}u), group.x);
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
      let d${q}_${a}${b} = textureLoad(big, vec2u(k, corner${q} + shift + ${2 * a * (2 * WIDTH + 2) + 2 * b}u), image${q});
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
  let n = group.x * 8u + lane;
  if (n >= ${SMALL / 4}u) { return; }
  //# for p in 0..8*Q
  {
    let tile = group.y * ${8 * Q}u + ${p}u;
    let y = tile / ${TILE_COLUMNS}u % ${TILE_ROWS}u * ${OUT_ROWS}u;
    let x = tile % ${TILE_COLUMNS}u * ${OUT_COLUMNS}u;
    let at = ((tile / ${TILE_ROWS * TILE_COLUMNS}u * ${HEIGHT}u + y) * ${WIDTH}u + x) * ${SMALL / 4}u + n;
    if (tile < ${TILES}u) {
      //# for i in 0..OUT_ROWS
      //# for j in 0..SUM_COLUMNS
      let r${i}${j} = ${sum(ROW_OUTPUT[i], a => "c" + a + j + "_" + p)};
      //# end
      //# for j in 0..OUT_COLUMNS
      let s${i}${j} = ${sum(COLUMN_OUTPUT[j], b => "r" + i + b)};
      //# if ACTIVATION === "leaky_relu"
      small[at + ${(i * WIDTH + j) * SMALL / 4}u] = max(s${i}${j}, 0.2 * s${i}${j});
      //# else
      small[at + ${(i * WIDTH + j) * SMALL / 4}u] = s${i}${j};
      //# end
      //# end
      //# end
    }
  }
  //# end
}
