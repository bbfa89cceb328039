// Random words as a function of four, pcg4d, and numbers made of them: the same as src/random.ts. With
// the step's numbers, of which the seed and the step's number are two of the four.
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;

fn hash4(key: vec4u) -> vec4u {
  var v = key * 1664525u + 1013904223u;
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  return v;
}

fn to_unit(words: vec4u) -> vec4f { return (vec4f(words >> vec4u(8u)) + 0.5) / 16777216.0; }

// Four standard normal numbers: Box-Muller.
fn normal4(key: vec4u) -> vec4f {
  let u = to_unit(hash4(key));
  let radius = sqrt(-2.0 * log(u.xz));
  let angle = 6.283185307179586 * u.yw;
  return vec4f(
    radius.x * cos(angle.x), radius.x * sin(angle.x),
    radius.y * cos(angle.y), radius.y * sin(angle.y));
}
