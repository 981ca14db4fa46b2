import Foundation
internal import HostTools

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
  ///   - searchPath: folders separated by colons; nil for the environment's PATH.
  ///   - includesSwift: whether there are Swift files to compile.
  /// - Throws: ``FirmwareError`` with the folders that were looked into.
  static func find(
    searchPath: String? = nil, includesSwift: Bool = false
  ) throws(FirmwareError) -> FirmwareToolchain {
    let places = ToolFolders(searchPath: searchPath)
    let compiler = try locate("clang", in: places)
    let linker = try locate("ld.lld", in: places)
    return FirmwareToolchain(
      compiler: compiler, linker: linker,
      identity: ToolFolders.stamp(compiler) + ToolFolders.stamp(linker),
      swift: includesSwift ? try findSwift(places) : nil)
  }

  /// `swiftc` is a driver; the compiler itself lies beside it.
  private static func findSwift(_ places: ToolFolders) throws(FirmwareError) -> Swift {
    let compiler = try locate("swiftc", in: places)
    let folder = URL(fileURLWithPath: compiler).resolvingSymlinksInPath()
      .deletingLastPathComponent().path
    return Swift(
      compiler: compiler,
      identity: ToolFolders.stamp(compiler) + ToolFolders.stamp("\(folder)/swift-frontend"))
  }

  private static func locate(
    _ tool: String, in places: ToolFolders
  ) throws(FirmwareError) -> String {
    if let path = places.locate(tool) { return path }
    let folders = places.folders
    let tried = folders.isEmpty ? "PATH is empty" : "looked in \(folders.joined(separator: ", "))"
    throw FirmwareError(
      message: "'\(tool)' of the Swift toolchain was not found, and building firmware from source "
        + "needs it (\(tried)); put the toolchain's folder on PATH, or give cpu_firmware as the "
        + "path of an ELF file")
  }
}
