/// An instruction that no hart of this library executes but that Spike's logs name.
///
/// Scalar extensions only; of the vector and packed-SIMD ones just the rows that words with zero
/// operand fields match, which is what programs contain that try illegal instructions.
struct ForeignEncoding {
  /// Where the operands are.
  enum Format {
    /// As in an instruction of this library.
    case standard(InstructionFormat)
    /// rs1, immediate in the field of rs2 (0 means -1), pc-relative target.
    case branchImmediate
    /// (rs1).
    case address
    /// rs2, (rs1).
    case storeAtAddress
    /// vd, (rs1), with a mask unless bit 25 is set.
    case vectorLoad
    /// vd, vs2, vs1, with a mask unless bit 25 is set.
    case vectorRegister
  }

  let mnemonic: String
  let mask: UInt32
  let match: UInt32
  let format: Format

  init(_ mnemonic: String, mask: UInt32, match: UInt32, _ format: Format) {
    self.mnemonic = mnemonic
    self.mask = mask
    self.match = match
    self.format = format
  }

  /// The row that `word` matches.
  static func decode(_ word: UInt32) -> ForeignEncoding? {
    all.first { word & $0.mask == $0.match }
  }

  private static let all: [ForeignEncoding] =
    halfAndQuad + conversions + narrowAtomic + integer + memory + system + packed

  /// Zfh and Q: the rows of D with another format field and other widths.
  private static let halfAndQuad: [ForeignEncoding] = {
    let formats: [(letter: String, field: UInt32, width: UInt32)] = [("h", 2, 1), ("q", 3, 4)]
    return formats.flatMap { letter, field, width in
      Encoding.doublePrecision.compactMap { row -> ForeignEncoding? in
        switch row.operation {
        case .fld, .fsd:
          return ForeignEncoding(
            row.operation == .fld ? "fl\(letter)" : "fs\(letter)", mask: row.mask,
            match: row.match & ~0x7000 | width << 12, .standard(row.format))
        case .fcvtSD, .fcvtDS: return nil
        case .fmvXD where letter == "q", .fmvDX where letter == "q": return nil
        default:
          let name = row.mnemonic.split(separator: ".").map { $0 == "d" ? letter : String($0) }
          return ForeignEncoding(
            name.joined(separator: "."), mask: row.mask,
            match: row.match & ~(3 << 25) | field << 25, .standard(row.format))
        }
      }
    }
  }()

  /// Conversions between formats that involve half or quad precision.
  private static let conversions: [ForeignEncoding] = {
    let letters = ["s", "d", "h", "q"]
    return letters.indices.flatMap { to in
      letters.indices.compactMap { from in
        guard from != to, from > 1 || to > 1 else { return nil }
        return ForeignEncoding(
          "fcvt.\(letters[to]).\(letters[from])", mask: 0xfff0_007f,
          match: 0x4000_0053 | UInt32(to) << 25 | UInt32(from) << 20, .standard(.floatUnary))
      }
    }
  }()

  /// Zabha and Zacas: atomic operations on bytes and half-words, compare-and-swap.
  private static let narrowAtomic: [ForeignEncoding] = {
    let narrow = Encoding.atomic.filter {
      $0.format == .atomic && $0.operation != .scW && $0.match & 0x7000 == 0x2000
    }
    var rows: [ForeignEncoding] = []
    for (letter, width) in [("b", UInt32(0)), ("h", 1)] {
      for row in narrow {
        rows.append(
          ForeignEncoding(
            String(row.mnemonic.dropLast()) + letter, mask: row.mask,
            match: row.match & ~0x7000 | width << 12, .standard(.atomic)))
      }
    }
    for (width, letter) in ["b", "h", "w", "d", "q"].enumerated() {
      rows.append(
        ForeignEncoding(
          "amocas.\(letter)", mask: 0xf800_707f, match: 0x2800_002f | UInt32(width) << 12,
          .standard(.atomic)))
    }
    return rows
  }()

  /// Zbkb, and branches on small immediates (Zibi).
  private static let integer: [ForeignEncoding] = [
    ForeignEncoding("pack", mask: 0xfe00_707f, match: 0x0800_4033, .standard(.register)),
    ForeignEncoding("packh", mask: 0xfe00_707f, match: 0x0800_7033, .standard(.register)),
    ForeignEncoding("packw", mask: 0xfe00_707f, match: 0x0800_403b, .standard(.register)),
    ForeignEncoding("brev8", mask: 0xfff0_707f, match: 0x6870_5013, .standard(.unary)),
    ForeignEncoding("beqi", mask: 0x0000_707f, match: 0x0000_2063, .branchImmediate),
    ForeignEncoding("bnei", mask: 0x0000_707f, match: 0x0000_3063, .branchImmediate),
  ]

