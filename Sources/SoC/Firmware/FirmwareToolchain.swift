import Foundation

/// The compilers and the linker of the Swift toolchain.
struct FirmwareToolchain {
  /// Path of `clang`.
  let compiler: String
  /// Path of `ld.lld`.
  let linker: String

  /// What the products of these tools depend on besides their inputs: which tools they are.
  let identity: String
  /// The Swift compiler; nil when it was not asked for.
  let swift: Swift?

  /// The Swift compiler.
  struct Swift {
    /// Path of `swiftc`.
    let compiler: String
    /// Which compiler it is.
    let identity: String
  }

  /// Finds the tools: next to `swift` or `swiftc`, wherever these links of the search path lead,
  /// and otherwise on the search path itself.
  ///
  /// - Parameters:
  ///   - searchPath: folders separated by colons, as in the environment's PATH.
  ///   - includesSwift: whether there are Swift files to compile.
  /// - Throws: ``FirmwareError`` with the folders that were looked into.
  static func find(
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
    includesSwift: Bool = false
  ) throws(FirmwareError) -> FirmwareToolchain {
    let folders = searchPath.split(separator: ":").map(String.init)
    let places = distinct(folders.flatMap(toolchainFolders) + folders)
    let compiler = try locate("clang", in: places)
    let linker = try locate("ld.lld", in: places)
    return FirmwareToolchain(
      compiler: compiler, linker: linker, identity: stamp(compiler) + stamp(linker),
      swift: includesSwift ? try findSwift(places) : nil)
  }

  /// `swiftc` is a driver; the compiler itself lies beside it.
  private static func findSwift(_ places: [String]) throws(FirmwareError) -> Swift {
    let compiler = try locate("swiftc", in: places)
    let folder = URL(fileURLWithPath: compiler).resolvingSymlinksInPath()
      .deletingLastPathComponent().path
    return Swift(
      compiler: compiler, identity: stamp(compiler) + stamp("\(folder)/swift-frontend"))
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
