// Prefixed to the Winograd kernels: their sizes, which come from a buffer so that one pipeline serves
// every layer. Not a uniform buffer: lavapipe would compile the kernel anew for each of its values.
struct Sizes {
  big: u32, // channels of the big side, in fours
  small: u32, // channels of the small side, in fours
  height: u32, // of the small side
  width: u32,
  column_bits: u32, // log2 of the tiles in a row
  tile_bits: u32, // log2 of the tiles in a picture
  tiles: u32, // in the batch
  slope: f32, // of the activation on the negative side; 1 is none
  big_pitch: u32, // texels between neighbouring pixels of the big side
  small_pitch: u32,
}

