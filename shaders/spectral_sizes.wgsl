// Prefixed to the kernels of spectral normalisation: the sizes of a matrix W [K][S] as its weights lie (from
// a buffer, so that one pipeline serves every layer; see winograd_sizes.wgsl). PyTorch's matrix is the
// transpose, [S][K]: u has S elements, v has K.
struct Sizes {
  k: u32,
  s: u32,
  chunks: u32, // of rows
  chunk_rows: u32,
}
