import Foundation
internal import HostTools

/// Builds the firmware that an SoC description names by its sources.
///
/// The generated headers, the hardware abstraction layer and the sources, C, Swift and assembly, are
/// compiled for the description's harts and linked into one ELF file. Files of the build folder are named after the content they were
/// made from: only what changed is compiled again, and any number of processes may use one folder.
/// Equal inputs give an ELF file of equal bytes, wherever they lie.
public struct FirmwareBuilder: Sendable {
  private let description: SoCDescription
  private let halFolder: String
  private let buildFolder: String
  private let searchPath: String?

  /// Prepares a build.
  ///
  /// - Parameters:
  ///   - halFolder: folder of the hardware abstraction layer (`Firmware/hal`).
  ///   - buildFolder: folder for headers, objects and ELF files; made if it does not exist.
  ///   - searchPath: folders to look for the tools in, separated by colons; nil for the
  ///     environment's PATH.
  public init(
    description: SoCDescription, halFolder: String, buildFolder: String, searchPath: String? = nil
  ) {
    self.description = description
    self.halFolder = CacheFiles.absolute(halFolder)
    self.buildFolder = CacheFiles.absolute(buildFolder)
    self.searchPath = searchPath
  }

  /// Builds the firmware, or finds it built.
  ///
  /// - Returns: the path of the ELF file.
  /// - Throws: ``FirmwareError`` with the compiler's or linker's own messages.
  public func build() throws(FirmwareError) -> String {
    guard case .sources(let sources)? = description.cpu?.firmware else {
      throw FirmwareError(message: "cpu.cpu_firmware names no sources")
    }
    let hasSwift = sources.sources.contains(where: FirmwareLanguage.swift.includes)
    let toolchain = try FirmwareToolchain.find(searchPath: searchPath, includesSwift: hasSwift)
    let generated = try generate(sources, hasSwift: hasSwift)
    let units = FirmwareUnits(
      description, sources, halFolder: halFolder, generated: generated, moduleCache: moduleCache)
    let compilation = FirmwareCompilation(folder: "\(buildFolder)/objects")
    try makeFolder(compilation.folder)
    let objects = try compilation.compile(try units.units(toolchain))
    return try link(objects, script: "\(generated)/link.ld", toolchain)
  }

  /// Writes `soc.h`, the register headers and, if the description names sources, `link.ld` into
  /// `folder`, for firmware that is built by other means.
  public func generateHeaders(into folder: String) throws(FirmwareError) {
    var files = try headers()
    if case .sources(let sources)? = description.cpu?.firmware {
      files.append(("link.ld", try LinkScript(description, sources).text))
    }
    try makeFolder(folder)
    for file in files { try write(file.text, to: "\(folder)/\(file.name)") }
  }

  // MARK: Generated files

  private func headers() throws(FirmwareError) -> [(name: String, text: String)] {
    [("soc.h", try SoCHeader(description).text)]
      + (RegisterHeader.all + RegisterHeader.external(description)).map { ($0.file, $0.text) }
  }

  /// Writes headers and linker script into a folder named after their content; returns its path.
  private func generate(
    _ sources: FirmwareSources, hasSwift: Bool
  ) throws(FirmwareError) -> String {
    var files = try headers() + [("link.ld", try LinkScript(description, sources).text)]
    if hasSwift {
      let seen = sources.sources.filter(FirmwareLanguage.header.includes)
      let header = BridgingHeader(
        defines: sources.defines, headers: seen.map { CacheFiles.absolute(description.resolve($0)) }
      )
      files.append((BridgingHeader.file, header.text))
    }
    var hash = ContentHash()
    for file in files {
      hash.add(file.name)
      hash.add(file.text)
    }
    let folder = "\(buildFolder)/generated-\(hash.text)"
    try makeFolder(folder)
    for file in files { try write(file.text, to: "\(folder)/\(file.name)") }
    return folder
  }

  // MARK: Linking

  private func link(
    _ objects: [String], script: String, _ toolchain: FirmwareToolchain
  ) throws(FirmwareError) -> String {
    let target = FirmwareTarget(description.cpu?.type ?? .riscv32)
    let options = [
      "-m", target.emulation, "-static", "--gc-sections", "--build-id=none", "-z",
      "max-page-size=64",
      "-T", script,
    ]
    var hash = ContentHash()
    // Objects and script are named after their content.
    for part in [toolchain.identity] + options + objects { hash.add(part) }
    let elf = "\(buildFolder)/\(fileName)-\(hash.text).elf"
    if FileManager.default.fileExists(atPath: elf) { return elf }
    let temporary = "\(elf).\(UUID().uuidString)"
    let tool = try FirmwareError.wrapping { () throws(ToolError) in
      try ToolProcess(
        toolchain.linker, options + ["-o", temporary] + objects, log: "\(temporary).log")
    }
    if let diagnostics = tool.failure() {
      try? FileManager.default.removeItem(atPath: temporary)
      throw FirmwareError(
        message: "the firmware does not link", diagnostics: Self.withoutRepetition(diagnostics))
    }
    try FirmwareError.wrapping { () throws(ToolError) in
      try CacheFiles.move(temporary, to: elf)
    }
    return elf
  }

  /// Every section behind the end of a memory gives a message of its own: the last one, of the
  /// largest excess, says all.
  private static func withoutRepetition(_ diagnostics: String) -> String {
    let lines = diagnostics.split(separator: "\n", omittingEmptySubsequences: false)
    let last = lines.lastIndex { $0.contains(" will not fit in region ") }
    return lines.enumerated()
      .filter { $0.offset == last || !$0.element.contains(" will not fit in region ") }
      .map(\.element).joined(separator: "\n")
  }

  private var fileName: String {
    let name = description.name.map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
    }
    return String(name.prefix(64))
  }

  // MARK: Files

  /// What the Swift compiler keeps is bound to its place: a moved folder begins anew.
  private var moduleCache: String {
    var hash = ContentHash()
    hash.add(buildFolder)
    return "\(buildFolder)/modules-\(hash.text)"
  }

  private func makeFolder(_ folder: String) throws(FirmwareError) {
    try FirmwareError.wrapping { () throws(ToolError) in try CacheFiles.makeFolder(folder) }
  }

  private func write(_ text: String, to path: String) throws(FirmwareError) {
    try FirmwareError.wrapping { () throws(ToolError) in try CacheFiles.write(text, to: path) }
  }
}
