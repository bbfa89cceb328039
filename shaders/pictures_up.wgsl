// Transposed convolution 4x4, stride 2, padding 1, to pictures of four channels. A tile of a matrix product
// would be mostly air with so few columns. Here a workgroup makes what 8x8 pixels of the small side
// make, a thread the 2x2 pixels of the picture around its own: 3x3 neighbours times 16 taps.
// Channels come in chunks of CHUNK through workgroup memory.
@group(0) @binding(0) var<storage, read> small: array<vec4f>; // [B][H][W][small/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [tap][4][small/4]
@group(0) @binding(2) var<storage, read_write> big: array<vec4f>; // [B][2H][2W]

var<workgroup> tile: array<array<vec4f, 100>, ${CHUNK / 4}>; // [channels/4][10 rows of 10 pixels]
var<workgroup> taps: array<array<vec4f, ${CHUNK}>, 16>; // [tap][channel], the picture's four in one

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let y0 = group.y * 8u;
  let x0 = group.x * 8u;
  let ty = t / 8u;
  let tx = t % 8u;
  //# for phase in 0..4
  var acc${phase} = vec4f();
  //# end
  for (var chunk = 0u; chunk < ${SMALL}u; chunk += ${CHUNK}u) {
    for (var e = t; e < ${100 * CHUNK / 4}u; e += 64u) {
      let pixel = e / ${CHUNK / 4}u;
      let y = i32(y0 + pixel / 10u) - 1;
      let x = i32(x0 + pixel % 10u) - 1;
      var value = vec4f();
      if (y >= 0 && y < ${HEIGHT} && x >= 0 && x < ${WIDTH}) {
        let at = (group.z * ${HEIGHT}u + u32(y)) * ${WIDTH}u + u32(x);
        value = small[(at * ${SMALL}u + chunk) / 4u + e % ${CHUNK / 4}u];
      }
      tile[e % ${CHUNK / 4}u][pixel] = value;
    }
    //# for i in 0..CHUNK/4
    {
      let e = t + ${64 * i}u;
      let s4 = e % ${CHUNK / 4}u;
      let row = e / ${CHUNK / 4}u;
      let value = weight[(row * ${SMALL}u + chunk) / 4u + s4];
      //# for j in 0..4
      taps[row / 4u][4u * s4 + ${j}u][row % 4u] = value[${j}];
      //# end
    }
    //# end
    workgroupBarrier();
    //# for s4 in 0..CHUNK/4
    {
      //# for r in 0..3
      //# for c in 0..3
      let v${r}${c} = tile[${s4}][(ty + ${r}u) * 10u + tx + ${c}u];
      //# end
      //# end
      // Row y + py - 1 + i of the small side meets kernel row 3 - py - 2 * i; columns likewise.
      //# for j in 0..4
      //# for phase in 0..4
      //# for i in 0..4
      acc${phase} = fma(vec4f(v${(phase >> 1) + (i >> 1)}${(phase & 1) + (i & 1)}[${j}]), taps[${(3 - (phase >> 1) - 2 * (i >> 1)) * 4 + 3 - (phase & 1) - 2 * (i & 1)}][${4 * s4 + j}], acc${phase});
      //# end
      //# end
      //# end
    }
    //# end
    workgroupBarrier();
  }
  let y = y0 + ty;
  let x = x0 + tx;
  if (y >= ${HEIGHT}u || x >= ${WIDTH}u) { return; }
  //# for phase in 0..4
  {
    let at = (group.z * ${2 * HEIGHT}u + 2u * y + ${phase >> 1}u) * ${2 * WIDTH}u + 2u * x + ${phase & 1}u;
    //# if ACTIVATION === "tanh"
    big[at] = accurate_tanh(acc${phase});
    //# else
    big[at] = acc${phase};
    //# end
  }
  //# end
}
