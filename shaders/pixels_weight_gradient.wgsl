// Gradient of the 4x4 stride-2 convolution's weights, for a software adapter and few channels
// on the big side. A workgroup takes four big channels, four small ones a lane and TAP_ROWS rows of taps, and
// sums over a share of the pixels, four neighbours at a time: their patches overlap, so that a row of
// ten pixels of the big side serves all of them.
@group(0) @binding(0) var big: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(1) var small: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(2) var<storage, read_write> shares: array<vec4f>; // [split][tap][big][small/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

// From a buffer, so that batches of any size share a pipeline; see winograd_sizes.wgsl.
struct Sizes {
  quads: u32, // fours of neighbouring pixels in the batch
  split_quads: u32, // of a share
}

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = group.x % ${Math.ceil(SMALL / 4 / LANES)}u * ${LANES}u + lane;
  let first = group.x / ${Math.ceil(SMALL / 4 / LANES)}u * ${TAP_ROWS}u;
  let s = min(n, ${SMALL / 4 - 1}u);
  // While loading from the big side, a lane is a pixel of the patch [TAP_ROWS][10].
  //# for f in 0..LOADS
  let at${f} = min(${LANES * f}u + lane, ${10 * TAP_ROWS - 1}u);
  let from${f} = vec2u(at${f} % 10u * ${BIG_PITCH}u + group.y, first + at${f} / 10u);
  //# end
  //# for t in 0..4*TAP_ROWS
  //# for p in 0..4
  var c${t}_${p} = vec4f();
  //# end
  //# end
  let last = min((group.z + 1u) * sizes.split_quads, sizes.quads);
  for (var quad = group.z * sizes.split_quads; quad < last; quad++) {
    let x = quad % ${WIDTH / 4}u;
    let y = quad / ${WIDTH / 4}u % ${HEIGHT}u;
    let image = quad / ${HEIGHT * WIDTH / 4}u;
    //# for m in 0..4
    let g${m} = textureLoad(small, vec2u((4u * x + ${m + 1}u) * ${SMALL_PITCH}u + s, y + 1u), image);
    //# end
    let corner = vec2u(8u * x * ${BIG_PITCH}u, 2u * y);
    //# for f in 0..LOADS
    let f${f} = textureLoad(big, corner + from${f}, image);
    //# end
    //# for ky in 0..TAP_ROWS
    //# for kx in 0..4
    //# for p in 0..4
    c${4 * ky + kx}_${p} += ${products("g", "", m => "f" + Math.floor((10 * ky + 2 * m + kx) / LANES) + "." + "xyzw"[p], m => (10 * ky + 2 * m + kx) % LANES)};
    //# end
    //# end
    //# end
  }
  if (n >= ${SMALL / 4}u) { return; }
  //# for t in 0..4*TAP_ROWS
  //# for p in 0..4
  shares[((group.z * 16u + first * 4u + ${t}u) * ${BIG}u + group.y * 4u + ${p}u) * ${SMALL / 4}u + n] = c${t}_${p};
  //# end
  //# end
}
