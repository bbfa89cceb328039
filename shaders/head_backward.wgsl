// Backward of the linear head: dx[b] = dscore[b] * weight, and unless only that is wanted
// dweight = sum_b dscore[b] * x[b], dbias = sum_b dscore[b]. A thread takes four features. Each of GROUPS
// groups of pictures is summed apart, as PyTorch does in two backward passes: where their gradients
// cancel they do so to the last bit, or Adam would make a whole step of what rounding leaves.
@group(0) @binding(0) var<storage, read> d_scores: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dx: array<vec4f>; // [B][F/4]
//# if GRADIENTS !== "none"
@group(0) @binding(3) var<storage, read> x: array<vec4f>; // [B][F/4]
@group(0) @binding(4) var<storage, read_write> d_weight: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> d_bias: array<f32>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x;
  if (i >= ${F4}u) { return; }
  let w = weight[i];
  //# if LOOPED
  // groups.z is 1, which the driver cannot know: it would unroll the loop and compile it many times over.
  let part = ${BATCH / GROUPS - 1}u + groups.z;
  //# else
  let part = ${BATCH / GROUPS}u;
  //# end
  var dw = vec4f();
  var db = 0.0;
  //# for group in 0..GROUPS
  {
    var group_dw = vec4f();
    var group_db = 0.0;
    for (var b = ${group}u * part; b < ${group + 1}u * part; b++) {
      let d = d_scores[b];
      dx[b * ${F4}u + i] = d * w;
      //# if GRADIENTS !== "none"
      group_dw = fma(x[b * ${F4}u + i], vec4f(d), group_dw);
      group_db += d;
      //# end
    }
    dw += group_dw;
    db += group_db;
  }
  //# end
  //# if GRADIENTS === "write"
  d_weight[i] = dw;
  if (i == 0u) { d_bias[0] = db; }
  //# end
}
