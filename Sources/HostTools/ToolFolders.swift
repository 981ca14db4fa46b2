internal import Foundation

/// The folders in which tools of the host are looked for: next to `swift` or `swiftc`, wherever
/// these links of the search path lead, and then on the search path itself.
public struct ToolFolders: Sendable {
  /// The folders, each one once.
  public let folders: [String]

  /// Takes the folders from a search path.
  ///
  /// - Parameter searchPath: folders separated by colons; nil for the environment's PATH.
  public init(searchPath: String? = nil) {
    let path = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    let entries = path.split(separator: ":").map(String.init)
    var seen: Set<String> = []
    folders = (entries.flatMap(Self.toolchainFolders) + entries).filter { seen.insert($0).inserted }
  }

  /// The path of a tool; nil when no folder has it.
  public func locate(_ tool: String) -> String? {
    folders.map { "\($0)/\(tool)" }.first(where: FileManager.default.isExecutableFile)
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

  /// Where a file lies after following links, its size and its time: changes when the tool is
  /// updated.
  public static func stamp(_ path: String) -> String {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    let size = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(target) \(size) \(date)\n"
  }
}
