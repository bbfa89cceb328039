// Transposed convolution 4x4, stride 2, padding 1: each of the four output phases (row parity, column
// parity) is a 2x2 convolution of the small side, so no zero is ever multiplied. A thread makes
// four channels of one phase for ROWS neighbouring pixels of the small side.
@group(0) @binding(0) var<storage, read> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [tap][big][small/4]
@group(0) @binding(2) var<storage, read_write> big: array<vec4f>; // [B][2H][2W][big/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let zero = groups.z - 1u;
  let i = id.x + id.y * groups.x * 64u;
  let c = i % ${BIG / 4}u;
  let phase = i / ${BIG / 4}u % 4u;
  let first = i / ${BIG}u * ${ROWS}u;
  if (first >= ${BATCH * HEIGHT * WIDTH}u) { return; }
  let py = i32(phase >> 1u);
  let px = i32(phase & 1u);
  //# for r in 0..ROWS
  let row${r} = min(first + ${r}u, ${BATCH * HEIGHT * WIDTH - 1}u);
  let b${r} = row${r} / ${HEIGHT * WIDTH}u;
  let y${r} = i32(row${r} / ${WIDTH}u % ${HEIGHT}u);
  let x${r} = i32(row${r} % ${WIDTH}u);
  var acc${r} = Sum();
  //# end
  for (var t = 0u; t < 4u; t++) {
    // Row y + py - 1 + ty of the small side meets kernel row 3 - py - 2 * ty; columns likewise.
    let ty = i32(t >> 1u);
    let tx = i32(t & 1u);
    let tap = u32((3 - py - 2 * ty) * 4 + 3 - px - 2 * tx);
    //# for r in 0..ROWS
    let sy${r} = y${r} + py - 1 + ty;
    let sx${r} = x${r} + px - 1 + tx;
    let inside${r} = sy${r} >= 0 && sy${r} < ${HEIGHT} && sx${r} >= 0 && sx${r} < ${WIDTH};
    let keep${r} = select(0.0, 1.0, inside${r});
    let at${r} = select(0u, (b${r} * ${HEIGHT * WIDTH}u + u32(sy${r}) * ${WIDTH}u + u32(sx${r})) * ${SMALL / 4}u, inside${r});
    //# end
    for (var s = 0u; s < ${SMALL / 4}u; s++) {
      let w = (tap * ${BIG}u + c * 4u) * ${SMALL / 4}u + s;
      let w0 = weight[w];
      let w1 = weight[w + ${SMALL / 4}u];
      let w2 = weight[w + ${2 * SMALL / 4}u];
      let w3 = weight[w + ${3 * SMALL / 4}u];
      //# for r in 0..ROWS
      let v${r} = small[at${r} + s] * keep${r};
      add(&acc${r}, vec4f(dot(v${r}, w0), dot(v${r}, w1), dot(v${r}, w2), dot(v${r}, w3)), zero);
      //# end
    }
  }
  //# for r in 0..ROWS
  if (first + ${r}u < ${BATCH * HEIGHT * WIDTH}u) {
    let to = (b${r} * ${4 * HEIGHT * WIDTH}u + u32(2 * y${r} + py) * ${2 * WIDTH}u + u32(2 * x${r} + px)) * ${BIG / 4}u + c;
    //# if ACTIVATION === "tanh"
    big[to] = accurate_tanh(acc${r}.value);
    //# else
    big[to] = acc${r}.value;
    //# end
  }
  //# end
}
