import Foundation

/// The C compiler and linker that the Swift toolchain brings along.
struct FirmwareToolchain {
  /// Path of `clang`.
  let compiler: String
  /// Path of `ld.lld`.
  let linker: String

  /// What the products of these tools depend on besides their inputs: which tools they are.
  let identity: String

  /// Finds both tools: next to `swift` or `swiftc`, wherever these links of the search path lead,
  /// and otherwise on the search path itself.
  ///
  /// - Parameter searchPath: folders separated by colons, as in the environment's PATH.
  /// - Throws: ``FirmwareError`` with the folders that were looked into.
  static func find(
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) throws(FirmwareError) -> FirmwareToolchain {
    let folders = searchPath.split(separator: ":").map(String.init)
    let places = distinct(folders.flatMap(toolchainFolders) + folders)
    let compiler = try locate("clang", in: places)
    let linker = try locate("ld.lld", in: places)
    return FirmwareToolchain(
      compiler: compiler, linker: linker, identity: stamp(compiler) + stamp(linker))
  }

  /// The folders in which the Swift driver of `folder` lies, before and after following links.
  private static func toolchainFolders(_ folder: String) -> [String] {
    ["swift", "swiftc"].flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      guard FileManager.default.isExecutableFile(atPath: path) else { return [] }
      let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
      return [target.deletingLastPathComponent().path, folder]
    }
  }

  private static func locate(_ tool: String, in folders: [String]) throws(FirmwareError) -> String {
    for folder in folders {
      let path = "\(folder)/\(tool)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    let tried = folders.isEmpty ? "PATH is empty" : "looked in \(folders.joined(separator: ", "))"
    throw FirmwareError(
      message: "'\(tool)' of the Swift toolchain was not found, and building firmware from source "
        + "needs it (\(tried)); put the toolchain's folder on PATH, or give cpu_firmware as the "
        + "path of an ELF file")
  }

  private static func distinct(_ folders: [String]) -> [String] {
    var seen: Set<String> = []
    return folders.filter { seen.insert($0).inserted }
  }

  /// Size and time of a tool's file: changes when the toolchain is updated.
  private static func stamp(_ path: String) -> String {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    let size = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(target) \(size) \(date)\n"
  }
}
