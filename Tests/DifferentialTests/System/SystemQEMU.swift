import Foundation
import RISCV

/// QEMU's whole-machine emulation, whose memory is a file that can be looked at afterwards.
struct SystemQEMU: Sendable {
  let xlen: XLEN
  private let executable: String

  /// The emulator on the search path; nil when there is none.
  init?(xlen: XLEN) {
    guard let path = HostProgram.find("qemu-system-riscv\(xlen.rawValue)") else { return nil }
    self.xlen = xlen
    executable = path
  }

  /// Whether both emulators are installed.
  static var isInstalled: Bool {
    SystemQEMU(xlen: .rv32) != nil && SystemQEMU(xlen: .rv64) != nil
  }

  /// The memory after running an image; nil when it did not end within `timeout` seconds.
  func run(_ image: SystemImage, timeout: Double = 30) throws -> [UInt8]? {
    try HostProgram.withFolder { folder in
      let memory = folder.appending(path: "memory")
      try Data(image.bytes).write(to: memory)
      let cpu =
        "rv\(xlen.rawValue),h=false,sstc=false,svinval=false,svnapot=false,svpbmt=false,"
        + "zba=true,zbb=true,zbc=true,zbs=true"
      let ending = try HostProgram.run(
        executable,
        [
          "-M", "virt,memory-backend=memory", "-m", "\(SystemImage.size >> 20)M", "-cpu", cpu,
          "-object",
          "memory-backend-file,id=memory,size=\(SystemImage.size >> 20)M,share=on,mem-path="
            + memory.path,
          "-bios", "none", "-display", "none", "-monitor", "none", "-serial", "none",
        ], output: folder.appending(path: "output"), timeout: timeout)
      guard ending.code == 0, !ending.wasSignalled else { return nil }
      return [UInt8](try Data(contentsOf: memory))
    }
  }
}
