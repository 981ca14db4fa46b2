import Foundation
internal import HostTools

/// What has to be compiled for a description's firmware, and with which flags.
struct FirmwareUnits {
  private let description: SoCDescription
  private let sources: FirmwareSources
  private let halFolder: String
  private let generated: String
  private let moduleCache: String
  private let target: FirmwareTarget

  /// Prepares the list.
  ///
  /// - Parameters:
  ///   - generated: folder of the generated headers.
  ///   - moduleCache: folder where the Swift compiler keeps what it made of C headers.
  init(
    _ description: SoCDescription, _ sources: FirmwareSources, halFolder: String, generated: String,
    moduleCache: String
  ) {
    self.description = description
    self.sources = sources
    self.halFolder = halFolder
    self.generated = generated
    self.moduleCache = moduleCache
    target = FirmwareTarget(description.cpu?.type ?? .riscv32)
  }

  /// One unit per C and assembly file, the abstraction layer's first; all Swift files, the layer's
  /// included, are one.
  func units(_ toolchain: FirmwareToolchain) throws(FirmwareError) -> [CompilationUnit] {
    let own = sources.sources.map(absolute)
    let native =
      try halFiles(in: halFolder, .c, .assembly)
      + own.filter {
        FirmwareLanguage.c.includes($0) || FirmwareLanguage.assembly.includes($0)
      }
    let flags = clangFlags
    let units = native.map {
      CompilationUnit(source: $0, flags: flags, generated: generated, toolchain)
    }
    guard let swift = toolchain.swift else { return units }
    let module =
      try own.filter(FirmwareLanguage.swift.includes)
      + halFiles(in: "\(halFolder)/swift", .swift)
    return units + [
      CompilationUnit(module: module, flags: swiftFlags(module), generated: generated, swift)
    ]
  }

  // MARK: Files

  /// The files of a folder of the abstraction layer, in order of their names.
  private func halFiles(
    in folder: String, _ languages: FirmwareLanguage...
  ) throws(FirmwareError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw FirmwareError(
        message: "the hardware abstraction layer was not found: no such folder: \(folder)")
    }
    let files = names.filter { name in languages.contains { $0.includes(name) } }.sorted()
    guard !files.isEmpty else {
      throw FirmwareError(message: "the hardware abstraction layer has no sources in \(folder)")
    }
    return files.map { "\(folder)/\($0)" }
  }

  private func absolute(_ path: String) -> String {
    CacheFiles.absolute(description.resolve(path))
  }

  // MARK: Flags

  /// What C means, whoever reads it.
  private var dialect: [String] {
    ["-ffreestanding", "-nostdlibinc", "-I\(generated)", "-I\(halFolder)"]
      + sources.include.map { "-I\(absolute($0))" }
  }

  private var clangFlags: [String] {
    ["--no-default-config"] + target.compilerFlags + [
      "-nostdlib", "-O2", "-Wall", "-Wextra", "-Werror", "-fno-ident", "-fno-common",
      "-ffunction-sections", "-fdata-sections", "-fno-asynchronous-unwind-tables",
      "-ffile-prefix-map=\(halFolder)/=hal/", "-ffile-prefix-map=\(generated)/=generated/",
      "-ffile-prefix-map=\(absolute("."))/=",
    ] + dialect + sources.defines.map { "-D\($0.key)=\($0.value)" } + sources.flags
  }

  private func swiftFlags(_ module: [String]) -> [String] {
    let hasTopLevelCode = module.contains { $0.hasSuffix("/main.swift") }
    return target.swiftFlags + [
      "-enable-experimental-feature", "Embedded", "-wmo", "-Osize", "-swift-version", "6",
      "-warnings-as-errors", "-module-name", "Firmware", "-diagnostic-style", "llvm",
      "-import-objc-header", "\(generated)/\(BridgingHeader.file)", "-disable-bridging-pch",
      "-module-cache-path", moduleCache, "-Xfrontend", "-function-sections",
      "-Xfrontend", "-disable-stack-protector",
    ] + (hasTopLevelCode ? [] : ["-parse-as-library"])
      + (dialect + sources.flags).flatMap { ["-Xcc", $0] } + sources.swiftFlags
  }
}
