// Backward of spectral normalisation, 3 of 3: the gradient by W = (G - <G, W / sigma> u v) / sigma, in place
// (Miyato et al., ICLR 2018, equation 12).
@group(0) @binding(0) var<storage, read_write> gradient: array<f32>; // [K][S]
@group(0) @binding(1) var<storage, read> u: array<f32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read> sigma: array<f32>; // [sigma, <G, W / sigma>]
@group(0) @binding(4) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= sizes.k * sizes.s) { return; }
  gradient[i] = (gradient[i] - sigma[1] * v[i / sizes.s] * u[i % sizes.s]) / sigma[0];
}
