internal import Fabric
internal import SimKernel

/// What a DMA is connected to besides the bus.
public enum DMADirection: BitwiseCopyable, Sendable, Equatable {
  /// Memory to stream.
  case toStream
  /// Stream to memory.
  case fromStream
  /// Memory to memory.
  case memoryToMemory
}

/// Error codes of the STATUS register, bits 15:8.
enum DMAError: UInt32, BitwiseCopyable {
  case none = 0
  /// An access hit no target.
  case decode = 1
  /// A target refused an access.
  case target = 2
  /// START while two jobs were held already.
  case queueFull = 3
  /// A field of the descriptor has no meaning.
  case badDescriptor = 4

  init(_ response: BusResponse) {
    switch response {
    case .okay: self = .none
    case .slaveError: self = .target
    case .decodeError: self = .decode
    }
  }
}

/// The descriptor block: the 30 words from MODE to DST_STRIDE3, in registers or in memory.
struct DMADescriptor: BitwiseCopyable {
  static let wordCount = 30
  /// Bytes of a linked descriptor in memory: the next pointer, then the block, padded to 128.
  static let linkedBytes = 128

  /// The block's words.
  let words: Table<UInt32>

  private func word(_ offset: UInt64) -> UInt32 { words[Int(offset - DMARegister.mode) / 4] }
  private func signed(_ offset: UInt64) -> Int { Int(Int32(bitPattern: word(offset))) }
  private func unsigned(_ offset: UInt64) -> Int { Int(word(offset)) }

  var alignsRows: Bool { word(DMARegister.mode) & 1 << 4 != 0 }
  var marksRows: Bool { word(DMARegister.mode) & 1 << 5 != 0 }

  /// The memory pattern, or nil when a field is out of range.
  ///
  /// - Parameter portBytes: the width of the stream that memory is read to; nil for other
  ///   directions, which have neither windows nor turned transfers.
  func pattern(toStreamOf portBytes: Int?) -> TransferPattern? {
    let mode = word(DMARegister.mode)
    guard let kind = TransferPattern.Kind(rawValue: UInt8(mode & 3)) else { return nil }
    var pattern = TransferPattern()
    pattern.kind = kind
    pattern.base = Address(word(DMARegister.address))
    pattern.elementBytes = 1 << Int(mode >> 8 & 3)
    pattern.count0 = unsigned(DMARegister.count0)
    pattern.stride0 = signed(DMARegister.count0 + 4)
    pattern.count1 = unsigned(DMARegister.count0 + 8)
    pattern.stride1 = signed(DMARegister.count0 + 12)
    pattern.count2 = unsigned(DMARegister.count0 + 16)
    pattern.stride2 = signed(DMARegister.count0 + 20)
    pattern.count3 = unsigned(DMARegister.count0 + 24)
    pattern.stride3 = signed(DMARegister.count0 + 28)
    pattern.isTurned = mode & 1 << 6 != 0
    if kind != .strided {
      pattern.convolution = convolution
      let view = pattern.convolution
      guard view.outputWidth > 0, view.strideX > 0, view.strideY > 0, view.dilationX > 0,
        view.dilationY > 0
      else { return nil }
    }
    guard pattern.hasSaneSize else { return nil }
    if kind == .window || pattern.isTurned {
      guard let portBytes, pattern.fits(portBytes) else { return nil }
    }
    return pattern
  }

  /// The second pattern of a memory-to-memory transfer; its element size is the first one's.
  var destination: TransferPattern? {
    var pattern = TransferPattern()
    pattern.base = Address(word(DMARegister.destination))
    pattern.elementBytes = 1 << Int(word(DMARegister.mode) >> 8 & 3)
    pattern.count0 = unsigned(DMARegister.destination + 4)
    pattern.stride0 = signed(DMARegister.destination + 8)
    pattern.count1 = unsigned(DMARegister.destination + 12)
    pattern.stride1 = signed(DMARegister.destination + 16)
    pattern.count2 = unsigned(DMARegister.destination + 20)
    pattern.stride2 = signed(DMARegister.destination + 24)
    pattern.count3 = unsigned(DMARegister.destination + 28)
    pattern.stride3 = signed(DMARegister.destination + 32)
    return pattern.hasSaneSize ? pattern : nil
  }

  private var convolution: TransferPattern.Convolution {
    var view = TransferPattern.Convolution()
    let (size, kernel) = (word(DMARegister.imageSize), word(DMARegister.kernel))
    let padding = word(DMARegister.padding)
    view.height = Int(size & 0xFFFF)
    view.width = Int(size >> 16)
    view.kernelHeight = Int(kernel & 0xFF)
    view.kernelWidth = Int(kernel >> 8 & 0xFF)
    view.strideY = Int(kernel >> 16 & 0xFF)
    view.strideX = Int(kernel >> 24)
    view.top = Int(padding & 0xFF)
    view.left = Int(padding >> 8 & 0xFF)
    view.dilationY = Int(padding >> 16 & 0xFF)
    view.dilationX = Int(padding >> 24)
    view.outputWidth = unsigned(DMARegister.outputWidth)
    view.firstPixel = unsigned(DMARegister.firstPixel)
    view.channels = unsigned(DMARegister.channels)
    view.padding = UInt8(truncatingIfNeeded: word(DMARegister.paddingValue))
    view.channelPitch = signed(DMARegister.channelPitch)
    view.rowPitch = signed(DMARegister.rowPitch)
    return view
  }
}

extension TransferPattern {
  /// Whether the pieces of a window or a turned transfer fit in a stream of `portBytes` and in the
  /// turn buffer.
  func fits(_ portBytes: Int) -> Bool {
    var piece = count0 &* elementBytes
    var group = count1
    switch kind {
    case .strided: break
    case .im2col: return false
    case .window:
      piece = count3 == 0 ? portBytes : count3
      group = groupPixels
      let pitch = convolution.channels * elementBytes
      if mergesColumns, convolution.dilationX != 1 || convolution.channelPitch != pitch {
        return false
      }
    }
    if piece > portBytes { return false }
    return !isTurned || (group * elementBytes <= portBytes && piece % elementBytes == 0)
  }

  /// Whether the byte count fits in 40 bits; larger products are firmware mistakes that would run
  /// for ever.
  var hasSaneSize: Bool {
    var bytes = elementBytes
    let view = convolution
    let counts =
      switch kind {
      case .strided: [count0, count1, count2, count3]
      case .im2col: [count0, view.channels, view.kernelHeight, view.kernelWidth]
      case .window: [count0, view.channels, view.kernelHeight, view.kernelWidth, count1]
      }
    for count in counts {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
      if overflow || product > 1 << 40 { return false }
      bytes = product
    }
    return true
  }
}
