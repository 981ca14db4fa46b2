extension Tensor {
  /// Consecutive elements in a shape of their own; traps when they are not as many as the shape says.
  public func slice(_ range: Range<Int>, _ shape: [Int]) -> Tensor {
    switch elements {
    case .float32(let array): Tensor(shape, Array(array[range]))
    case .float64(let array): Tensor(shape, Array(array[range]))
    case .float16(let array): Tensor(shape, Array(array[range]))
    case .bfloat16(let array): Tensor(shape, Array(array[range]))
    case .int8(let array): Tensor(shape, Array(array[range]))
    case .uint8(let array): Tensor(shape, Array(array[range]))
    case .int16(let array): Tensor(shape, Array(array[range]))
    case .uint16(let array): Tensor(shape, Array(array[range]))
    case .int32(let array): Tensor(shape, Array(array[range]))
    case .uint32(let array): Tensor(shape, Array(array[range]))
    case .int64(let array): Tensor(shape, Array(array[range]))
    case .uint64(let array): Tensor(shape, Array(array[range]))
    case .bool(let array): Tensor(shape, Array(array[range]))
    }
  }
}
