// The gradient before an activation from the gradient after it and the activation's own output.
@group(0) @binding(0) var<storage, read> output: array<vec4f>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${COUNT / 4}u) { return; }
  let row = i / ${WIDTH * C4}u;
  let pixel = vec3u(i / ${C4}u % ${WIDTH}u, row % ${HEIGHT}u, row / ${HEIGHT}u);
  let y = output[i];
  //# if ACTIVATION === "tanh"
  store(i, pixel, i % ${C4}u, ${C4}u, gradient[i] * (1.0 - y * y));
  //# else
  // LeakyReLU keeps the sign, so its output tells which side the input was on.
  store(i, pixel, i % ${C4}u, ${C4}u, gradient[i] * select(vec4f(${SLOPE}), vec4f(1.0), y > vec4f()));
  //# end
}
