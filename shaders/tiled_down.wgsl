// Operands of the tiled product for the convolution down: M = B*H*W pixels, N = small channels,
// K = 16 taps of big channels, gathered on the way into workgroup memory; a grid layer takes one of
// SPLITS shares of K.
@group(0) @binding(0) var<storage, read> big: array<vec4f>; // [B][2H][2W][big/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [tap][big][small/4]
@group(0) @binding(2) var<storage, read_write> small: array<vec4f>; // [split][B][H][W][small/4]

fn slab_start(z: u32) -> u32 { return z * ${SHARE}u; }
fn slab_end(z: u32) -> u32 { return min((z + 1u) * ${SHARE}u, ${16 * BIG}u); }

fn load_a(m: u32, k: u32, slab: u32, z: u32) -> vec4f {
  let tap = ${BIG % SLAB === 0 ? "slab" : "k"} / ${BIG}u;
  let y = i32(m / ${WIDTH}u % ${HEIGHT}u) * 2 - 1 + i32(tap >> 2u);
  let x = i32(m % ${WIDTH}u) * 2 - 1 + i32(tap & 3u);
  if (m >= ${BATCH * HEIGHT * WIDTH}u || k >= ${16 * BIG}u || y < 0 || y >= ${2 * HEIGHT} || x < 0 || x >= ${2 * WIDTH}) {
    return vec4f();
  }
  let pixel = m / ${HEIGHT * WIDTH}u * ${4 * HEIGHT * WIDTH}u + u32(y) * ${2 * WIDTH}u + u32(x);
  return big[(pixel * ${BIG}u + k % ${BIG}u) / 4u];
}

fn load_b(n: u32, k: u32, slab: u32, z: u32) -> vec4f {
  if (n >= ${SMALL}u || k >= ${16 * BIG}u) { return vec4f(); }
  return weight[(k * ${SMALL}u + n) / 4u];
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
