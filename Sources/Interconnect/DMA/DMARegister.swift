public import Fabric

/// Offsets of the DMA's registers, and their declaration.
public enum DMARegister {
  static let control: UInt64 = 0x00
  static let status: UInt64 = 0x04
  static let mode: UInt64 = 0x08
  static let address: UInt64 = 0x0C
  static let count0: UInt64 = 0x10
  static let imageSize: UInt64 = 0x30
  static let kernel: UInt64 = 0x34
  static let padding: UInt64 = 0x38
  static let outputWidth: UInt64 = 0x3C
  static let firstPixel: UInt64 = 0x40
  static let channels: UInt64 = 0x44
  static let paddingValue: UInt64 = 0x48
  static let channelPitch: UInt64 = 0x4C
  static let rowPitch: UInt64 = 0x50
  static let destination: UInt64 = 0x54
  static let chain: UInt64 = 0x80
  static let bytes: UInt64 = 0x84
  static let portBits: UInt64 = 0x88

  /// The registers whose reset value is 1: repetitions that are rarely used, and the output width.
  static let resetOnes: [UInt64] = [
    count0 + 8, count0 + 16, count0 + 24, outputWidth, channels, destination + 12,
    destination + 20, destination + 28,
  ]

  /// The register map, of which header, manual table and debugger view are made.
  public static let map = RegisterMap(device: "DMA", controls + descriptor + image + tail)

  private static let controls: [RegisterDescriptor] = [
    RegisterDescriptor(
      "CTRL", at: control, "Starts jobs and enables interrupts.",
      fields: [
        RegisterField("START", bit: 0, "Starts or queues a job; reads as 0."),
        RegisterField("LINKED", bit: 1, "With START: run the descriptor chain at DESC."),
        RegisterField("IRQ_DONE", bit: 2, "Interrupt while STATUS.DONE is set."),
        RegisterField("IRQ_ERROR", bit: 3, "Interrupt while STATUS.ERROR is set."),
      ]),
    RegisterDescriptor(
      "STATUS", at: status, access: .readOnly, "What the channel does and how it went.",
      fields: [
        RegisterField("BUSY", bit: 0, "A job runs."),
        RegisterField(
          "DONE", bit: 1, access: .writeOneToClear, "A job ended without error."),
        RegisterField("ERROR", bit: 2, access: .writeOneToClear, "A job or a START failed."),
        RegisterField("QUEUE_FULL", bit: 3, "One job runs and one waits: do not START."),
        RegisterField(
          "CODE", bits: 8...15, "Why ERROR was set last.",
          values: [
            .init("DECODE", 1, "An access hit no target."),
            .init("TARGET", 2, "A target refused an access."),
            .init("QUEUE_FULL", 3, "START while two jobs were held."),
            .init("BAD_DESCRIPTOR", 4, "A field of the descriptor has no meaning."),
          ]),
        RegisterField("QUEUED", bits: 16...23, "Jobs held, the running one included."),
      ]),
  ]

  private static let descriptor: [RegisterDescriptor] =
    [
      RegisterDescriptor(
        "MODE", at: mode, "How addresses are made and beats are cut.",
        fields: [
          RegisterField(
            "PATTERN", bits: 0...1, "Kind of addressing.",
            values: [
              .init("STRIDED", 0, "Four nested dimensions."),
              .init("IM2COL", 1, "The im2col view of an image (CHW)."),
              .init("WINDOW", 2, "The im2col view of an image (HWC), in pieces, tile by tile."),
            ]),
          RegisterField("ROW_ALIGN", bit: 4, "Every innermost row starts a new stream beat."),
          RegisterField("LAST_EACH_ROW", bit: 5, "Marks the last beat of every row."),
          RegisterField(
            "TURN", bit: 6, "Sends the elements of a group of rows transposed (to stream only)."),
          RegisterField("ELEMENT", bits: 8...9, "Binary logarithm of the element's bytes."),
        ]),
      RegisterDescriptor("ADDR", at: address, "First byte in memory; first byte of the image."),
    ]
    + dimensions("", at: count0)

