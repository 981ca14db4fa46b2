public import Fabric
public import SimKernel
public import Telemetry

/// The test finisher of SiFive and QEMU's `virt`: a write ends the run.
public final class TestFinisher: Module {
  /// The register map.
  public static let map = RegisterMap(
    device: "TestFinisher",
    [
      RegisterDescriptor(
        "FINISH", at: 0, access: .writeOnly,
        "0x5555 passes, (code << 16) | 0x3333 fails with a code, 0x7777 resets.")
    ])

  private let registers: RegisterPort
  private let exit: ExitRequest
  private let activity: PeripheralActivity

  /// Creates the device; the firmware's wish goes to `exit`.
  public init(path: String, registers: RegisterPort, exit: ExitRequest, site: ModuleSite) {
    self.registers = registers
    self.exit = exit
    activity = PeripheralActivity(site: site, registers: 1)
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    let waiting = registers.next()
    activity.note(served: waiting != nil, at: now)
    guard let access = waiting else { return .onPort }
    switch access {
    case .read(let offset, _):
      registers.complete(read: 0, ok: offset == 0)
    case .write(let offset, _, let value):
      registers.completeWrite(ok: offset == 0)
      if offset == 0 { act(on: value) }
    }
    return .nextCycle
  }

  private func act(on value: UInt64) {
    switch value & 0xFFFF {
    case 0x5555: exit.finish(.code(0, by: path))
    case 0x3333: exit.finish(.code(Int(value >> 16 & 0xFFFF), by: path))
    case 0x7777: exit.finish(.reset(by: path))
    default: break
    }
  }
}
