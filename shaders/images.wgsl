// Photos as bytes, [pixel][3], to numbers in [-1, 1], [pixel][4] with a zero fourth channel.
// GREY: the first channel is the photo's luma (Rec. 601), the others are zero.
// A thread takes four pixels: three words in, four vectors out.
@group(0) @binding(0) var<storage, read> bytes: array<u32>;
@group(0) @binding(1) var<storage, read_write> images: array<vec4f>;

fn picture(colours: vec3f) -> vec4f {
//# if GREY
  return vec4f(dot(colours, vec3f(0.299, 0.587, 0.114)), 0.0, 0.0, 0.0);
//# else
  return vec4f(colours, 0.0);
//# end
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${PIXELS / 4}u) { return; }
  let a = unpack4x8unorm(bytes[3u * i]) * 2.0 - 1.0;
  let b = unpack4x8unorm(bytes[3u * i + 1u]) * 2.0 - 1.0;
  let c = unpack4x8unorm(bytes[3u * i + 2u]) * 2.0 - 1.0;
  images[4u * i] = picture(a.xyz);
  images[4u * i + 1u] = picture(vec3f(a.w, b.xy));
  images[4u * i + 2u] = picture(vec3f(b.zw, c.x));
  images[4u * i + 3u] = picture(c.yzw);
}
