// Operands of the tiled product for the transposed convolution up, one of four phases (row parity,
// column parity) of one of the shares of K a grid layer: M = B*H*W pixels of the small side, N = big
// channels, K = the 2x2 taps of this phase times small channels.
@group(0) @binding(0) var<storage, read> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [tap][big][small/4]
@group(0) @binding(2) var<storage, read_write> big: array<vec4f>; // [share][B][2H][2W][big/4]

fn slab_start(z: u32) -> u32 { return z / 4u * ${SHARE}u; }
fn slab_end(z: u32) -> u32 { return min((z / 4u + 1u) * ${SHARE}u, ${4 * SMALL}u); }

// The first tap's place for row m, and which of the 4 taps lie inside the picture.
fn start_a(m: u32, z: u32) -> vec2i {
  let y = i32(m / ${WIDTH}u % ${HEIGHT}u + ((z >> 1u) & 1u)) - 1;
  let x = i32(m % ${WIDTH}u + (z & 1u)) - 1;
  let rows = select(0, 3, y >= 0) | select(0, 12, y < ${HEIGHT - 1});
  let columns = select(0, 5, x >= 0) | select(0, 10, x < ${WIDTH - 1});
  let pixel = i32(m / ${HEIGHT * WIDTH}u) * ${HEIGHT * WIDTH} + y * ${WIDTH} + x;
  return vec2i(pixel * ${SMALL / 4}, select(0, rows & columns, m < ${BATCH * HEIGHT * WIDTH}u));
}

fn load_a(start: vec2i, k: u32, slab: u32, z: u32) -> vec4f {
  let t = ${SMALL % SLAB === 0 ? "slab" : "k"} / ${SMALL}u;
  if (((u32(start.y) >> t) & 1u) == 0u) { return vec4f(); }
  let offset = ((t >> 1u) * ${WIDTH}u + (t & 1u)) * ${SMALL / 4}u + k % ${SMALL}u / 4u;
  return small[start.x + i32(offset)];
}

fn start_b(n: u32, z: u32) -> vec2i { return vec2i(i32(n) * ${SMALL / 4}, i32(n < ${BIG}u)); }

fn load_b(start: vec2i, k: u32, slab: u32, z: u32) -> vec4f {
  if (start.y == 0 || k >= ${4 * SMALL}u) { return vec4f(); }
  let t = ${SMALL % SLAB === 0 ? "slab" : "k"} / ${SMALL}u;
  let tap = (3u - ((z >> 1u) & 1u) - 2u * (t >> 1u)) * 4u + 3u - (z & 1u) - 2u * (t & 1u);
  return weight[tap * ${BIG * SMALL / 4}u + k % ${SMALL}u / 4u + u32(start.x)];
}

fn store_c(m: u32, n: u32, value: vec4f, z: u32) {
  if (m >= ${BATCH * HEIGHT * WIDTH}u || n >= ${BIG}u) { return; }
  let y = m / ${WIDTH}u % ${HEIGHT}u * 2u + ((z >> 1u) & 1u);
  let x = m % ${WIDTH}u * 2u + (z & 1u);
  let picture = z / 4u * ${BATCH}u + m / ${HEIGHT * WIDTH}u;
  let pixel = picture * ${4 * HEIGHT * WIDTH}u + y * ${2 * WIDTH}u + x;
  //# if ACTIVATION === "tanh"
  big[(pixel * ${BIG}u + n) / 4u] = accurate_tanh(value);
  //# else
  big[(pixel * ${BIG}u + n) / 4u] = value;
  //# end
}
