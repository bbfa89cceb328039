// Spectral normalisation itself: W / sigma.
@group(0) @binding(0) var<storage, read> weight: array<vec4f>;
@group(0) @binding(1) var<storage, read> sigma: array<f32>; // [sigma, ...]
@group(0) @binding(2) var<storage, read_write> normalised: array<vec4f>;
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (4u * i < sizes.k * sizes.s) { normalised[i] = weight[i] / sigma[0]; }
}
