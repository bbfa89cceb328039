// Matrix product y[b] = x[b] * weight for the generator's first layer. A thread makes four columns of
// four rows.
@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [B][K/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>; // [K][N/4]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [B][N/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let zero = groups.z - 1u;
  let i = id.x + id.y * groups.x * 64u;
  let n = i % ${N / 4}u;
  let first = i / ${N / 4}u * 4u;
  if (first >= ${BATCH}u) { return; }
  //# for r in 0..4
  let row${r} = min(first + ${r}u, ${BATCH - 1}u);
  var acc${r} = Sum();
  //# end
  for (var k = 0u; k < ${K / 4}u; k++) {
    //# for j in 0..4
    let w${j} = weight[(k * 4u + ${j}u) * ${N / 4}u + n];
    //# end
    //# for r in 0..4
    let v${r} = x[row${r} * ${K / 4}u + k];
    add(&acc${r}, (v${r}.x * w0 + v${r}.y * w1) + (v${r}.z * w2 + v${r}.w * w3), zero);
    //# end
  }
  //# for r in 0..4
  if (first + ${r}u < ${BATCH}u) { y[row${r} * ${N / 4}u + n] = acc${r}.value; }
  //# end
}
