// Exponential moving average of the generator: its parameters and its running statistics.
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> parameter: array<vec4f>;
@group(0) @binding(2) var<storage, read> running: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> mean_parameter: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> mean_running: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i < ${PARAMETERS / 4}u) {
    mean_parameter[i] = mix(parameter[i], mean_parameter[i], step.ema);
  } else if (i < ${(PARAMETERS + RUNNING) / 4}u) {
    let j = i - ${PARAMETERS / 4}u;
    mean_running[j] = mix(running[j], mean_running[j], step.ema);
  }
}
