// Transposed convolution 4x4, stride 2, padding 1, for a processor posing as a GPU; made like
// winograd_down.wgsl. Each of the four output phases (row parity, column parity) is a 2x2 convolution of
// the small side; a workgroup makes one phase of 8Q tiles and 32 of the big side's channels.
@group(0) @binding(0) var small: texture_storage_2d_array<rgba32float, read>; // bordered pictures
@group(0) @binding(1) var weight: texture_storage_2d_array<rgba32float, read>; // panels
@group(0) @binding(2) var<storage, read_write> big: array<vec4f>; // [B][2H][2W][big/4]

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let py = group.z >> 1u;
  let px = group.z & 1u;
  //# for q in 0..Q
  let tile${q} = min(group.y * ${8 * Q}u + ${8 * q}u + lane, ${TILES - 1}u);
  let image${q} = tile${q} / ${TILE_ROWS * TILE_COLUMNS}u;
  let corner${q} = (tile${q} / ${TILE_COLUMNS}u % ${TILE_ROWS}u * ${OUT_ROWS}u + py) * ${WIDTH + 2}u + tile${q} % ${TILE_COLUMNS}u * ${OUT_COLUMNS}u + px;
  //# end
  let n = group.x * 8u + lane;
  // Row y + py - 1 + a of the small side meets kernel row 3 - py - 2 * a; columns likewise.
  let row = ((3u - py) * 4u + 3u - px) * ${BIG}u + min(n, ${BIG / 4 - 1}u) * 4u;
  //# for i in 0..SUM_ROWS
  //# for j in 0..SUM_COLUMNS
  //# for p in 0..8*Q
  var c${i}${j}_${p} = vec4f();
  //# end
  //# end
  //# end
  for (var k = 0u; k < ${SMALL / 4}u; k++) {
    //# for a in 0..2
    //# for b in 0..2
    //# for r in 0..4
    let t${r}_${a}${b} = textureLoad(weight, vec2u(k & 7u, row - ${(8 * a + 2 * b) * BIG}u + ${r}u), k >> 3u);
    //# end
    //# for m in 0..4
    let w${m}_${a}${b} = vec4f(t0_${a}${b}[${m}], t1_${a}${b}[${m}], t2_${a}${b}[${m}], t3_${a}${b}[${m}]);
    //# end
    //# end
    //# end
    //# for m in 0..4
    //# for a in 0..2
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
    let d${q}_${a}${b} = textureLoad(small, vec2u(k, corner${q} + ${a * (WIDTH + 2) + b}u), image${q});
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
  if (n >= ${BIG / 4}u) { return; }
  //# for p in 0..8*Q
  {
    let tile = group.y * ${8 * Q}u + ${p}u;
    let y = tile / ${TILE_COLUMNS}u % ${TILE_ROWS}u * ${2 * OUT_ROWS}u + py;
    let x = tile % ${TILE_COLUMNS}u * ${2 * OUT_COLUMNS}u + px;
    let at = ((tile / ${TILE_ROWS * TILE_COLUMNS}u * ${2 * HEIGHT}u + y) * ${2 * WIDTH}u + x) * ${BIG / 4}u + n;
    if (tile < ${TILES}u) {
      //# for i in 0..OUT_ROWS
      //# for j in 0..SUM_COLUMNS
      let r${i}${j} = ${sum(ROW_OUTPUT[i], a => "c" + a + j + "_" + p)};
      //# end
      //# for j in 0..OUT_COLUMNS
      let s${i}${j} = ${sum(COLUMN_OUTPUT[j], b => "r" + i + b)};
      //# if ACTIVATION === "tanh"
      big[at + ${(i * 2 * WIDTH + j) * 2 * BIG / 4}u] = tanh(clamp(s${i}${j}, vec4f(-15.0), vec4f(15.0)));
      //# else
      big[at + ${(i * 2 * WIDTH + j) * 2 * BIG / 4}u] = s${i}${j};
      //# end
      //# end
      //# end
    }
  }
  //# end
}
