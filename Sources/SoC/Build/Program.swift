public import RISCV

/// An executable for the harts: where it came from and what it holds.
public struct Program: Sendable {
  /// The path it was read from.
  public let path: String
  /// The parsed file.
  public let image: ELFImage
  /// The bytes of the file, for the digest.
  public let bytes: [UInt8]

  /// The largest file in bytes that is read.
  private static let sizeLimit = 1 << 30

  /// Reads and parses an ELF file.
  ///
  /// - Throws: ``SystemError`` when the file cannot be read or is no executable.
  public init(path: String) throws(SystemError) {
    self.path = path
    switch HostFile.read(path, limit: Self.sizeLimit) {
    case .success(let contents): bytes = contents
    case .failure(let problem): throw .file(path: path, reason: "\(problem)")
    }
    if bytes.isEmpty { throw .program(path: path, reason: "the file is empty") }
    do {
      image = try ELFImage(bytes)
    } catch {
      throw .program(path: path, reason: "\(error)")
    }
  }

  /// The general type of the program's register width.
  public var fittingType: CPUType { image.width == .bits64 ? .riscv64 : .riscv32 }

  /// Makes sure that harts of a type can execute the program.
  ///
  /// - Throws: ``SystemError`` when it was built for another register width, or starts between two
  ///   of their instructions.
  func check(for type: CPUType) throws(SystemError) {
    let bits = image.width == .bits32 ? 32 : 64
    let width = Int(type.instructionSet.xlen.rawValue)
    guard bits == width else {
      throw .program(
        path: path,
        reason: "it is a \(bits)-bit executable; harts of cpu_type \(type.name) have \(width) bits")
    }
    guard image.entry % type.instructionAlignment == 0 else {
      throw .program(
        path: path,
        reason: "the entry point \(image.entry.hexadecimal) is not 4-byte aligned; harts of "
          + "cpu_type \(type.name) have no compressed instructions")
    }
  }

  /// `name+0x12` of the function at an address, for messages.
  public func symbol(at address: UInt64) -> String? {
    image.function(at: address).map { $0.offset == 0 ? $0.name : "\($0.name)+\($0.offset)" }
  }
}
