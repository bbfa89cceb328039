// The discriminator's linear head: score[b] = x[b] . weight + bias. One workgroup for a picture.
@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [B][F/4]
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;

var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  var sum = vec4f();
  for (var i = t; i < ${F4}u; i += 64u) {
    sum = fma(x[group.x * ${F4}u + i], weight[i], sum);
  }
  sums[t] = dot(sum, vec4f(1.0));
  //# for level in 0..6
  workgroupBarrier();
  if (t < ${32 >> level}u) { sums[t] += sums[t + ${32 >> level}u]; }
  //# end
  if (t == 0u) { scores[group.x] = sums[0] + bias[0]; }
}
