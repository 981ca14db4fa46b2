#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Where a path of the program leads to on the host: an open folder and a path from there.
struct HostPlace {
  /// Keeps the folder open.
  let folder: OpenFolder
  /// What to hand to the host with the folder's number.
  let name: [UInt8]
  /// Whether the path must lead to a folder because it ends in a slash.
  let mustBeFolder: Bool
  /// Set for a confined place: the names of ``folder`` from the root on. ``name`` is then one
  /// component whose links have been followed, and the host must not follow more.
  let components: [[UInt8]]?

  /// `AT_SYMLINK_NOFOLLOW` where the host must not or shall not follow a link.
  func flags(follow: Bool) -> Int32 {
    components != nil || !follow ? AT_SYMLINK_NOFOLLOW : 0
  }
}

/// A folder of the host that is open as long as this object lives.
final class OpenFolder {
  /// The host's descriptor.
  let number: Int32

  /// Takes over a descriptor.
  init(number: Int32) { self.number = number }

  /// Opens a folder relative to another; nil leaves the reason in `errno`.
  convenience init?(_ name: [UInt8], in folder: Int32 = AT_FDCWD, follow: Bool) {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW)
    let number = name.withPath { openat(folder, $0, flags) }
    guard number >= 0 else { return nil }
    self.init(number: number)
  }

  deinit { close(number) }
}

/// The part of the host's file system that a program sees.
protocol HostPaths: AnyObject {
  /// Finds the place of a path.
  ///
  /// - Parameters:
  ///   - path: without a zero at the end; not empty.
  ///   - base: the open folder it is relative to; nil for the working directory.
  ///   - follow: whether the last component may be a symbolic link that is followed.
  func place(
    of path: [UInt8], base: OpenFile?, follow: Bool
  ) throws(HostError) -> HostPlace

  /// Makes a folder the working directory. The simulator's own stays as it is.
  func enter(_ path: [UInt8]) throws(HostError)

  /// The working directory's absolute path.
  func workingDirectory() throws(HostError) -> [UInt8]
}

/// Nothing is reachable.
final class NoPaths: HostPaths {
  private let denied: ([UInt8]) -> Void

  /// `denied` is told every path that the program asks for.
  init(denied: @escaping ([UInt8]) -> Void) { self.denied = denied }

  func place(
    of path: [UInt8], base: OpenFile?, follow: Bool
  ) throws(HostError) -> HostPlace {
    denied(path)
    throw .accessDenied
  }

  func enter(_ path: [UInt8]) throws(HostError) {
    denied(path)
    throw .accessDenied
  }

  func workingDirectory() throws(HostError) -> [UInt8] { throw .accessDenied }
}

/// Everything is reachable; the host resolves paths.
final class AllPaths: HostPaths {
  private var current: OpenFolder
  private var path: [UInt8]

  /// Starts in the simulator's working directory; nil when it is gone.
  init?() {
    guard let folder = OpenFolder([UInt8(ascii: ".")], follow: true),
      let path = realPath(of: [UInt8(ascii: ".")])
    else { return nil }
    current = folder
    self.path = path
  }

  func place(
    of path: [UInt8], base: OpenFile?, follow: Bool
  ) throws(HostError) -> HostPlace {
    let folder = base.map { OpenFolder(number: dup($0.number)) } ?? current
    return HostPlace(folder: folder, name: path, mustBeFolder: false, components: nil)
  }

  func enter(_ path: [UInt8]) throws(HostError) {
    guard let folder = OpenFolder(path, in: current.number, follow: true) else { throw .last() }
    let joined = path.first == slash ? path : self.path + [slash] + path
    guard let real = realPath(of: joined) else { throw .last() }
    current = folder
    self.path = real
  }

  func workingDirectory() throws(HostError) -> [UInt8] { path }
}

/// The character between the components of a path.
let slash = UInt8(ascii: "/")

/// The absolute path without links; nil when nothing is there.
func realPath(of path: [UInt8]) -> [UInt8]? {
  guard let resolved = path.withPath({ realpath($0, nil) }) else { return nil }
  defer { free(resolved) }
  return resolved.withMemoryRebound(to: UInt8.self, capacity: strlen(resolved)) {
    Array(UnsafeBufferPointer(start: $0, count: strlen(resolved)))
  }
}

/// What a symbolic link says; nil when the place holds none, with the reason in `errno`.
func linkTarget(of name: [UInt8], in folder: Int32) -> [UInt8]? {
  var buffer = [CChar](repeating: 0, count: longestPath)
  let count = name.withPath { readlinkat(folder, $0, &buffer, buffer.count) }
  return count >= 0 ? buffer[..<count].map { UInt8(bitPattern: $0) } : nil
}

/// PATH_MAX of Linux: the most bytes of a path, with the zero at its end.
let longestPath = 4096

extension [UInt8] {
  /// Calls `body` with the path as the host's functions take it.
  func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      // Never nil: there is at least the zero.
      buffer.baseAddress.map(body) ?? withUnsafePointer(to: 0, body)
    }
  }

  /// The parts between slashes; empty ones say nothing.
  var pathComponents: [[UInt8]] { split(separator: slash).map(Array.init) }
}
