// Batch normalisation, 1 of 3: sums and sums of squares of each channel over a chunk of rows, of the
// differences from the channel's first value in its group, which keeps them small and so exact.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [group][chunk][sum, squares][C/4]
@group(0) @binding(2) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) t: u32) {
  let c4 = sizes.c4;
  let c = column(workgroup, t, c4);
  let chunk = chunk_of(workgroup, t, c4);
  let group = chunk / sizes.chunks;
  let inside = c < c4 && group < sizes.groups;
  let first = group * sizes.rows + chunk % sizes.chunks * sizes.chunk_rows;
  let last = select(0u, min(first + sizes.chunk_rows, (group + 1u) * sizes.rows), inside);
  let shift = x[group * sizes.rows * c4 + c];
  var sum = vec4f();
  var squares = vec4f();
  for (var row = first + lane(t); row < last; row += ${LANES * UNROLL}u) {
    //# for i in 0..UNROLL
    //# if i > 0
    if (row + ${i * LANES}u < last)
    //# end
    {
      let d = x[(row + ${i * LANES}u) * c4 + c] - shift;
      sum += d;
      squares += d * d;
    }
    //# end
  }
  add_up(t, &sum, &squares);
  if (inside && lane(t) == 0u) {
    partial[2u * chunk * c4 + c] = sum;
    partial[(2u * chunk + 1u) * c4 + c] = squares;
  }
}
