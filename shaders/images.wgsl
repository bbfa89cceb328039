// Photos as bytes, [pixel][3], to numbers in [-1, 1], [pixel][4] with a zero fourth channel.
// A thread takes four pixels: three words in, four vectors out.
@group(0) @binding(0) var<storage, read> bytes: array<u32>;
@group(0) @binding(1) var<storage, read_write> images: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${PIXELS / 4}u) { return; }
  let a = unpack4x8unorm(bytes[3u * i]) * 2.0 - 1.0;
  let b = unpack4x8unorm(bytes[3u * i + 1u]) * 2.0 - 1.0;
  let c = unpack4x8unorm(bytes[3u * i + 2u]) * 2.0 - 1.0;
  images[4u * i] = vec4f(a.xyz, 0.0);
  images[4u * i + 1u] = vec4f(a.w, b.xy, 0.0);
  images[4u * i + 2u] = vec4f(b.zw, c.x, 0.0);
  images[4u * i + 3u] = vec4f(c.yzw, 0.0);
}
