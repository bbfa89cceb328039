// Standard normal numbers as a function of (seed, purpose, step, index): pcg4d and Box-Muller,
// the same hash as src/random.ts. A thread makes four.
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read_write> noise: array<vec4f>;

fn hash4(key: vec4u) -> vec4u {
  var v = key * 1664525u + 1013904223u;
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  return v;
}

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
