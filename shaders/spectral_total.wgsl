// Prefixed to kernels of spectral normalisation that add up what THREADS threads of a workgroup hold.
var<workgroup> totals: array<f32, ${THREADS}>;

// In a fixed order, for all threads.
fn total(t: u32, share: f32) -> f32 {
  totals[t] = share;
  //# for level in 1..Math.log2(THREADS)+1
  workgroupBarrier();
  if (t < ${THREADS >> level}u) { totals[t] += totals[t + ${THREADS >> level}u]; }
  //# end
  workgroupBarrier();
  return totals[0];
}
