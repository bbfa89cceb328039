// Compensated summation (Kahan, CACM 8(1), 1965): the error of a long sum becomes that of a single
// rounding. Compilers may simplify (a + b) - a to b, which would undo it, so the sum passes through
// an exclusive or with a zero that they cannot know: num_workgroups.z - 1.
struct Sum { value: vec4f, carry: vec4f }

fn add(sum: ptr<function, Sum>, term: vec4f, zero: u32) {
  let y = term - (*sum).carry;
  let t = bitcast<vec4f>(bitcast<vec4u>((*sum).value + y) ^ vec4u(zero));
  (*sum).carry = (t - (*sum).value) - y;
  (*sum).value = t;
}
