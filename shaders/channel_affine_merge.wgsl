// Prefixed to kernels that merge the chunks' two sums of a group (merge): in a fixed order, THREADS threads
// for four channels, of which the first gets the result. A workgroup on a GPU; one on a processor, where a
// barrier costs more than it saves.
//# if THREADS > 1
var<workgroup> sums: array<vec4f, ${THREADS}>;
var<workgroup> others: array<vec4f, ${THREADS}>;
//# end

struct Merged { sum: vec4f, other: vec4f }

fn merge(group: u32, c: u32, t: u32) -> Merged {
  var sum = vec4f();
  var other = vec4f();
  for (var chunk = t; chunk < sizes.chunks; chunk += ${THREADS}u) {
    let at = 2u * (group * sizes.chunks + chunk) * sizes.c4 + c;
    sum += partial[at];
    other += partial[at + sizes.c4];
  }
  //# if THREADS > 1
  workgroupBarrier(); // the last group's sums are read
  sums[t] = sum;
  others[t] = other;
  //# for level in 0..6
  workgroupBarrier();
  if (t < ${32 >> level}u) {
    sums[t] += sums[t + ${32 >> level}u];
    others[t] += others[t + ${32 >> level}u];
  }
  //# end
  sum = sums[0];
  other = others[0];
  //# end
  return Merged(sum, other);
}

