/// How operands of smaller shapes are read while a result is written front to back.
///
/// Sides of one are dropped and neighbouring axes that all operands read alike are one axis, so that most plans have a
/// single axis or two.
struct BroadcastPlan {
  /// Sides of the result, outermost first; never empty.
  private(set) var sides: [Int] = []
  /// Per operand the distance in memory of neighbours along each axis; 0 where it is repeated.
  private(set) var strides: [[Int]]
  /// Elements of the result.
  let count: Int

  /// Plans to read operands of these shapes; each fits `result` from the back.
  init(_ result: [Int], _ operands: [[Int]]) {
    count = result.reduce(1, *)
    let full = operands.map { operand -> [Int] in
      let missing = result.count - operand.count
      let own = Axis.strides(operand)
      return result.indices.map { axis in
        axis < missing || operand[axis - missing] == 1 ? 0 : own[axis - missing]
      }
    }
    strides = operands.map { _ in [] }
    for axis in result.indices where result[axis] != 1 {
      if let last = sides.last,
        operands.indices.allSatisfy({
          strides[$0][sides.count - 1] == full[$0][axis] * result[axis]
        })
      {
        sides[sides.count - 1] = last * result[axis]
        for operand in operands.indices { strides[operand][sides.count - 1] = full[operand][axis] }
      } else {
        sides.append(result[axis])
        for operand in operands.indices { strides[operand].append(full[operand][axis]) }
      }
    }
    if sides.isEmpty {
      sides = [1]
      for operand in operands.indices { strides[operand] = [0] }
    }
  }

  /// Elements along the innermost axis.
  var run: Int { sides[sides.count - 1] }

  /// The distance of an operand's neighbours along the innermost axis.
  func step(_ operand: Int) -> Int { strides[operand][sides.count - 1] }

  /// Calls a function for every run along the innermost axis, with the offset of each operand.
  func forEachRun(_ body: (_ result: Int, _ offsets: [Int]) -> Void) {
    guard count > 0 else { return }
    var offsets = [Int](repeating: 0, count: strides.count)
    var index = [Int](repeating: 0, count: sides.count)
    var result = 0
    while true {
      body(result, offsets)
      result += run
      var axis = sides.count - 2
      while axis >= 0 {
        index[axis] += 1
        for operand in strides.indices { offsets[operand] += strides[operand][axis] }
        if index[axis] < sides[axis] { break }
        for operand in strides.indices { offsets[operand] -= strides[operand][axis] * sides[axis] }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// The offsets of the operands for every element of the result.
  func offsets() -> [[Int]] {
    var all: [[Int]] = []
    all.reserveCapacity(count)
    forEachRun { _, offsets in
      for i in 0..<run {
        all.append(offsets.indices.map { offsets[$0] + i * step($0) })
      }
    }
    return all
  }

  /// Computes each element of the result of one element of each of two operands.
  @inline(__always)
  func combine<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
    _ a: [A], _ b: [B], _ function: (A, B) -> R
  ) -> [R] {
    let run = run
    let (stepA, stepB) = (step(0), step(1))
    return .filled(count) { result in
      a.reading { a in
        b.reading { b in
          forEachRun { start, offsets in
            let out = result + start
            let a = a + offsets[0]
            let b = b + offsets[1]
            if stepA == 1, stepB == 1 {
              for i in 0..<run { out[i] = function(a[i], b[i]) }
            } else if stepB == 0, stepA == 1 {
              let b = b[0]
              for i in 0..<run { out[i] = function(a[i], b) }
            } else {
              for i in 0..<run { out[i] = function(a[i * stepA], b[i * stepB]) }
            }
          }
        }
      }
    }
  }
}
