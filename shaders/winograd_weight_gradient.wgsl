// Gradient of the 4x4 stride-2 convolution's weights, for a software adapter; made like
// winograd_down.wgsl. For each input phase (row parity, column parity) the gradient of its 2x2 taps is a
// correlation of the big side with tiles of TILE_HEIGHT x TILE_WIDTH pixels of the small side, summed
// over all tiles. A workgroup makes one phase of 8 big channels and four small ones a lane.
@group(0) @binding(0) var big: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(1) var small: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4f>; // [tap][big][small/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let py = group.z >> 1u;
  let px = group.z & 1u;
  let n = group.x * ${LANES}u + lane;
  let s = min(n, sizes.small - 1u);
  // While loading from the big side, a lane is one of four tiles and four of the eight channels.
  let b = min(group.y * 2u + ((lane >> 2u) & 1u), sizes.big - 1u);
  let pitch = sizes.small_pitch;
  //# for b in 0..COLUMN_PRODUCTS
  let pixel_${b} = b + (px + ${2 * b}u) * sizes.big_pitch;
  //# end
  let stride = ${2 * TILE_WIDTH}u * sizes.big_pitch;
  let row_mask = (1u << (sizes.tile_bits - sizes.column_bits)) - 1u;
  let column_mask = (1u << sizes.column_bits) - 1u;
  //# for i in 0..ROW_PRODUCTS
  //# for j in 0..COLUMN_PRODUCTS
  //# for p in 0..8
  var c${i}${j}_${p} = vec4f();
  //# end
  //# end
  //# end
  let quads = sizes.tiles / 4u;
  let column_bits = sizes.column_bits;
  let tile_bits = sizes.tile_bits;
  for (var k = 0u; k < quads; k++) {
    //# for m in 0..4
    let tile${m} = k * 4u + ${m}u;
    let image${m} = tile${m} >> tile_bits;
    let top${m} = ((tile${m} >> column_bits) & row_mask) * ${TILE_HEIGHT}u + 1u;
    let left${m} = ((tile${m} & column_mask) * ${TILE_WIDTH}u + 1u) * pitch + s;
    //# for i in 0..TILE_HEIGHT
    //# for j in 0..TILE_WIDTH
    let g${m}_${i}${j} = textureLoad(small, vec2u(left${m} + ${j}u * pitch, top${m} + ${i}u), image${m});
    //# end
    //# for j in 0..COLUMN_PRODUCTS
    let h${m}_${i}${j} = ${sum(COLUMN_TAPS[j], b => "g" + m + "_" + i + b)};
    //# end
    //# end
    //# for i in 0..ROW_PRODUCTS
    //# for j in 0..COLUMN_PRODUCTS
    let u${m}_${i}${j} = ${sum(ROW_TAPS[i], a => "h" + m + "_" + a + j)};
    //# end
    //# end
    //# end
    let tile = k * 4u + (lane & 3u);
    let image = tile >> tile_bits;
    let top = ((tile >> column_bits) & row_mask) * ${2 * TILE_HEIGHT}u + py;
    let left = (tile & column_mask) * stride;
    //# for a in 0..ROW_PRODUCTS
    //# for b in 0..COLUMN_PRODUCTS
    let d${a}${b} = textureLoad(big, vec2u(left + pixel_${b}, top + ${2 * a}u), image);
    //# end
    //# for j in 0..COLUMN_PRODUCTS
    let e${a}${j} = ${sum(COLUMN_INPUT[j], b => "d" + a + b)};
    //# end
    //# end
    //# for i in 0..ROW_PRODUCTS
    //# for j in 0..COLUMN_PRODUCTS
    let v${i}${j} = ${sum(ROW_INPUT[i], a => "e" + a + j)};
    //# for p in 0..8
    c${i}${j}_${p} += ${products("u", "_" + i + j, m => "v" + i + j + "." + "xyzw"[p % 4], m => (p >> 2) * 4 + m)};
    //# end
    //# end
    //# end
  }
  if (n >= sizes.small) { return; }
  let first = ((py * 4u + px) * 4u * sizes.big + group.y * 8u) * sizes.small + n;
  //# for p in 0..8
  if (group.y * 2u + ${p >> 2}u < sizes.big) {
    let to = first + ${p}u * sizes.small;
    //# for i in 0..2
    //# for j in 0..COLUMN_PRODUCTS
    let r${i}${j} = ${sum(ROW_OUTPUT[i], a => "c" + a + j + "_" + p)};
    //# end
    //# for j in 0..2
    let to${i}${j} = to + ${32 * i + 8 * j}u * sizes.big * sizes.small;
    gradient[to${i}${j}] = ${sum(COLUMN_OUTPUT[j], b => "r" + i + b)};
    //# end
    //# end
  }
  //# end
}
