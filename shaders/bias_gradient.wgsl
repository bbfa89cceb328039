// A bias's gradient: adds the chunks' sums of the gradient before the activation up in a fixed order.
// THREADS threads for four channels, as in batch_norm_finish.wgsl.
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [chunk][g, g*x][C/4]
@group(0) @binding(1) var<storage, read> sizes: Sizes;
@group(0) @binding(2) var<storage, read_write> d_bias: array<vec4f>;

//# if THREADS > 1
var<workgroup> sums: array<vec4f, ${THREADS}>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= c4) { return; }
  //# end
  var sum = vec4f();
  for (var chunk = t; chunk < sizes.chunks; chunk += ${THREADS}u) { sum += partial[2u * chunk * c4 + c]; }
  //# if THREADS > 1
  sums[t] = sum;
  //# for level in 0..6
  workgroupBarrier();
  if (t < ${32 >> level}u) { sums[t] += sums[t + ${32 >> level}u]; }
  //# end
  sum = sums[0];
  //# end
  if (t == 0u) { d_bias[c] = sum; }
}
