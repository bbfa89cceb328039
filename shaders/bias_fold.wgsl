// Puts a bias where channel_affine_apply.wgsl looks for it, whose other coefficients stay as they are.
@group(0) @binding(0) var<storage, read> bias: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> folded: array<vec4f>; // [scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < sizes.c4) { folded[sizes.c4 + id.x] = bias[id.x]; }
}
