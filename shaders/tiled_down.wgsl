// Operands of the tiled product for the convolution down: M = B*H*W pixels, N = small channels,
// K = 16 taps of big channels, gathered on the way into workgroup memory; a grid layer takes one of
// the shares of K.
@group(0) @binding(0) var<storage, read> big: array<vec4f>; // [B][2H][2W][big/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [tap][big][small/4]
@group(0) @binding(2) var<storage, read_write> small: array<vec4f>; // [share][B][H][W][small/4]

fn slab_start(z: u32) -> u32 { return z * ${SHARE}u; }
fn slab_end(z: u32) -> u32 { return min((z + 1u) * ${SHARE}u, ${16 * BIG}u); }

// The first tap's place for row m, and which of the 16 taps lie inside the picture.
fn start_a(m: u32, z: u32) -> vec2i {
  let y = i32(m / ${WIDTH}u % ${HEIGHT}u) * 2 - 1;
  let x = i32(m % ${WIDTH}u) * 2 - 1;
  var rows = 0;
  var columns = 0;
  //# for r in 0..4
  rows |= select(0, ${15 << 4 * r}, y + ${r} >= 0 && y + ${r} < ${2 * HEIGHT});
  columns |= select(0, ${4369 << r}, x + ${r} >= 0 && x + ${r} < ${2 * WIDTH});
  //# end
  let pixel = i32(m / ${HEIGHT * WIDTH}u) * ${4 * HEIGHT * WIDTH} + y * ${2 * WIDTH} + x;
  return vec2i(pixel * ${BIG / 4}, select(0, rows & columns, m < ${BATCH * HEIGHT * WIDTH}u));
}

fn load_a(start: vec2i, k: u32, slab: u32, z: u32) -> vec4f {
  let tap = ${BIG % SLAB === 0 ? "slab" : "k"} / ${BIG}u;
  if (((u32(start.y) >> tap) & 1u) == 0u) { return vec4f(); }
  let offset = ((tap >> 2u) * ${2 * WIDTH}u + (tap & 3u)) * ${BIG / 4}u + k % ${BIG}u / 4u;
  return big[start.x + i32(offset)];
}

fn start_b(n: u32, z: u32) -> vec2i { return vec2i(i32(n / 4u), i32(n < ${SMALL}u)); }

fn load_b(start: vec2i, k: u32, slab: u32, z: u32) -> vec4f {
  if (start.y == 0 || k >= ${16 * BIG}u) { return vec4f(); }
  return weight[k * ${SMALL / 4}u + u32(start.x)];
}

fn store_c(m: u32, n: u32, value: vec4f, z: u32) {
  if (m >= ${BATCH * HEIGHT * WIDTH}u || n >= ${SMALL}u) { return; }
  let at = ((z * ${BATCH * HEIGHT * WIDTH}u + m) * ${SMALL}u + n) / 4u;
  //# if ACTIVATION === "leaky_relu"
  small[at] = max(value, 0.2 * value);
  //# else
  small[at] = value;
  //# end
}
