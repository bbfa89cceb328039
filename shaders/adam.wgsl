// Adam over a network's flat parameters (Kingma and Ba, ICLR 2015, algorithm 1), with PyTorch's
// placing of eps: p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> moment1: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> moment2: array<vec4f>;
//# if AVERAGED
// The parameters' moving average, updated where they are at hand.
@group(0) @binding(5) var<storage, read_write> mean: array<vec4f>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= arrayLength(&parameter)) { return; }
  let g = gradient[i] * ${1 / SCALE};
  let m = moment1[i] + (g - moment1[i]) * ${1 - BETA1};
  let v = moment2[i] * ${BETA2} + g * g * ${1 - BETA2};
  moment1[i] = m;
  moment2[i] = v;
  let p = parameter[i] - ${RATE} * step.step_size * m / (sqrt(v) * step.inv_sqrt_bias2 + 1e-8);
  parameter[i] = p;
  //# if AVERAGED
  mean[i] = mix(p, mean[i], step.ema);
  //# end
}
