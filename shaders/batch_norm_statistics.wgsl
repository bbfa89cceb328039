// Batch normalisation, 1 of 3: sums and sums of squares of each channel over a chunk of rows, of the
// differences from the channel's first value in its group, which keeps them small and so exact.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [group][chunk][sum, squares][C/4]
@group(0) @binding(2) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) t: u32) {
  let c4 = sizes.c4;
  let p = part(workgroup, t);
  let shift = x[p.group * sizes.rows * c4 + p.c];
  var sum = vec4f();
  var squares = vec4f();
  for (var row = p.first + lane(t); row < p.last; row += ${LANES * UNROLL}u) {
    //# for i in 0..UNROLL
    //# if i > 0
    if (row + ${i * LANES}u < p.last)
    //# end
    {
      let d = x[(row + ${i * LANES}u) * c4 + p.c] - shift;
      sum += d;
      squares += d * d;
    }
    //# end
  }
  add_up(t, &sum, &squares);
  keep(p, t, sum, squares);
}
