#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What is done by path. A path is the bytes up to the first zero, or all; `folder` is what it is
/// relative to: the descriptor of an open folder or ``HostFiles/workingDirectory``.
extension HostFiles {
  /// Opens a file.
  ///
  /// - Parameter permissions: the low nine bits, for a file that is made.
  public func open(
    _ path: [UInt8], in folder: Int32 = workingDirectory, flags: OpenFlags,
    permissions: UInt32 = 0o644
  ) throws(HostError) -> Int32 {
    try requireFreeDescriptor()
    let isNew = flags.contains(.create) && flags.contains(.exclusive)
    let place = try place(
      of: path, in: folder, follow: !flags.contains(.noFollow) && !isNew)
    if place.mustBeFolder, flags.contains(.create) { throw .isDirectory }
    var hostFlags = flags.hostFlags
    if place.components != nil {
      hostFlags |= O_NOFOLLOW
      // Opening a pipe or a device can have an effect already.
      if let status = try? status(of: place, follow: false) {
        guard status.isRegular || status.isFolder || status.isLink else { throw .accessDenied }
        if place.mustBeFolder, !status.isFolder { throw .notDirectory }
      }
    }
    let number = place.name.withPath {
      openat(place.folder.number, $0, hostFlags, mode_t(permissions & 0o777))
    }
    guard number >= 0 else { throw .last() }
    let file = OpenFile(number: number, flags: flags)
    if let components = place.components {
      let status = try file.status()
      guard status.isRegular || status.isFolder else { throw .accessDenied }
      let isDot = place.name == [UInt8(ascii: ".")]
      if status.isFolder { file.components = components + (isDot ? [] : [place.name]) }
    }
    return try add(.file(file))
  }

  func status(
    of path: [UInt8], in folder: Int32 = workingDirectory, follow: Bool
  ) throws(HostError) -> FileStatus {
    let place = try place(of: path, in: folder, follow: follow)
    let status = try status(of: place, follow: follow)
    if place.mustBeFolder, !status.isFolder { throw .notDirectory }
    return status
  }

  /// Whether the user may read (4), write (2) or execute (1) a file, or it exists (0).
  public func check(
    _ path: [UInt8], in folder: Int32 = workingDirectory, access mode: Int32
  ) throws(HostError) {
    let place = try place(of: path, in: folder, follow: true)
    let result = place.name.withPath {
      faccessat(place.folder.number, $0, mode, place.flags(follow: true))
    }
    guard result == 0 else { throw .last() }
  }

  /// Removes a file or, if `isFolder`, an empty folder.
  public func remove(
    _ path: [UInt8], in folder: Int32 = workingDirectory, isFolder: Bool = false
  ) throws(HostError) {
    let place = try place(of: path, in: folder, follow: false)
    let flags = isFolder ? AT_REMOVEDIR : 0
    guard place.name.withPath({ unlinkat(place.folder.number, $0, flags) }) == 0 else {
      throw .last()
    }
  }

  /// Makes a folder.
  public func makeFolder(
    _ path: [UInt8], in folder: Int32 = workingDirectory, permissions: UInt32 = 0o777
  ) throws(HostError) {
    let place = try place(of: path, in: folder, follow: false)
    let mode = mode_t(permissions & 0o777)
    guard place.name.withPath({ mkdirat(place.folder.number, $0, mode) }) == 0 else {
      throw .last()
    }
  }

  /// Gives a file another name.
  public func rename(
    _ path: [UInt8], in folder: Int32 = workingDirectory, to newPath: [UInt8],
    in newFolder: Int32 = workingDirectory
  ) throws(HostError) {
    let old = try place(of: path, in: folder, follow: false)
    let new = try place(of: newPath, in: newFolder, follow: false)
    let result = old.name.withPath { from in
      new.name.withPath { renameat(old.folder.number, from, new.folder.number, $0) }
    }
    guard result == 0 else { throw .last() }
  }

  /// Gives a file a further name.
  public func link(
    _ path: [UInt8], in folder: Int32 = workingDirectory, to newPath: [UInt8],
    in newFolder: Int32 = workingDirectory, follow: Bool = false
  ) throws(HostError) {
    let old = try place(of: path, in: folder, follow: follow)
    let new = try place(of: newPath, in: newFolder, follow: false)
    let flags = follow && old.components == nil ? AT_SYMLINK_FOLLOW : 0
    let result = old.name.withPath { from in
      new.name.withPath { linkat(old.folder.number, from, new.folder.number, $0, flags) }
    }
    guard result == 0 else { throw .last() }
  }

  /// What a symbolic link says.
  public func readLink(
    _ path: [UInt8], in folder: Int32 = workingDirectory
  ) throws(HostError) -> [UInt8] {
    let place = try place(of: path, in: folder, follow: false)
    guard let target = linkTarget(of: place.name, in: place.folder.number) else {
      throw .last()
    }
    return target
  }

  /// Changes the program's working directory; the simulator's stays.
  public func changeDirectory(_ path: [UInt8]) throws(HostError) {
    try paths.enter(checked(path))
  }

  /// The absolute path of the program's working directory.
  public func currentDirectory() throws(HostError) -> [UInt8] {
    try paths.workingDirectory()
  }

  // MARK: Places

  private func place(
    of path: [UInt8], in folder: Int32, follow: Bool
  ) throws(HostError) -> HostPlace {
    let path = try checked(path)
    let isAbsolute = path.first == slash
    let base =
      isAbsolute || folder == Self.workingDirectory
      ? nil : try file(folder, otherwise: .notDirectory)
    return try paths.place(of: path, base: base, follow: follow)
  }

  /// The path up to the first zero, if it has a legal length.
  private func checked(_ path: [UInt8]) throws(HostError) -> [UInt8] {
    let path = Array(path.prefix { $0 != 0 })
    guard !path.isEmpty else { throw .noSuchFile }
    guard path.count < longestPath else { throw .nameTooLong }
    return path
  }

  private func status(of place: HostPlace, follow: Bool) throws(HostError) -> FileStatus {
    var result = stat()
    let flags = place.flags(follow: follow)
    guard place.name.withPath({ fstatat(place.folder.number, $0, &result, flags) }) == 0 else {
      throw .last()
    }
    return FileStatus(result)
  }
}
