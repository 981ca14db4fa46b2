internal import Networks

/// A window that moves over images, as parameters: `struct convolution` of the runtime firmware.
///
/// Operand and result are N×C×H×W; one spatial axis is taken as one row.
struct WindowWords {
  let window: ResolvedWindow
  /// Operand and result with two spatial axes.
  let x: TensorView
  let y: TensorView

  init(
    _ window: ResolvedWindow, _ x: TensorView, _ y: TensorView, channelsLast: Bool = false
  ) throws(NetworkError) {
    let spatial = window.kernel.count
    guard spatial == 1 || spatial == 2, x.shape.count == spatial + 2, y.shape.count == spatial + 2
    else {
      throw NetworkError(
        "cannot run on the core: it has \(spatial) spatial axes",
        suggestion: "one and two are possible")
    }
    func flat(_ view: TensorView) -> TensorView {
      var view = view
      if channelsLast {
        view.shape.insert(view.shape.removeLast(), at: 1)
        view.strides.insert(view.strides.removeLast(), at: 1)
      }
      if spatial == 1 {
        view.shape.insert(1, at: 2)
        view.strides.insert(0, at: 2)
      }
      return view
    }
    var window = window
    if spatial == 1 {
      window.kernel.insert(1, at: 0)
      window.strides.insert(1, at: 0)
      window.dilations.insert(1, at: 0)
      window.padsBegin.insert(0, at: 0)
      window.padsEnd.insert(0, at: 0)
      window.output.insert(1, at: 0)
    }
    self.window = window
    self.x = flat(x)
    self.y = flat(y)
  }

  /// Elements of the window.
  var area: Int { window.kernel[0] * window.kernel[1] }

  /// Pixels of all results.
  var pixels: Int { y.shape[0] * y.shape[2] * y.shape[3] }

  /// The parameters.
  ///
  /// - Parameters:
  ///   - channels: Input channels of a group.
  ///   - outputs: Output channels of a group.
  func words(groups: Int, channels: Int, outputs: Int) -> [UInt32] {
    let (xs, ys) = (WalkOperand(x).strides, WalkOperand(y).strides)
    let numbers =
      [x.shape[0], xs[0], ys[0], groups, channels, outputs, xs[1], xs[2], xs[3]]
      + [ys[1], ys[2], ys[3], x.shape[2], x.shape[3], y.shape[2], y.shape[3]] + window.kernel
      + window.strides + window.dilations + window.padsBegin
    return numbers.map(\.word)
  }
}
