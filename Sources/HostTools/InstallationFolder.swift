internal import Foundation

/// The folder of the files that come with the tool: `Configs`, `Firmware`, headers, reference RTL.
public enum InstallationFolder {
  /// Looks at `FLECSIM_HOME`, then upwards from the executable and from the current folder.
  ///
  /// - Returns: the folder without a slash at its end; nil when there is none.
  public static func find() -> String? {
    var starts: [String] = []
    if let home = ProcessInfo.processInfo.environment["FLECSIM_HOME"] { starts.append(home) }
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let executable = link ?? CommandLine.arguments.first ?? "."
    starts += [executable, FileManager.default.currentDirectoryPath]
    for start in starts {
      var url = URL(fileURLWithPath: start).standardizedFileURL
      while true {
        if FileManager.default.fileExists(atPath: url.path + "/Configs/energy") {
          return url.path == "/" ? "" : url.path
        }
        if url.path == "/" { break }
        url.deleteLastPathComponent()
      }
    }
    return nil
  }
}
