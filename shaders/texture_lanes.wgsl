// Hands on what each lane of a subgroup reads from a texture of its own: see gpu/texture_lanes.ts.
@group(0) @binding(0) var texels: texture_storage_2d_array<rgba32float, read>;
@group(0) @binding(1) var<storage, read_write> found: array<vec4f>;

@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) lane: u32) {
  found[lane] = textureLoad(texels, vec2u(lane, 0u), 0u);
}
