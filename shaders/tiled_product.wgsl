// A matrix product C[M][N] = A[M][K] * B[K][N] through workgroup memory: the loop that down, up and
// weight gradient share. A workgroup makes a tile of TILE_M x TILE_N, a thread ROWS x 4*COLUMNS of
// it; both operands come in slabs of SLAB values of K. What A, B and C are, the text before this
// one says: start_a, start_b (what a thread's loads have in common), load_a, load_b (four
// neighbours, zero outside) and store_c.
//
// Both tiles lie as [K][M] and [K][N] in fours, so that the inner loop is multiply-adds alone. An
// operand that memory holds along K is turned on its way in; one vec4f more a row then keeps the
// threads' stores in different banks. Rows and columns of a thread are interleaved with its
// neighbours', for the same reason. The constant subscripts come first: a clamp of the last one, which
// WebGPU demands, then leaves the loop. The next slab is fetched into registers before this
// one is multiplied; with two BUFFERS a slab costs one barrier.
//# if HALF
alias Operand = vec4<f16>;
alias Element = f16;
//# else
alias Operand = vec4f;
alias Element = f32;
//# end
const THREADS_M = ${TILE_M / ROWS}u;
const THREADS_N = ${TILE_N / 4 / COLUMNS}u;

//# for buffer in 0..BUFFERS
var<workgroup> tile_a${buffer}: array<array<array<Operand, ${TILE_M / 4 + (A_LAYOUT === "mk" ? 1 : 0)}>, 4>, ${SLAB / 4}>;
var<workgroup> tile_b${buffer}: array<array<array<Operand, ${TILE_N / 4 + (B_LAYOUT === "nk" ? 1 : 0)}>, 4>, ${SLAB / 4}>;
//# end

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let m0 = group.y * ${TILE_M}u;
  let n0 = group.x * ${TILE_N}u;
  let z = group.z;
  // 32 neighbouring threads read eight fours of A, two of them the same one, and four of B, every
  // second one the same: such reads of 16 bytes go two at a time through NVIDIA's banks.
  let warp = t / 32u;
  let tm = warp % (THREADS_M / 8u) * 8u + ((t / 2u) & 7u);
  let tn = warp / (THREADS_M / 8u) * 4u + (t & 1u) + ((t / 16u) & 1u) * 2u;
  //# for r in 0..ROWS
  //# for c in 0..COLUMNS
  var acc${r}_${c} = vec4f();
  //# end
  //# end
  // Which four of A and B this thread brings, of every slab.
  //# for i in 0..TILE_M*SLAB/4/THREADS
  //# if A_LAYOUT === "mk"
  let am${i} = (t + ${i * THREADS}u) / 2u % ${TILE_M}u;
  let a_start${i} = start_a(m0 + am${i}, z);
  let ak${i} = (t + ${i * THREADS}u) / ${2 * TILE_M}u * 2u + t % 2u;
  //# else
  let am${i} = (t + ${i * THREADS}u) % ${TILE_M / 4}u;
  let a_start${i} = start_a(m0 + 4u * am${i}, z);
  let ak${i} = (t + ${i * THREADS}u) / ${TILE_M / 4}u;
  //# end
  //# end
  //# for i in 0..TILE_N*SLAB/4/THREADS
  //# if B_LAYOUT === "nk"
  let bn${i} = (t + ${i * THREADS}u) / 2u % ${TILE_N}u;
  let b_start${i} = start_b(n0 + bn${i}, z);
  let bk${i} = (t + ${i * THREADS}u) / ${2 * TILE_N}u * 2u + t % 2u;
  //# else
  let bn${i} = (t + ${i * THREADS}u) % ${TILE_N / 4}u;
  let b_start${i} = start_b(n0 + 4u * bn${i}, z);
  let bk${i} = (t + ${i * THREADS}u) / ${TILE_N / 4}u;
  //# end
  //# end
  let k_end = slab_end(z);
  var slab = slab_start(z);
  //# for i in 0..TILE_M*SLAB/4/THREADS
  //# if A_LAYOUT === "mk"
  var next_a${i} = load_a(a_start${i}, slab + 4u * ak${i}, slab, z);
  //# else
  var next_a${i} = load_a(a_start${i}, slab + ak${i}, slab, z);
  //# end
  //# end
  //# for i in 0..TILE_N*SLAB/4/THREADS
  //# if B_LAYOUT === "nk"
  var next_b${i} = load_b(b_start${i}, slab + 4u * bk${i}, slab, z);
  //# else
  var next_b${i} = load_b(b_start${i}, slab + bk${i}, slab, z);
  //# end
  //# end
  //# for i in 0..TILE_M*SLAB/4/THREADS
  //# if A_LAYOUT === "mk"
  //# for j in 0..4
  tile_a0[ak${i}][${j}][am${i} / 4u][am${i} % 4u] = Element(next_a${i}[${j}]);
  //# end
  //# else
  tile_a0[ak${i} / 4u][ak${i} % 4u][am${i}] = Operand(next_a${i});
  //# end
  //# end
  //# for i in 0..TILE_N*SLAB/4/THREADS
  //# if B_LAYOUT === "nk"
  //# for j in 0..4
  tile_b0[bk${i}][${j}][bn${i} / 4u][bn${i} % 4u] = Element(next_b${i}[${j}]);
  //# end
  //# else
  tile_b0[bk${i} / 4u][bk${i} % 4u][bn${i}] = Operand(next_b${i});
  //# end
  //# end
  workgroupBarrier();
  for (; slab < k_end; slab += ${SLAB * BUFFERS}u) {
    //# for buffer in 0..BUFFERS
    {
      let next = slab + ${SLAB * (buffer + 1)}u;
      //# for i in 0..TILE_M*SLAB/4/THREADS
      //# if A_LAYOUT === "mk"
      next_a${i} = load_a(a_start${i}, next + 4u * ak${i}, next, z);
      //# else
      next_a${i} = load_a(a_start${i}, next + ak${i}, next, z);
      //# end
      //# end
      //# for i in 0..TILE_N*SLAB/4/THREADS
      //# if B_LAYOUT === "nk"
      next_b${i} = load_b(b_start${i}, next + 4u * bk${i}, next, z);
      //# else
      next_b${i} = load_b(b_start${i}, next + bk${i}, next, z);
      //# end
      //# end
      //# if HALF
      //# for r in 0..ROWS
      //# for c in 0..COLUMNS
      var part${r}_${c} = Operand();
      //# end
      //# end
      //# end
      //# for k4 in 0..SLAB/4
      //# for j in 0..4
      {
        //# for c in 0..COLUMNS
        let b${c} = tile_b${buffer}[${k4}][${j}][tn + ${c}u * THREADS_N];
        //# end
        //# for q in 0..ROWS/4
        let a${q} = tile_a${buffer}[${k4}][${j}][tm + ${q}u * THREADS_M];
        //# for c in 0..COLUMNS
        //# for i in 0..4
        //# if HALF
        part${4 * q + i}_${c} = fma(Operand(a${q}[${i}]), b${c}, part${4 * q + i}_${c});
        //# else
        acc${4 * q + i}_${c} = fma(vec4f(a${q}[${i}]), b${c}, acc${4 * q + i}_${c});
        //# end
        //# end
        //# end
        //# end
      }
      //# end
      //# end
      //# if HALF
      //# for r in 0..ROWS
      //# for c in 0..COLUMNS
      acc${r}_${c} += vec4f(part${r}_${c});
      //# end
      //# end
      //# end
      //# if BUFFERS === 1
      workgroupBarrier();
      //# end
      //# for i in 0..TILE_M*SLAB/4/THREADS
      //# if A_LAYOUT === "mk"
      //# for j in 0..4
      tile_a${(buffer + 1) % BUFFERS}[ak${i}][${j}][am${i} / 4u][am${i} % 4u] = Element(next_a${i}[${j}]);
      //# end
      //# else
      tile_a${(buffer + 1) % BUFFERS}[ak${i} / 4u][ak${i} % 4u][am${i}] = Operand(next_a${i});
      //# end
      //# end
      //# for i in 0..TILE_N*SLAB/4/THREADS
      //# if B_LAYOUT === "nk"
      //# for j in 0..4
      tile_b${(buffer + 1) % BUFFERS}[bk${i}][${j}][bn${i} / 4u][bn${i} % 4u] = Element(next_b${i}[${j}]);
      //# end
      //# else
      tile_b${(buffer + 1) % BUFFERS}[bk${i} / 4u][bk${i} % 4u][bn${i}] = Operand(next_b${i});
      //# end
      //# end
      workgroupBarrier();
    }
    //# end
  }
  //# for q in 0..ROWS/4
  //# for i in 0..4
  //# for c in 0..COLUMNS
  store_c(m0 + (tm + ${q}u * THREADS_M) * 4u + ${i}u, n0 + (tn + ${c}u * THREADS_N) * 4u, acc${4 * q + i}_${c}, z);
  //# end
  //# end
  //# end
}
