// Batch normalisation, 3 of 3: y = activation((x - mean) * scale + beta), channel by
// channel. Near the activation's kink x - mean is exact: the sign comes out right. A thread takes four
// channels of STRIP rows, so that it loads their coefficients once.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, ...][C/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${ROWS / STRIP * C4}u) { return; }
  let c = i % ${C4}u;
  let first = i / ${C4}u * ${STRIP * C4}u + c;
  let scale = folded[c];
  let beta = folded[${C4}u + c];
  let mean = folded[${2 * C4}u + c];
  //# for r in 0..STRIP
  let v${r} = fma(x[first + ${r * C4}u] - mean, scale, beta);
  store(first + ${r * C4}u, max(v${r}, ${SLOPE} * v${r}));
  //# end
}
