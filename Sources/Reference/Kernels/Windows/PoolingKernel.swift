internal import Networks

/// Pooling over windows of at most three spatial axes.
enum PoolingKernel {
  /// MaxPool: the greatest of each window and, if wanted, where it is in the operand.
  static func maximum(
    _ attributes: Pooling, _ x: Tensor, _ results: [TensorType]
  ) throws(NetworkError) -> [Tensor] {
    let frame = try Frame(attributes, x, results)
    let wantsIndices = results.count > 1
    let values: Tensor.Elements
    var indices: [Int64] = []
    switch x.elements {
    case .float32(let array):
      values = .float32(greatest(array, frame, -.infinity, &indices, wantsIndices))
    case .float64(let array):
      values = .float64(greatest(array, frame, -.infinity, &indices, wantsIndices))
    case .int8(let array): values = .int8(greatest(array, frame, .min, &indices, wantsIndices))
    case .uint8(let array): values = .uint8(greatest(array, frame, .min, &indices, wantsIndices))
    case .int16(let array): values = .int16(greatest(array, frame, .min, &indices, wantsIndices))
    case .uint16(let array): values = .uint16(greatest(array, frame, .min, &indices, wantsIndices))
    case .int32(let array): values = .int32(greatest(array, frame, .min, &indices, wantsIndices))
    case .uint32(let array): values = .uint32(greatest(array, frame, .min, &indices, wantsIndices))
    case .int64(let array): values = .int64(greatest(array, frame, .min, &indices, wantsIndices))
    case .uint64(let array): values = .uint64(greatest(array, frame, .min, &indices, wantsIndices))
    case .float16, .bfloat16, .bool:
      throw NetworkError("MaxPool of \(x.type.element.rawValue) is not supported")
    }
    var tensors = [Tensor(shape: results[0].shape, elements: values)]
    if wantsIndices { tensors.append(Tensor(results[1].shape, indices)) }
    return tensors
  }

  /// AveragePool.
  static func average(
    _ attributes: Pooling, _ x: Tensor, _ results: [TensorType]
  ) throws(NetworkError) -> Tensor {
    let frame = try Frame(attributes, x, results)
    return switch x.elements {
    case .float32(let array):
      Tensor(results[0].shape, mean(array, frame, attributes.countsPadding))
    case .float64(let array):
      Tensor(results[0].shape, mean(array, frame, attributes.countsPadding))
    case .float16, .bfloat16, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64,
      .bool:
      throw NetworkError("AveragePool of \(x.type.element.rawValue) is not supported")
    }
  }

  private static func greatest<Element: Comparable & BitwiseCopyable>(
    _ x: [Element], _ frame: Frame, _ least: Element, _ indices: inout [Int64],
    _ wantsIndices: Bool
  ) -> [Element] {
    var places = [Int64](repeating: -1, count: wantsIndices ? frame.results : 0)
    let values = [Element].filled(frame.results) { out in
      x.reading { x in
        frame.forEachWindow { result, plane, window in
          let source = x + plane * frame.plane
          var best = least
          var place = -1
          window.forEachRow { offset, count, step in
            for i in 0..<count {
              let index = offset + i * step
              if source[index] > best || (place < 0 && wantsIndices) {
                best = source[index]
                place = index
              }
            }
          }
          out[result] = best
          if wantsIndices { places[result] = Int64(plane * frame.plane + place) }
        }
      }
    }
    indices = places
    return values
  }

  private static func mean<R: RealElement>(
    _ x: [R], _ frame: Frame, _ countsPadding: Bool
  ) -> [R] {
    .filled(frame.results) { out in
      x.reading { x in
        frame.forEachWindow { result, plane, window in
          let source = x + plane * frame.plane
          var sum: R = 0
          var elements = 0
          window.forEachRow { offset, count, step in
            for i in 0..<count { sum += source[offset + i * step] }
            elements += count
          }
          let divisor = countsPadding ? window.padded : elements
          out[result] = divisor == 0 ? 0 : sum / R(divisor)
        }
      }
    }
  }
}

extension PoolingKernel {
  /// The sizes of a pooling.
  struct Frame {
    /// The window over three axes.
    let geometry: WindowGeometry
    /// Images times channels.
    let planes: Int

    init(_ attributes: Pooling, _ x: Tensor, _ results: [TensorType]) throws(NetworkError) {
      guard x.shape.count >= 3 else { throw NetworkError("the operand has no spatial axes") }
      let geometry = try WindowGeometry(
        attributes.window, input: Array(x.shape[2...]), roundsUp: attributes.roundsUp)
      guard results.first?.shape == Array(x.shape[..<2]) + geometry.output else {
        throw NetworkError("the result does not fit the windows")
      }
      self.geometry = try geometry.threeDimensional()
      planes = x.shape[0] * x.shape[1]
    }

    /// Elements of a channel of the operand.
    var plane: Int { geometry.input.reduce(1, *) }

    /// Elements of the result.
    var results: Int { planes * geometry.output.reduce(1, *) }

    /// Calls a function for every window, in the order of results.
    @inline(__always)
    func forEachWindow(_ body: (_ result: Int, _ plane: Int, _ window: PoolingWindow) -> Void) {
      let spans = (0..<3).map { axis in
        (0..<geometry.output[axis]).map { Span(geometry, axis, $0) }
      }
      let (deep, high, wide) = (spans[0], spans[1], spans[2])
      let (rows, columns) = (geometry.input[1], geometry.input[2])
      var result = 0
      for plane in 0..<planes {
        for d in deep {
          for h in high {
            for w in wide {
              body(
                result, plane,
                PoolingWindow(depths: d, rows: h, columns: w, height: rows, width: columns))
              result += 1
            }
          }
        }
      }
    }
  }
}

/// The part of a window along one axis that is inside the operand.
struct Span {
  /// The first element inside.
  let first: Int
  /// Elements inside.
  let count: Int
  /// Distance of neighbours.
  let step: Int
  /// Elements inside the operand or its padding.
  let padded: Int

  init(_ geometry: WindowGeometry, _ axis: Int, _ place: Int) {
    let step = geometry.dilations[axis]
    let start = place * geometry.strides[axis] - geometry.padsBegin[axis]
    let side = geometry.input[axis]
    let kernel = geometry.kernel[axis]
    let skipped = start < 0 ? (-start + step - 1) / step : 0
    func elements(before end: Int) -> Int {
      end <= start ? 0 : min(kernel, (end - start + step - 1) / step)
    }
    first = start + skipped * step
    count = max(0, elements(before: side) - skipped)
    self.step = step
    padded = elements(before: side + geometry.padsEnd[axis])
  }
}

/// One window, cut to the operand.
struct PoolingWindow {
  let depths: Span
  let rows: Span
  let columns: Span
  let height: Int
  let width: Int

  /// Elements inside the operand or its padding.
  var padded: Int { depths.padded * rows.padded * columns.padded }

  /// Calls a function for every row of elements: offset in the channel, elements, distance.
  @inline(__always)
  func forEachRow(_ body: (Int, Int, Int) -> Void) {
    for d in 0..<depths.count {
      for r in 0..<rows.count {
        let row = (depths.first + d * depths.step) * height + rows.first + r * rows.step
        body(row * width + columns.first, columns.count, columns.step)
      }
    }
  }
}
