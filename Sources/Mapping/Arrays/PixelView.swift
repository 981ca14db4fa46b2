internal import Networks

/// The pixels of images or matrices in memory: channels next to each other.
struct PixelView: Equatable {
  var address: UInt32
  /// Bytes from one image, row and pixel to the next.
  var imagePitch: Int
  var rowPitch: Int
  var pixelPitch: Int
  /// The buffer that holds all of it.
  var region: Region

  /// A tensor N×C×H×W whose channels are contiguous.
  ///
  /// - Returns: nil when they are not.
  init?(channelsLast view: TensorView, in region: Region) {
    guard view.shape.count == 4, view.strides[1] == 1 || view.shape[1] == 1 else { return nil }
    let bytes = view.element.byteCount
    address = view.address
    imagePitch = view.strides[0] * bytes
    rowPitch = view.strides[2] * bytes
    pixelPitch = view.strides[3] * bytes
    self.region = region
  }

  /// A row-major tensor …×M×K as images of one row of M pixels.
  ///
  /// - Parameter rows: M; the leading axes that are left count images.
  init?(rows: Int, of view: TensorView, in region: Region) {
    guard let channels = view.shape.last, view.strides == TensorView.rowMajor(view.shape) else {
      return nil
    }
    let bytes = view.element.byteCount
    address = view.address
    pixelPitch = channels * bytes
    rowPitch = rows * pixelPitch
    imagePitch = rowPitch
    self.region = region
  }

  func address(image: Int, row: Int = 0, bytes: Int = 0) -> UInt32 {
    UInt32(truncatingIfNeeded: Int(address) + image * imagePitch + row * rowPitch + bytes)
  }
}
