// Convolution 4x4, stride 2, padding 1, straight from its definition: a thread makes four channels
// of ROWS neighbouring pixels of the small side. The reference among the variants: no scratch, no
// shared memory, right on every adapter.
@group(0) @binding(0) var<storage, read> big: array<vec4f>; // [B][2H][2W][big/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [tap][big][small/4]
@group(0) @binding(2) var<storage, read_write> small: array<vec4f>; // [B][H][W][small/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let zero = groups.z - 1u;
  let i = id.x + id.y * groups.x * 64u;
  let s = i % ${SMALL / 4}u;
  let first = i / ${SMALL / 4}u * ${ROWS}u;
  if (first >= ${BATCH * HEIGHT * WIDTH}u) { return; }
  //# for r in 0..ROWS
  let row${r} = min(first + ${r}u, ${BATCH * HEIGHT * WIDTH - 1}u);
  let b${r} = row${r} / ${HEIGHT * WIDTH}u;
  let y${r} = i32(row${r} / ${WIDTH}u % ${HEIGHT}u) * 2 - 1;
  let x${r} = i32(row${r} % ${WIDTH}u) * 2 - 1;
  var acc${r} = Sum();
  //# end
  for (var tap = 0u; tap < 16u; tap++) {
    let ky = i32(tap >> 2u);
    let kx = i32(tap & 3u);
    //# for r in 0..ROWS
    let inside${r} = y${r} + ky >= 0 && y${r} + ky < ${2 * HEIGHT} && x${r} + kx >= 0 && x${r} + kx < ${2 * WIDTH};
    let keep${r} = select(0.0, 1.0, inside${r});
    let at${r} = select(0u, (b${r} * ${4 * HEIGHT * WIDTH}u + u32(y${r} + ky) * ${2 * WIDTH}u + u32(x${r} + kx)) * ${BIG / 4}u, inside${r});
    //# end
    for (var c = 0u; c < ${BIG / 4}u; c++) {
      let w = (tap * ${BIG}u + c * 4u) * ${SMALL / 4}u + s;
      let w0 = weight[w];
      let w1 = weight[w + ${SMALL / 4}u];
      let w2 = weight[w + ${2 * SMALL / 4}u];
      let w3 = weight[w + ${3 * SMALL / 4}u];
      //# for r in 0..ROWS
      let v${r} = big[at${r} + c] * keep${r};
      add(&acc${r}, (v${r}.x * w0 + v${r}.y * w1) + (v${r}.z * w2 + v${r}.w * w3), zero);
      //# end
    }
  }
  //# for r in 0..ROWS
  if (first + ${r}u < ${BATCH * HEIGHT * WIDTH}u) {
    //# if ACTIVATION === "leaky_relu"
    small[row${r} * ${SMALL / 4}u + s] = max(acc${r}.value, 0.2 * acc${r}.value);
    //# else
    small[row${r} * ${SMALL / 4}u + s] = acc${r}.value;
    //# end
  }
  //# end
}
