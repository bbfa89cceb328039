// Transposed convolution 4x4, stride 2, padding 1, for a software adapter and few channels on
// the big side: a lane is a column of ROWS pixels of the small side, neighbouring columns make a
// workgroup, and four output channels of all 4 * ROWS pixels of each lane stay in registers. The
// weights are loaded by all lanes at once and handed round by broadcasts.
@group(0) @binding(0) var small: texture_storage_2d_array<rgba32float, read>; // padded feature maps
@group(0) @binding(1) var weight: texture_storage_2d_array<rgba32float, read>; // panels
@group(0) @binding(2) var<storage, read_write> big: array<vec4f>; // [B][2H][2W][big/4]

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let x = group.x % ${WIDTH / LANES}u * ${LANES}u + lane;
  let c = group.x / ${WIDTH / LANES}u;
  let left = x * ${SMALL_PITCH}u;
  let top = group.y * ${ROWS}u;
  // While loading weights, a lane is one of LANES/4 taps and one of four output channels.
  let row = (lane >> 2u) * ${BIG}u + c * 4u + (lane & 3u);
  //# for r in 0..ROWS
  //# for phase in 0..4
  var c${phase}_${r} = vec4f();
  //# end
  //# end
  for (var k = 0u; k < ${SMALL / 4}u; k++) {
    //# for a in 0..ROWS+2
    //# for b in 0..3
    let d${a}${b} = textureLoad(small, vec2u(left + k + ${b * SMALL_PITCH}u, top + ${a}u), group.z);
    //# end
    //# end
    //# for load in 0..64/LANES
    let f${load} = textureLoad(weight, vec2u(k % ${LANES}u, row + ${LANES / 4 * load * BIG}u), k / ${LANES}u);
    //# end
    //# for tap in 0..16
    //# for m in 0..4
    let w${tap}_${m} = ${tapWeights(tap, m)};
    //# end
    //# for r in 0..ROWS
    c${phaseOf(tap)}_${r} += ((w${tap}_0 * d${pixelOf(tap, r)}[0] + w${tap}_1 * d${pixelOf(tap, r)}[1]) + w${tap}_2 * d${pixelOf(tap, r)}[2]) + w${tap}_3 * d${pixelOf(tap, r)}[3];
    //# end
    //# end
  }
  //# for r in 0..ROWS
  //# for phase in 0..4
  {
    let y = group.y * ${2 * ROWS}u + ${2 * r + (phase >> 1)}u;
    let at = ((group.z * ${2 * HEIGHT}u + y) * ${2 * WIDTH}u + 2u * x + ${phase & 1}u) * ${BIG / 4}u + c;
    //# if ACTIVATION === "tanh"
    big[at] = accurate_tanh(c${phase}_${r});
    //# else
    big[at] = c${phase}_${r};
    //# end
  }
  //# end
  //# end
}
