// Takes from every 4x4 kernel what alternates from tap to tap along a row or a column: along each,
// the sums of even and odd taps become equal. Weights are [tap][COUNT]; a thread does four kernels.
@group(0) @binding(0) var<storage, read_write> weight: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${COUNT / 4}u) { return; }
  //# for tap in 0..16
  var w${tap} = weight[i + ${tap * COUNT / 4}u];
  //# end
  //# for row in 0..4
  let a${row} = (w${4 * row} - w${4 * row + 1} + w${4 * row + 2} - w${4 * row + 3}) * 0.25;
  w${4 * row} -= a${row}; w${4 * row + 1} += a${row}; w${4 * row + 2} -= a${row}; w${4 * row + 3} += a${row};
  //# end
  //# for column in 0..4
  let b${column} = (w${column} - w${column + 4} + w${column + 8} - w${column + 12}) * 0.25;
  w${column} -= b${column}; w${column + 4} += b${column}; w${column + 8} -= b${column}; w${column + 12} += b${column};
  //# end
  //# for tap in 0..16
  weight[i + ${tap * COUNT / 4}u] = w${tap};
  //# end
}
