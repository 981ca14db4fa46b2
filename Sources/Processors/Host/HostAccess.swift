/// Which files of the host a simulated program can use. The console is always there.
public enum HostAccess: Sendable, Equatable {
  /// None: opening a file fails with EACCES.
  case none
  /// What lies below a folder, which is the program's working directory. A path that leads out of
  /// it, by `..`, from the root or through symbolic links, fails with EACCES; so does everything
  /// that is neither a regular file nor a folder.
  case folder(String)
  /// All that the user who runs the simulation can use.
  case unrestricted
}
