// Copies a convolution's weights into a texture of panels, as many texels (of four small channels) wide
// as a subgroup has lanes, the rows [tap][big] below each other, so that a subgroup's loads follow each
// other in memory.
@group(0) @binding(0) var<storage, read> weight: array<vec4f>; // [row][small/4]
@group(0) @binding(1) var panels: texture_storage_2d_array<rgba32float, write>; // [panel][row][LANES]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${ROWS * SMALL / 4}u) { return; }
  let s = i % ${SMALL / 4}u;
  textureStore(panels, vec2u(s % ${LANES}u, i / ${SMALL / 4}u), s / ${LANES}u, weight[i]);
}
