// Batch normalisation, 3 of 3: y = activation(scale * x + shift), channel by channel.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, shift, ...][C/4]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${ROWS * C4}u) { return; }
  let c = i % ${C4}u;
  let v = fma(x[i], folded[c], folded[${C4}u + c]);
  y[i] = max(v, ${SLOPE} * v);
}
