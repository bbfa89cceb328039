// Power iteration, 3 of 4: W u, LANES threads a row: neighbours on a GPU, to read neighbouring numbers.
@group(0) @binding(0) var<storage, read> weight: array<f32>; // [K][S]
@group(0) @binding(1) var<storage, read> u: array<f32>;
@group(0) @binding(2) var<storage, read_write> product: array<f32>; // [K]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

//# if LANES > 1
var<workgroup> sums: array<f32, 64>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) t: u32) {
  let k = (group.x + group.y * groups.x) * ${64 / LANES}u + t / ${LANES}u;
  var sum = 0.0;
  if (k < sizes.k) {
    for (var s = t % ${LANES}u; s < sizes.s; s += ${LANES}u) { sum = fma(weight[k * sizes.s + s], u[s], sum); }
  }
  //# if LANES > 1
  sums[t] = sum;
  //# for level in 1..Math.log2(LANES)+1
  workgroupBarrier();
  if (t % ${LANES}u < ${LANES >> level}u) { sums[t] += sums[t + ${LANES >> level}u]; }
  //# end
  sum = sums[t];
  //# end
  if (k < sizes.k && t % ${LANES}u == 0u) { product[k] = sum; }
}
