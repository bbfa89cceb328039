// Backward of activation and batch normalisation, 3 of 3: dx = a * g + b * x + c. A thread takes four
// channels of STRIP rows, as in norm_apply.wgsl.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, ...][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read> backward: array<vec4f>; // [a, b, c][C/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${ROWS / STRIP * C4}u) { return; }
  let c = i % ${C4}u;
  let first = i / ${C4}u * ${STRIP * C4}u + c;
  let scale = folded[c];
  let beta = folded[${C4}u + c];
  let mean = folded[${2 * C4}u + c];
  let of_gradient = backward[c];
  let of_x = backward[${C4}u + c];
  let constant = backward[${2 * C4}u + c];
  //# for r in 0..STRIP
  let v${r} = x[first + ${r * C4}u];
  let slope${r} = select(vec4f(${SLOPE}), vec4f(1.0), fma(v${r} - mean, scale, beta) > vec4f());
  store(first + ${r * C4}u, fma(gradient[first + ${r * C4}u] * slope${r}, of_gradient, fma(v${r}, of_x, constant)));
  //# end
}
