public import RISCV

/// An executable for the core: where it came from and what it holds.
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
  /// - Throws: ``SystemError`` when the file cannot be read or is no executable for the core.
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
    guard image.width == .bits32 else {
      throw .program(path: path, reason: "it is a 64-bit executable; the core is RV32IM")
    }
    guard image.entry % 4 == 0 else {
      throw .program(
        path: path,
        reason:
          "the entry point \(image.entry.hexadecimal) is not 4-byte aligned; the core is RV32IM "
          + "and has no compressed instructions")
    }
  }

  /// `name+0x12` of the function at an address, for messages.
  public func symbol(at address: UInt64) -> String? {
    image.function(at: address).map { $0.offset == 0 ? $0.name : "\($0.name)+\($0.offset)" }
  }
}
