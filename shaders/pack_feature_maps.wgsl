// Copies pictures into a texture with a border of zeros: what the subgroup kernels read. The
// border is never written and stays as the texture was made.
@group(0) @binding(0) var<storage, read> pictures: array<vec4f>; // [B][H][W][C/4]
@group(0) @binding(1) var padded: texture_storage_2d_array<rgba32float, write>; // [B][H+2][W+2][PITCH]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${WIDTH * C4}u) { return; }
  let at = vec2u((id.x / ${C4}u + 1u) * ${PITCH}u + id.x % ${C4}u, id.y + 1u);
  textureStore(padded, at, id.z, pictures[(id.z * ${HEIGHT}u + id.y) * ${WIDTH * C4}u + id.x]);
}
