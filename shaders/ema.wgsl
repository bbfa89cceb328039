// Exponential moving average of the generator's numbers. (Adam averages the parameters itself, adam.wgsl.)
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> now: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> mean: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= arrayLength(&mean)) { return; }
  mean[i] = mix(now[i], mean[i], step.ema);
}
