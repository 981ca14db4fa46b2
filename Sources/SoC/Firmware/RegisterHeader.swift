import Accelerators
import Fabric
import Interconnect
import Peripherals

/// The C header with the registers of a kind of device.
struct RegisterHeader {
  /// File name.
  let file: String
  /// Start of every macro's name.
  let prefix: String
  /// The registers.
  let map: RegisterMap

  /// The header's text.
  var text: String { map.cHeader(prefix: prefix) }

  /// Every kind of device: one line each.
  static let all: [RegisterHeader] = [
    RegisterHeader(file: "dma_registers.h", prefix: "DMA", map: DMARegister.map),
    RegisterHeader(file: "systolic_registers.h", prefix: "SYSTOLIC", map: systolic),
    RegisterHeader(
      file: "vector_unit_registers.h", prefix: "VECTOR_UNIT", map: VectorUnitRegisterMap.map),
    RegisterHeader(file: "uart_registers.h", prefix: "UART", map: UART16550.map),
    RegisterHeader(file: "clint_registers.h", prefix: "CLINT", map: CLINT.map),
    RegisterHeader(file: "plic_registers.h", prefix: "PLIC", map: PLIC.map),
    RegisterHeader(file: "marker_registers.h", prefix: "MARKER", map: Marker.map),
    RegisterHeader(file: "finisher_registers.h", prefix: "FINISHER", map: TestFinisher.map),
  ]

  /// Headers of the modules that are not ours and declare registers, one per kind.
  static func external(_ description: SoCDescription) -> [RegisterHeader] {
    var seen: Set<String> = []
    return description.externalModules.filter {
      !$0.registers.registers.isEmpty && seen.insert($0.kindName.lowercased()).inserted
    }.map { module in
      RegisterHeader(
        file: "\(module.kindName.lowercased())_registers.h",
        prefix: module.kindName.uppercased(), map: module.registers)
    }
  }

  /// Both arrays have the same registers; the weight-stationary one has a few in addition.
  private static let systolic = RegisterMap(
    device: "OSArray and WSArray", windowBytes: ArrayRegisterMap.weightStationary.windowBytes,
    ArrayRegisterMap.weightStationary.registers)
}
