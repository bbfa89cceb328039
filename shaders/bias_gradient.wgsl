// A bias's gradient: the merged sums of the gradient before the activation.
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [chunk][g, g*x][C/4]
@group(0) @binding(1) var<storage, read> sizes: Sizes;
@group(0) @binding(2) var<storage, read_write> d_bias: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= sizes.c4) { return; }
  //# end
  let merged = merge(0u, c, t);
  if (t == 0u) { d_bias[c] = merged.sum; }
}
