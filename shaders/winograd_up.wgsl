// Transposed convolution 4x4, stride 2, padding 1, for a software adapter; made like
// winograd_down.wgsl. Each of the four output phases (row parity, column parity) is a 2x2 convolution of
// the small side; a workgroup makes one phase of 8Q tiles and four of the big side's channels a lane.
@group(0) @binding(0) var small: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(1) var weight: texture_storage_2d_array<rgba32float, read>; // panels
@group(0) @binding(2) var<storage, read_write> big: array<vec4f>; // [B][2H][2W][big/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Phases are layers of the grid; tiles go down it and on in the next four.
  let block = group.y + (group.z >> 2u) * groups.y;
  let py = (group.z >> 1u) & 1u;
  let px = group.z & 1u;
  let inputs = sizes.small;
  let pitch = sizes.small_pitch;
  let row_mask = (1u << (sizes.tile_bits - sizes.column_bits)) - 1u;
  let column_mask = (1u << sizes.column_bits) - 1u;
  //# for q in 0..Q
  let tile${q} = min(block * ${8 * Q}u + ${8 * q}u + lane % 8u, sizes.tiles - 1u);
  let image${q} = tile${q} >> sizes.tile_bits;
  let y${q} = ((tile${q} >> sizes.column_bits) & row_mask) * ${OUT_ROWS}u;
  let x${q} = (tile${q} & column_mask) * ${OUT_COLUMNS}u;
  //# end
  let n = group.x * ${LANES}u + lane;
  // Row y + py - 1 + a of the small side meets kernel row 3 - py - 2 * a; columns likewise.
  let row = (((3u - py) * 4u + 3u - px) * sizes.big + min(n, sizes.big - 1u)) * 4u;
  //# for a in 0..2
  //# for b in 0..2
  let row_${a}${b} = row - ${32 * a + 8 * b}u * sizes.big;
  //# end
  //# end
  //# for q in 0..Q
  let top${q} = y${q} + py;
  //# for b in 0..COLUMN_PRODUCTS
  let left${q}_${b} = (x${q} + px + ${b}u) * pitch;
  //# end
  //# end
  //# for i in 0..SUM_ROWS
  //# for j in 0..SUM_COLUMNS
  //# for p in 0..8*Q
  var c${i}${j}_${p} = vec4f();
  //# end
  //# end
  //# end
  for (var k = 0u; k < inputs; k++) {
    //# for a in 0..2
    //# for b in 0..2
    //# for r in 0..4
    let t${r}_${a}${b} = textureLoad(weight, vec2u(k % ${LANES}u, row_${a}${b} + ${r}u), k / ${LANES}u);
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
    let d${q}_${a}${b} = textureLoad(small, vec2u(left${q}_${b} + k, top${q} + ${a}u), image${q});
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
  //# for q in 0..Q
  let first${q} = ((image${q} * sizes.height + y${q}) * 2u + py) * 2u * sizes.width + 2u * x${q} + px;
  //# for p in 8*q..8*q+8
  let to_${p} = subgroupBroadcast(first${q}, ${p - 8 * q}u) * sizes.big + n;
  //# end
  //# end
  if (n >= sizes.big) { return; }
  //# for p in 0..8*Q
  //# for i in 0..OUT_ROWS
  //# for j in 0..SUM_COLUMNS
  let r${i}${j}_${p} = ${sum(ROW_OUTPUT[i], a => "c" + a + j + "_" + p)};
  //# end
  //# for j in 0..OUT_COLUMNS
  let s${i}${j}_${p} = ${sum(COLUMN_OUTPUT[j], b => "r" + i + b + "_" + p)};
  //# if TANH
  big[to_${p} + ${2 * i}u * (2u * sizes.width * sizes.big) + ${2 * j}u * sizes.big] = accurate_tanh(s${i}${j}_${p});
  //# else
  big[to_${p} + ${2 * i}u * (2u * sizes.width * sizes.big) + ${2 * j}u * sizes.big] = s${i}${j}_${p};
  //# end
  //# end
  //# end
  //# end
}
