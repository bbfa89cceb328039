// Backward of spectral normalisation, 1 of 3: shares of <G, W / sigma>, G being the gradient by W / sigma.
@group(0) @binding(0) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(1) var<storage, read> normalised: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>; // [GROUPS]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  var sum = 0.0;
  for (var i = group.x * ${THREADS}u + t; 4u * i < sizes.k * sizes.s; i += ${GROUPS * THREADS}u) {
    sum += dot(gradient[i], normalised[i]);
  }
  let all = total(t, sum);
  if (t == 0u) { partial[group.x] = all; }
}
