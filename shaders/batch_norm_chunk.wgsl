// Prefixed to the normalisation's two sums over chunks of rows: which four channels and which rows of a
// chunk are a thread's, and how the threads of a chunk add up. On a processor a thread takes all
// rows of a chunk; on a GPU a workgroup does, COLUMNS times four channels side by side, LANES rows at a time.
//# if LANES === 1
fn column(group: vec3u, t: u32, c4: u32) -> u32 { return (group.x * ${THREADS}u + t) % c4; }
fn chunk_of(group: vec3u, t: u32, c4: u32) -> u32 { return (group.x * ${THREADS}u + t) / c4; }
fn lane(t: u32) -> u32 { return 0u; }
fn add_up(t: u32, sum: ptr<function, vec4f>, other: ptr<function, vec4f>) {}
//# else
fn column(group: vec3u, t: u32, c4: u32) -> u32 { return group.x * ${COLUMNS}u + t % ${COLUMNS}u; }
fn chunk_of(group: vec3u, t: u32, c4: u32) -> u32 { return group.y; }
fn lane(t: u32) -> u32 { return t / ${COLUMNS}u; }

var<workgroup> sums: array<vec4f, ${THREADS}>;
var<workgroup> others: array<vec4f, ${THREADS}>;

// In a fixed order; the first COLUMNS threads then hold the sums.
fn add_up(t: u32, sum: ptr<function, vec4f>, other: ptr<function, vec4f>) {
  sums[t] = *sum;
  others[t] = *other;
  //# for level in 1..Math.log2(LANES)+1
  workgroupBarrier();
  if (t < ${THREADS >> level}u) {
    sums[t] += sums[t + ${THREADS >> level}u];
    others[t] += others[t + ${THREADS >> level}u];
  }
  //# end
  *sum = sums[t];
  *other = others[t];
}
//# end
