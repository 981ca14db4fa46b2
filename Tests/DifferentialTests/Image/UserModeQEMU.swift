import Foundation
import RISCV

/// QEMU's user-mode emulation, the oracle for everything unprivileged.
struct UserModeQEMU: Sendable {
  /// What a run printed and how it ended.
  struct Ending: Sendable {
    let output: [UInt8]
    let program: HostProgram.Ending
    /// Whether it exited with code 0.
    var isGood: Bool { program.code == 0 && !program.wasSignalled }
  }

  let xlen: XLEN
  private let executable: String

  /// The emulator on the search path; nil when there is none.
  init?(xlen: XLEN) {
    guard let path = HostProgram.find("qemu-riscv\(xlen.rawValue)") else { return nil }
    self.xlen = xlen
    executable = path
  }

  /// Whether both emulators are installed.
  static var isInstalled: Bool {
    UserModeQEMU(xlen: .rv32) != nil && UserModeQEMU(xlen: .rv64) != nil
  }

  /// Runs an executable file's bytes; it is killed after `timeout` seconds.
  func run(_ file: [UInt8], timeout: Double = 60) throws -> Ending {
    try HostProgram.withFolder { folder in
      let program = folder.appending(path: "program")
      try Data(file).write(to: program)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: program.path)
      let output = folder.appending(path: "output")
      let extensions = "zba=true,zbb=true,zbc=true,zbs=true,xventanacondops=true"
      let ending = try HostProgram.run(
        executable, ["-cpu", "rv\(xlen.rawValue),\(extensions)", program.path], output: output,
        timeout: timeout)
      return Ending(output: [UInt8](try Data(contentsOf: output)), program: ending)
    }
  }
}