  /// Cache-block management, waiting on reservations, and accesses for a hypervisor's guest.
  private static let memory: [ForeignEncoding] = [
    ForeignEncoding("cbo.inval", mask: 0xfff0_7fff, match: 0x0000_200f, .address),
    ForeignEncoding("cbo.clean", mask: 0xfff0_7fff, match: 0x0010_200f, .address),
    ForeignEncoding("cbo.flush", mask: 0xfff0_7fff, match: 0x0020_200f, .address),
    ForeignEncoding("cbo.zero", mask: 0xfff0_7fff, match: 0x0040_200f, .address),
    ForeignEncoding("wrs.nto", mask: 0xffff_ffff, match: 0x00d0_0073, .standard(.none)),
    ForeignEncoding("wrs.sto", mask: 0xffff_ffff, match: 0x01d0_0073, .standard(.none)),
    ForeignEncoding("hlv.b", mask: 0xfff0_707f, match: 0x6000_4073, .standard(.loadReserved)),
    ForeignEncoding("hlv.bu", mask: 0xfff0_707f, match: 0x6010_4073, .standard(.loadReserved)),
    ForeignEncoding("hlv.h", mask: 0xfff0_707f, match: 0x6400_4073, .standard(.loadReserved)),
    ForeignEncoding("hlv.hu", mask: 0xfff0_707f, match: 0x6410_4073, .standard(.loadReserved)),
    ForeignEncoding("hlvx.hu", mask: 0xfff0_707f, match: 0x6430_4073, .standard(.loadReserved)),
    ForeignEncoding("hlv.w", mask: 0xfff0_707f, match: 0x6800_4073, .standard(.loadReserved)),
    ForeignEncoding("hlv.wu", mask: 0xfff0_707f, match: 0x6810_4073, .standard(.loadReserved)),
    ForeignEncoding("hlvx.wu", mask: 0xfff0_707f, match: 0x6830_4073, .standard(.loadReserved)),
    ForeignEncoding("hlv.d", mask: 0xfff0_707f, match: 0x6c00_4073, .standard(.loadReserved)),
    ForeignEncoding("hsv.b", mask: 0xfe00_7fff, match: 0x6200_4073, .storeAtAddress),
    ForeignEncoding("hsv.h", mask: 0xfe00_7fff, match: 0x6600_4073, .storeAtAddress),
    ForeignEncoding("hsv.w", mask: 0xfe00_7fff, match: 0x6a00_4073, .storeAtAddress),
    ForeignEncoding("hsv.d", mask: 0xfe00_7fff, match: 0x6e00_4073, .storeAtAddress),
  ]

  /// Fences of the hypervisor and of Svinval, and the return from debug mode.
  private static let system: [ForeignEncoding] = [
    ForeignEncoding("hfence.vvma", mask: 0xfe00_7fff, match: 0x2200_0073, .standard(.addressFence)),
    ForeignEncoding("hfence.gvma", mask: 0xfe00_7fff, match: 0x6200_0073, .standard(.addressFence)),
    ForeignEncoding("sinval.vma", mask: 0xfe00_7fff, match: 0x1600_0073, .standard(.addressFence)),
    ForeignEncoding("hinval.vvma", mask: 0xfe00_7fff, match: 0x2600_0073, .standard(.addressFence)),
    ForeignEncoding("hinval.gvma", mask: 0xfe00_7fff, match: 0x6600_0073, .standard(.addressFence)),
    ForeignEncoding("sfence.w.inval", mask: 0xffff_ffff, match: 0x1800_0073, .standard(.none)),
    ForeignEncoding("sfence.inval.ir", mask: 0xffff_ffff, match: 0x1810_0073, .standard(.none)),
    ForeignEncoding("dret", mask: 0xffff_ffff, match: 0x7b20_0073, .standard(.none)),
  ]

  /// Vectors and packed SIMD.
  private static let packed: [ForeignEncoding] = [
    ForeignEncoding("vle8.v", mask: 0xfdf0_707f, match: 0x0000_0007, .vectorLoad),
    ForeignEncoding("vadd.vv", mask: 0xfc00_707f, match: 0x0000_0057, .vectorRegister),
    ForeignEncoding("padd.h", mask: 0xfe00_707f, match: 0x8000_003b, .standard(.register)),
  ]
}
