// Gradient of the first layer's weights: dweight[k][n] = sum over b of x[b][k] * dy[b][n]. A thread
// makes four columns of four rows.
@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [B][K/4]
@group(0) @binding(1) var<storage, read> dy: array<vec4f>; // [B][N/4]
@group(0) @binding(2) var<storage, read_write> d_weight: array<vec4f>; // [K][N/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i % ${N / 4}u;
  let k = i / ${N / 4}u;
  if (k >= ${K / 4}u) { return; }
  //# for r in 0..4
  var acc${r} = vec4f();
  //# end
  for (var b = 0u; b < ${BATCH}u; b++) {
    let v = x[b * ${K / 4}u + k];
    let g = dy[b * ${N / 4}u + n];
    acc0 = fma(vec4f(v.x), g, acc0);
    acc1 = fma(vec4f(v.y), g, acc1);
    acc2 = fma(vec4f(v.z), g, acc2);
    acc3 = fma(vec4f(v.w), g, acc3);
  }
  //# for r in 0..4
  d_weight[(k * 4u + ${r}u) * ${N / 4}u + n] = acc${r};
  //# end
}
