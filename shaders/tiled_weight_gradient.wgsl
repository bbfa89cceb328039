// Operands of the tiled product for the weight gradient: M = 16 taps of big channels, N = small
// channels, K = B*H*W pixels, of which a grid layer takes one of the shares.
@group(0) @binding(0) var<storage, read> big: array<vec4f>; // [B][2H][2W][big/4]
@group(0) @binding(1) var<storage, read> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(2) var<storage, read_write> partial: array<vec4f>; // [share][tap][big][small/4]

fn slab_start(z: u32) -> u32 { return z * ${SHARE}u; }
fn slab_end(z: u32) -> u32 { return min((z + 1u) * ${SHARE}u, ${BATCH * HEIGHT * WIDTH}u); }

// The tap of row m, far outside where there is none, and its four channels.
fn start_a(m: u32, z: u32) -> vec2i {
  return vec2i(i32(select(1u << 20u, m / ${BIG}u, m < ${16 * BIG}u)), i32(m % ${BIG}u / 4u));
}

fn load_a(start: vec2i, k: u32, slab: u32, z: u32) -> vec4f {
  let y = i32(k / ${WIDTH}u % ${HEIGHT}u) * 2 - 1 + (start.x >> 2u);
  let x = i32(k % ${WIDTH}u) * 2 - 1 + (start.x & 3);
  if (k >= slab_end(z) || y < 0 || y >= ${2 * HEIGHT} || x < 0 || x >= ${2 * WIDTH}) {
    return vec4f();
  }
  let pixel = k / ${HEIGHT * WIDTH}u * ${4 * HEIGHT * WIDTH}u + u32(y) * ${2 * WIDTH}u + u32(x);
  return big[pixel * ${BIG / 4}u + u32(start.y)];
}

fn start_b(n: u32, z: u32) -> vec2i { return vec2i(i32(n / 4u), i32(n < ${SMALL}u)); }

fn load_b(start: vec2i, k: u32, slab: u32, z: u32) -> vec4f {
  if (start.y == 0 || k >= slab_end(z)) { return vec4f(); }
  return small[k * ${SMALL / 4}u + u32(start.x)];
}

fn store_c(m: u32, n: u32, value: vec4f, z: u32) {
  if (m >= ${16 * BIG}u || n >= ${SMALL}u) { return; }
  partial[((z * ${16 * BIG}u + m) * ${SMALL}u + n) / 4u] = value;
}
