// Convolution 4x4, stride 2, padding 1, of pictures of four channels, for a software adapter. A
// workgroup makes four of the small side's channels a lane, for ROWS rows of pixels. All its
// weights stay in registers (or what the compiler makes of so many: the nearest cache); the pixels run
// past them in fours, whose patches overlap in a row of ten pixels of the big side.
@group(0) @binding(0) var big: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(1) var weight: texture_storage_2d_array<rgba32float, read>; // panels
@group(0) @binding(2) var<storage, read_write> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(3) var<storage, read> slope: f32; // of the activation on the negative side; 1 is none

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = group.x * ${LANES}u + lane;
  // While loading pixels, a lane is one of the patch [4][10].
  //# for f in 0..Math.ceil(40/LANES)
  let at${f} = min(${LANES * f}u + lane, 39u);
  let from${f} = vec2u(at${f} % 10u * ${BIG_PITCH}u, at${f} / 10u);
  //# end
  //# for tap in 0..16
  //# for m in 0..4
  let w${m}_${tap} = textureLoad(weight, vec2u(lane, ${4 * tap + m}u), group.x);
  //# end
  //# end
  for (var quad = 0u; quad < ${ROWS * WIDTH / 4}u; quad++) {
    let y = group.y * ${ROWS}u + quad / ${WIDTH / 4}u;
    let x = quad % ${WIDTH / 4}u * 4u;
    let corner = vec2u(2u * x * ${BIG_PITCH}u, 2u * y);
    //# for f in 0..Math.ceil(40/LANES)
    let f${f} = textureLoad(big, corner + from${f}, group.z);
    //# end
    let to = ((group.z * ${HEIGHT}u + y) * ${WIDTH}u + x) * ${SMALL / 4}u + n;
    //# for p in 0..4
    //# for tap in 0..16
    let s${p}_${tap} = ${tap > 0 ? "s" + p + "_" + (tap - 1) + " + " : ""}(${products("w", "_" + tap, m => "f" + Math.floor(patch(tap, p) / LANES) + "." + "xyzw"[m], patch(tap, p) % LANES)});
    //# end
    //# end
    if (n < ${SMALL / 4}u) {
      //# for p in 0..4
      small[to + ${p * SMALL / 4}u] = max(s${p}_15, slope * s${p}_15);
      //# end
    }
  }
}
