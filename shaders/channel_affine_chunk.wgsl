// Prefixed to kernels that make two sums over chunks of rows: which four channels and which rows of a
// chunk are a thread's (part), and how the threads of a chunk add up (add_up). On a processor a thread takes all
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

// What of the sums is a thread's: rows from first + lane up to last, of none where it is not inside.
struct Part { c: u32, group: u32, chunk: u32, first: u32, last: u32, inside: bool }

fn part(workgroup: vec3u, t: u32) -> Part {
  let c = column(workgroup, t, sizes.c4);
  let chunk = chunk_of(workgroup, t, sizes.c4);
  let group = chunk / sizes.chunks;
  let inside = c < sizes.c4 && group < sizes.groups;
  let first = group * sizes.rows + chunk % sizes.chunks * sizes.chunk_rows;
  let last = min(first + sizes.chunk_rows, (group + 1u) * sizes.rows);
  return Part(c, group, chunk, first, select(0u, last, inside), inside);
}

// Where the two sums of a chunk go.
fn keep(p: Part, t: u32, sum: vec4f, other: vec4f) {
  if (p.inside && lane(t) == 0u) {
    partial[2u * p.chunk * sizes.c4 + p.c] = sum;
    partial[(2u * p.chunk + 1u) * sizes.c4 + p.c] = other;
  }
}
