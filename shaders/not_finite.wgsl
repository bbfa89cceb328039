// Whether any of the numbers is NaN or infinite: by their bits, for compilers may take comparisons with NaN away.
@group(0) @binding(0) var<storage, read> numbers: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> found: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= arrayLength(&numbers)) { return; }
  let exponents = numbers[i] & vec4u(0x7f800000u);
  if (any(exponents == vec4u(0x7f800000u))) { atomicOr(&found[0], 1u); }
}
