// Batch normalisation, 3 of 3: y = activation((x - mean) * scale + beta), channel by
// channel. Near the activation's kink x - mean is exact: the sign comes out right.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, ...][C/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${ROWS * C4}u) { return; }
  let c = i % ${C4}u;
  let v = fma(x[i] - folded[${2 * C4}u + c], folded[c], folded[${C4}u + c]);
  store(i, max(v, ${SLOPE} * v));
}
