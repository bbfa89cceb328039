// The adapter's own ceiling for multiply-adds: independent chains of vec4, unrolled, with
// no memory to wait for.
@group(0) @binding(0) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(f32(id.x & 7u)) * 0.125;
  //# for i in 0..CHAINS
  var x${i} = a + ${i}.0;
  //# end
  for (var turn = 0u; turn < ${TURNS}u; turn++) {
    //# for step in 0..STEPS
    //# for i in 0..CHAINS
    x${i} = fma(x${i}, a, a);
    //# end
    //# end
  }
  var sum = vec4f();
  //# for i in 0..CHAINS
  sum += x${i};
  //# end
  out[id.x] = sum;
}
