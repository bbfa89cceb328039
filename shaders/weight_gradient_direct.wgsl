// Gradient of the 4x4 stride-2 convolution's weights: for every tap the products of both sides'
// channels, summed over a share of the pixels (one of SPLITS, added up by sum_splits.wgsl in a
// fixed order). A thread makes 4 x 4 channels of one tap.
@group(0) @binding(0) var<storage, read> big: array<vec4f>; // [B][2H][2W][big/4]
@group(0) @binding(1) var<storage, read> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(2) var<storage, read_write> partial: array<vec4f>; // [split][tap][big][small/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let zero = groups.z - 1u;
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${SPLITS * BIG * SMALL}u) { return; } // 16 taps * big/4 * small/4 a split
  let s = i % ${SMALL / 4}u;
  let c = i / ${SMALL / 4}u % ${BIG / 4}u;
  let tap = i / ${BIG * SMALL / 16}u % 16u;
  let split = i / ${BIG * SMALL}u;
  let ky = i32(tap >> 2u) - 1;
  let kx = i32(tap & 3u) - 1;
  var acc0 = Sum();
  var acc1 = Sum();
  var acc2 = Sum();
  var acc3 = Sum();
  let last = min((split + 1u) * ${SPLIT_ROWS}u, ${BATCH * HEIGHT * WIDTH}u);
  for (var row = split * ${SPLIT_ROWS}u; row < last; row++) {
    let b = row / ${HEIGHT * WIDTH}u;
    let y = i32(row / ${WIDTH}u % ${HEIGHT}u) * 2 + ky;
    let x = i32(row % ${WIDTH}u) * 2 + kx;
    if (y >= 0 && y < ${2 * HEIGHT} && x >= 0 && x < ${2 * WIDTH}) {
      let v = big[(b * ${4 * HEIGHT * WIDTH}u + u32(y) * ${2 * WIDTH}u + u32(x)) * ${BIG / 4}u + c];
      let g = small[row * ${SMALL / 4}u + s];
      add(&acc0, v.x * g, zero);
      add(&acc1, v.y * g, zero);
      add(&acc2, v.z * g, zero);
      add(&acc3, v.w * g, zero);
    }
  }
  let to = ((split * 16u + tap) * ${BIG}u + c * 4u) * ${SMALL / 4}u + s;
  partial[to] = acc0.value;
  partial[to + ${SMALL / 4}u] = acc1.value;
  partial[to + ${2 * SMALL / 4}u] = acc2.value;
  partial[to + ${3 * SMALL / 4}u] = acc3.value;
}
