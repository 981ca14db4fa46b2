#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Only what lies below one folder is reachable.
///
/// A path is walked component by component, each opened relative to the one before without following
/// links; links are read and walked the same way. So no path leads out, whatever another process
/// does to the folder meanwhile.
final class FolderPaths: HostPaths {
  private let root: OpenFolder
  /// The components of the root's path without links, then as the user gave it if absolute.
  private let rootSpellings: [[[UInt8]]]
  private let rootPath: [UInt8]
  private var current: [[UInt8]] = []
  /// Told a path that leads out.
  private let escaped: ([UInt8]) -> Void

  /// As on Linux.
  private static let mostLinks = 40
  /// Every level holds a descriptor while a path is walked.
  private static let deepest = 128

  /// - Throws: why the folder cannot be opened.
  init(_ folder: String, escaped: @escaping ([UInt8]) -> Void) throws(HostError) {
    let path = Array(folder.utf8)
    guard let root = OpenFolder(path, follow: true), let real = realPath(of: path) else {
      throw .last()
    }
    self.root = root
    rootPath = real
    rootSpellings =
      [real.pathComponents] + (path.first == slash ? [path.pathComponents] : [])
    self.escaped = escaped
  }

  func place(
    of path: [UInt8], base: OpenFile?, follow: Bool
  ) throws(HostError) -> HostPlace {
    let start = base == nil ? current : base?.components
    // An open file that is no folder has no components.
    guard let start else { throw .notDirectory }
    return try walk(path, from: start, follow: follow)
  }

  func enter(_ path: [UInt8]) throws(HostError) {
    let place = try walk(path, from: current, follow: true)
    guard OpenFolder(place.name, in: place.folder.number, follow: false) != nil else {
      throw .last()
    }
    let isDot = place.name == [UInt8(ascii: ".")]
    current = (place.components ?? []) + (isDot ? [] : [place.name])
  }

  func workingDirectory() throws(HostError) -> [UInt8] {
    let base = rootPath == [slash] ? [] : rootPath
    let path = current.reduce(base) { $0 + [slash] + $1 }
    return path.isEmpty ? [slash] : path
  }

  private func walk(
    _ path: [UInt8], from start: [[UInt8]], follow: Bool
  ) throws(HostError) -> HostPlace {
    let mustBeFolder = path.last == slash
    // The next component is the last element.
    var pending = Array(try below(path, of: path).reversed())
    if path.first != slash { pending += start.reversed() }
    var folders = [root]
    var names: [[UInt8]] = []
    var links = 0
    while let name = pending.popLast() {
      if name == Array(".".utf8) { continue }
      if name == Array("..".utf8) {
        guard folders.count > 1 else { throw escape(path) }
        folders.removeLast()
        names.removeLast()
        continue
      }
      let folder = folders[folders.count - 1]
      let isLast = pending.isEmpty
      if !isLast || follow || mustBeFolder,
        let target = linkTarget(of: name, in: folder.number)
      {
        links += 1
        guard links <= Self.mostLinks else { throw .tooManyLinks }
        pending += try below(target, of: path).reversed()
        if target.first == slash {
          folders = [root]
          names = []
        }
        continue
      }
      if isLast {
        return HostPlace(
          folder: folder, name: name, mustBeFolder: mustBeFolder, components: names)
      }
      guard folders.count < Self.deepest else { throw .nameTooLong }
      guard let next = OpenFolder(name, in: folder.number, follow: false) else { throw .last() }
      folders.append(next)
      names.append(name)
    }
    return HostPlace(
      folder: folders[folders.count - 1], name: Array(".".utf8), mustBeFolder: true,
      components: names)
  }

  /// The components of a path, an absolute one taken from the root folder on; `whole` is the path
  /// that the program gave.
  private func below(_ path: [UInt8], of whole: [UInt8]) throws(HostError) -> [[UInt8]] {
    let components = path.pathComponents
    guard path.first == slash else { return components }
    for spelling in rootSpellings where components.starts(with: spelling) {
      return Array(components[spelling.count...])
    }
    throw escape(whole)
  }

  private func escape(_ path: [UInt8]) -> HostError {
    escaped(path)
    return .accessDenied
  }
}
