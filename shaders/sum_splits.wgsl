// Adds up the shares of a split sum in a fixed order: result = partial[0] + partial[1] + ...
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [split][COUNT/4]
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${COUNT / 4}u) { return; }
  var sum = partial[i];
  //# if LOOPED
  // groups.z is 1, which the driver cannot know: it would unroll the loop and compile it many times over.
  let splits = ${SPLITS - 1}u + groups.z;
  for (var split = 1u; split < splits; split++) {
    sum += partial[i + split * ${COUNT / 4}u];
  }
  //# else
  //# for split in 1..SPLITS
  sum += partial[i + ${split * COUNT / 4}u];
  //# end
  //# end
  //# if ACTIVATION === "tanh"
  result[i] = accurate_tanh(sum);
  //# else
  //# if ACTIVATION === "leaky_relu"
  result[i] = max(sum, 0.2 * sum);
  //# else
  result[i] = sum;
  //# end
  //# end
}
