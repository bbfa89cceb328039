// A matrix product C[M][N] = A[M][K] * B[K][N] through workgroup memory: the loop that down, up and
// weight gradient share. A workgroup makes a tile of TILE_M x TILE_N, a thread ROWS x 4*COLUMNS of
// it; both operands come in slabs of SLAB values of K. What A, B and C are, the text before this
// one says: load_a, load_b (both give four neighbours, zero outside) and store_c.
//# if HALF
alias Operand = vec4<f16>;
//# else
alias Operand = vec4f;
//# end
const THREADS_N = ${TILE_N / 4 / COLUMNS}u;

//# if HALF
fn multiply_add(a: f16, b: Operand, sum: vec4f) -> vec4f { return sum + vec4f(a * b); }
//# else
fn multiply_add(a: f32, b: Operand, sum: vec4f) -> vec4f { return fma(vec4f(a), b, sum); }
//# end

var<workgroup> tile_a: array<Operand, ${TILE_M * SLAB / 4}>;
var<workgroup> tile_b: array<Operand, ${TILE_N * SLAB / 4}>;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let m0 = group.y * ${TILE_M}u;
  let n0 = group.x * ${TILE_N}u;
  let z = group.z;
  let tm = t / THREADS_N;
  let tn = t % THREADS_N;
  //# for r in 0..ROWS
  //# for c in 0..COLUMNS
  var acc${r}_${c} = vec4f();
  //# end
  //# end
  let k_end = slab_end(z);
  for (var k0 = slab_start(z); k0 < k_end; k0 += ${SLAB}u) {
    //# for i in 0..TILE_M*SLAB/4/THREADS
    {
      let e = t + ${i * THREADS}u;
      //# if A_LAYOUT === "mk"
      tile_a[e] = Operand(load_a(m0 + e / ${SLAB / 4}u, k0 + e % ${SLAB / 4}u * 4u, z));
      //# else
      tile_a[e] = Operand(load_a(m0 + e % ${TILE_M / 4}u * 4u, k0 + e / ${TILE_M / 4}u, z));
      //# end
    }
    //# end
    //# for i in 0..TILE_N*SLAB/4/THREADS
    {
      let e = t + ${i * THREADS}u;
      //# if B_LAYOUT === "nk"
      tile_b[e] = Operand(load_b(n0 + e / ${SLAB / 4}u, k0 + e % ${SLAB / 4}u * 4u, z));
      //# else
      tile_b[e] = Operand(load_b(n0 + e % ${TILE_N / 4}u * 4u, k0 + e / ${TILE_N / 4}u, z));
      //# end
    }
    //# end
    workgroupBarrier();
    //# for k4 in 0..SLAB/4
    {
      //# if A_LAYOUT === "mk"
      //# for r in 0..ROWS
      let a${r} = tile_a[(tm * ${ROWS}u + ${r}u) * ${SLAB / 4}u + ${k4}u];
      //# end
      //# end
      //# for c in 0..COLUMNS
      {
        //# if B_LAYOUT === "nk"
        //# for j in 0..4
        let b${j} = tile_b[((tn * ${COLUMNS}u + ${c}u) * 4u + ${j}u) * ${SLAB / 4}u + ${k4}u];
        //# end
        //# for r in 0..ROWS
        acc${r}_${c} += vec4f(Operand(dot(a${r}, b0), dot(a${r}, b1), dot(a${r}, b2), dot(a${r}, b3)));
        //# end
        //# else
        //# for j in 0..4
        let b${j} = tile_b[${(4 * k4 + j) * TILE_N / 4}u + tn * ${COLUMNS}u + ${c}u];
        //# end
        //# if A_LAYOUT === "mk"
        //# for r in 0..ROWS
        acc${r}_${c} = multiply_add(a${r}.x, b0, acc${r}_${c});
        acc${r}_${c} = multiply_add(a${r}.y, b1, acc${r}_${c});
        acc${r}_${c} = multiply_add(a${r}.z, b2, acc${r}_${c});
        acc${r}_${c} = multiply_add(a${r}.w, b3, acc${r}_${c});
        //# end
        //# else
        //# for j in 0..4
        //# for q in 0..ROWS/4
        {
          let a = tile_a[${(4 * k4 + j) * TILE_M / 4}u + tm * ${ROWS / 4}u + ${q}u];
          acc${4 * q}_${c} = multiply_add(a.x, b${j}, acc${4 * q}_${c});
          acc${4 * q + 1}_${c} = multiply_add(a.y, b${j}, acc${4 * q + 1}_${c});
          acc${4 * q + 2}_${c} = multiply_add(a.z, b${j}, acc${4 * q + 2}_${c});
          acc${4 * q + 3}_${c} = multiply_add(a.w, b${j}, acc${4 * q + 3}_${c});
        }
        //# end
        //# end
        //# end
        //# end
      }
      //# end
    }
    //# end
    workgroupBarrier();
  }
  //# for r in 0..ROWS
  //# for c in 0..COLUMNS
  store_c(m0 + tm * ${ROWS}u + ${r}u, n0 + (tn * ${COLUMNS}u + ${c}u) * 4u, acc${r}_${c}, z);
  //# end
  //# end
}
