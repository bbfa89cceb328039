// Backward of activation and batch normalisation, 3 of 3: dx = a * g + b * x + c.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, ...][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read> backward: array<vec4f>; // [a, b, c][C/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${ROWS * C4}u) { return; }
  let c = i % ${C4}u;
  let v = x[i];
  let g = gradient[i] * select(vec4f(${SLOPE}), vec4f(1.0), fma(v - folded[${2 * C4}u + c], folded[c], folded[${C4}u + c]) > vec4f());
  store(i, fma(g, backward[c], fma(v, backward[${C4}u + c], backward[${2 * C4}u + c])));
}
