// Batch normalisation, 1 of 3: sums and sums of squares of each channel over a chunk of rows, of the
// differences from the channel's first value, which keeps them small and so exact.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunk][sum, squares][C/4]
@group(0) @binding(2) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  if (id.x >= sizes.chunks * c4) { return; }
  let c = id.x % c4;
  let chunk = id.x / c4;
  let first = chunk * sizes.chunk_rows;
  let last = min(first + sizes.chunk_rows, sizes.rows);
  let shift = x[c];
  var sum = vec4f();
  var squares = vec4f();
  for (var row = first; row < last; row++) {
    let d = x[row * c4 + c] - shift;
    sum += d;
    squares += d * d;
  }
  partial[2u * chunk * c4 + c] = sum;
  partial[(2u * chunk + 1u) * c4 + c] = squares;
}
