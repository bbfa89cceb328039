// Standard normal numbers as a function of (seed, purpose, step, index): dice.wgsl and Box-Muller.
// A thread makes four.
@group(0) @binding(1) var<storage, read_write> noise: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${COUNT / 4}u) { return; }
  let u = (vec4f(hash4(vec4u(step.seed, ${PURPOSE}u, step.step, id.x)) >> vec4u(8u)) + 0.5) / 16777216.0;
  let radius = sqrt(-2.0 * log(u.xz));
  let angle = 6.283185307179586 * u.yw;
  noise[id.x] = vec4f(
    radius.x * cos(angle.x), radius.x * sin(angle.x),
    radius.y * cos(angle.y), radius.y * sin(angle.y));
}
