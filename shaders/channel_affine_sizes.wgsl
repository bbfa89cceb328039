// Prefixed to the kernels of y = activation((x - mean) * scale + beta): their sizes, which come from a
// buffer so that one pipeline serves every layer. (As a uniform buffer they would not: see winograd_sizes.wgsl.)
struct Sizes {
  c4: u32, // channels, in fours
  height: u32,
  width: u32,
  rows: u32, // of a group: its pictures * height * width
  chunks: u32, // of a group
  chunk_rows: u32,
  slope: f32, // of the activation on the negative side
  share: f32, // 1 / rows: some adapters' division is not exact even by powers of two
  unbiased: f32, // 1 / (rows - 1)
  groups: u32, // of pictures, each with statistics of its own
  pictures: u32, // of a group
}