  private static let counts = [
    "Elements of the innermost dimension (images: output pixels).", "Repetitions of dimension 1.",
    "Repetitions of dimension 2.", "Repetitions of dimension 3.",
  ]

  /// What the counts mean for a window.
  private static let windowCounts: [Int: String] = [
    1: "repetitions of everything, STRIDE1 apart.",
    2: "output pixels of a group, 0 for all.",
    3: "bytes of a block, 0 for the port's width.",
  ]

  private static func dimensions(_ prefix: String, at offset: UInt64) -> [RegisterDescriptor] {
    var registers: [RegisterDescriptor] = []
    for index in 0..<4 {
      let count = offset + UInt64(8 * index)
      var help = counts[index]
      if prefix.isEmpty, let window = windowCounts[index] { help += " Window: \(window)" }
      registers.append(
        RegisterDescriptor("\(prefix)COUNT\(index)", at: count, reset: index == 0 ? 0 : 1, help))
      let merge = RegisterField(
        "MERGE", bit: 0, "Window: takes all columns of a kernel row as one run.")
      registers.append(
        RegisterDescriptor(
          "\(prefix)STRIDE\(index)", at: count + 4,
          "Distance of neighbours in dimension \(index) in bytes, signed.",
          fields: prefix.isEmpty && index == 3 ? [merge] : []))
    }
    return registers
  }

  private static let image: [RegisterDescriptor] = [
    RegisterDescriptor(
      "IC_SIZE", at: imageSize, "Size of the image.",
      fields: [
        RegisterField("HEIGHT", bits: 0...15, "Rows."),
        RegisterField("WIDTH", bits: 16...31, "Columns."),
      ]),
    RegisterDescriptor(
      "IC_KERNEL", at: kernel, reset: 0x0101_0101, "The convolution's kernel.",
      fields: [
        RegisterField("HEIGHT", bits: 0...7, "Rows R."),
        RegisterField("WIDTH", bits: 8...15, "Columns S."),
        RegisterField("STRIDE_Y", bits: 16...23, "Vertical stride in pixels."),
        RegisterField("STRIDE_X", bits: 24...31, "Horizontal stride in pixels."),
      ]),
    RegisterDescriptor(
      "IC_PAD", at: padding, reset: 0x0101_0000, "Padding and dilation.",
      fields: [
        RegisterField("TOP", bits: 0...7, "Padding above."),
        RegisterField("LEFT", bits: 8...15, "Padding on the left."),
        RegisterField("DILATION_Y", bits: 16...23, "Vertical kernel dilation, at least 1."),
        RegisterField("DILATION_X", bits: 24...31, "Horizontal kernel dilation, at least 1."),
      ]),
    RegisterDescriptor("IC_OUT", at: outputWidth, reset: 1, "Output width Q in pixels."),
    RegisterDescriptor("IC_PIXEL", at: firstPixel, "First output pixel, y·Q + x."),
    RegisterDescriptor(
      "IC_CHANNELS", at: channels, reset: 1,
      "Input channels C (window: elements taken at each place)."),
    RegisterDescriptor("IC_PAD_VALUE", at: paddingValue, "The byte padding is made of."),
    RegisterDescriptor(
      "IC_CHANNEL_PITCH", at: channelPitch,
      "Bytes from channel to channel (window: from image column to image column)."),
    RegisterDescriptor("IC_ROW_PITCH", at: rowPitch, "Bytes from image row to image row."),
  ]

  private static let tail: [RegisterDescriptor] =
    [
      RegisterDescriptor(
        "DST_ADDR", at: destination, "First byte of the destination (memory to memory).")
    ]
    + dimensions("DST_", at: destination + 4) + [
      RegisterDescriptor("DESC", at: chain, "Address of the first linked descriptor."),
      RegisterDescriptor(
        "BYTES", at: bytes, access: .readOnly, "Payload bytes moved since reset, low 32 bits."),
      RegisterDescriptor(
        "PORT_BITS", at: portBits, access: .readOnly, reset: nil,
        "Width of the stream side in bits."),
    ]
}
