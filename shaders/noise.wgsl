// Standard normal numbers as a function of (seed, purpose, step, index). A thread makes four.
@group(0) @binding(1) var<storage, read_write> noise: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${COUNT / 4}u) { return; }
  noise[id.x] = normal4(vec4u(step.seed, ${PURPOSE}u, step.step, id.x));
}
