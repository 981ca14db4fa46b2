/// What a device reported instead of doing its job.
struct DeviceError: Error {
  /// The kinds of devices.
  enum Device {
    case dma
    case array
  }

  /// Who reported it.
  let device: Device
  /// The code of its status register.
  let code: UInt32

  /// What the code means; lives as long as the program.
  var meaning: UnsafePointer<CChar>? {
    switch device {
    case .dma: dma_error_text(code)
    case .array: systolic_error_text(code)
    }
  }
}
