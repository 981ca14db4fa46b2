internal import Peripherals
internal import RISCV

/// The device tree of a description: harts, memories and devices as drivers of OpenSBI and Linux
/// look for them, in the words of QEMU's `virt` machine.
public struct SystemDeviceTree {
  private let soc: SoCDescription
  private let hasHostInterface: Bool

  /// The rate of the clock that a 16550 divides, as on QEMU; baud rates are not modelled.
  private static let serialHertz: UInt32 = 3_686_400
  private static let controller = "plic"
  private static let finisher = "finisher"

  /// Prepares the tree of `soc`.
  ///
  /// - Parameter hasHostInterface: whether the program talks to its host through `tohost`.
  public init(_ soc: SoCDescription, hasHostInterface: Bool = false) {
    self.soc = soc
    self.hasHostInterface = hasHostInterface
  }

  /// The tree.
  public var root: DeviceTreeNode {
    var root = DeviceTreeNode("")
    root.set("#address-cells", .number(2))
    root.set("#size-cells", .number(2))
    root.set("compatible", "flecsim,soc")
    root.set("model", .string("flecsim,\(soc.name)"))
    root.add(chosen)
    if let cpu = soc.cpu { root.add(processors(cpu)) }
    for memory in mainMemories { root.add(self.memory(memory)) }
    if hasHostInterface {
      var host = DeviceTreeNode("htif")
      host.set("compatible", "ucb,htif0")
      root.add(host)
    }
    root.add(bus)
    if peripheral("TestFinisher") != nil {
      root.add(reset("poweroff", value: 0x5555))
      root.add(reset("reboot", value: 0x7777))
    }
    return root
  }

  // MARK: Processor and memory

  private func processors(_ cpu: CPUDescription) -> DeviceTreeNode {
    var node = DeviceTreeNode("cpus")
    node.set("#address-cells", .number(1))
    node.set("#size-cells", .number(0))
    node.set("timebase-frequency", .number(UInt32(MachineTime.hertz)))
    for hart in 0..<cpu.harts { node.add(processor(cpu, hart)) }
    return node
  }

  private func processor(_ cpu: CPUDescription, _ hart: Int) -> DeviceTreeNode {
    let instructions = cpu.type.instructionSet
    var node = DeviceTreeNode("cpu@\(String(hart, radix: 16))")
    node.set("device_type", "cpu")
    node.set("reg", .number(UInt32(hart)))
    node.set("status", "okay")
    node.set("compatible", "riscv")
    node.set("riscv,isa", .string(instructions.description))
    if instructions.extensions.contains(.supervisor) {
      node.set("mmu-type", instructions.xlen == .rv32 ? "riscv,sv32" : "riscv,sv39")
    }
    node.set("clock-frequency", .number(UInt32(clamping: UInt64(cpu.instructionsPerSecond))))
    var controller = DeviceTreeNode("interrupt-controller", label: Self.controller(of: hart))
    controller.set("#address-cells", .number(0))
    controller.set("#interrupt-cells", .number(1))
    controller.set("interrupt-controller", .empty)
    controller.set("compatible", "riscv,cpu-intc")
    node.add(controller)
    return node
  }

  private static func controller(of hart: Int) -> String { "cpu\(hart)_intc" }

  /// The DRAMs; without one, every memory.
  private var mainMemories: [MemoryDescription] {
    let drams = soc.memories.filter { $0.type == .dram }
    return drams.isEmpty ? soc.memories : drams
  }

  private func memory(_ memory: MemoryDescription) -> DeviceTreeNode {
    var node = DeviceTreeNode("memory@\(String(memory.address, radix: 16))")
    node.set("device_type", "memory")
    node.set("reg", .wide(memory.address, memory.length))
    return node
  }

  private var chosen: DeviceTreeNode {
    var node = DeviceTreeNode("chosen")
    if let arguments = soc.cpu?.bootArguments { node.set("bootargs", .string(arguments)) }
    if let serial = peripheral("UART16550") {
      node.set("stdout-path", .string("/soc/\(Self.name("serial", serial.address))"))
    }
    return node
  }

  // MARK: Devices

  private var bus: DeviceTreeNode {
    var node = DeviceTreeNode("soc")
    node.set("#address-cells", .number(2))
    node.set("#size-cells", .number(2))
    node.set("compatible", "simple-bus")
    node.set("ranges", .empty)
    let main = Set(mainMemories.map(\.name))
    for memory in soc.memories where !main.contains(memory.name) {
      node.add(
        device("sram", memory.address, memory.length, compatible: ["mmio-sram"], module: nil))
    }
    for peripheral in soc.peripherals { node.add(self.node(of: peripheral)) }
    for dma in soc.dmas {
      node.add(
        device(
          "dma", dma.address, DMACatalog.windowBytes, compatible: ["flecsim,dma"],
          module: dma.name))
    }
    for accelerator in soc.accelerators {
      node.add(
        device(
          "accelerator", accelerator.address, accelerator.kind?.windowBytes ?? 0x1000,
          compatible: ["flecsim,\(accelerator.kindName.lowercased())"], module: accelerator.name))
    }
    return node
  }

  private func node(of peripheral: PeripheralDescription) -> DeviceTreeNode {
    let bytes = peripheral.kind?.windowBytes ?? 0x1000
    func device(_ name: String, _ compatible: [String], label: String? = nil) -> DeviceTreeNode {
      self.device(
        name, peripheral.address, bytes, compatible: compatible, module: peripheral.name,
        label: label)
    }
    switch peripheral.kindName {
    case "UART16550":
      var node = device("serial", ["ns16550a"])
      node.set("clock-frequency", .number(Self.serialHertz))
      node.set("reg-shift", .number(0))
      node.set("reg-io-width", .number(1))
      return node
    case "CLINT":
      var node = device("clint", ["sifive,clint0", "riscv,clint0"])
      node.set("interrupts-extended", interrupts([3, 7]))
      return node
    case "PLIC":
      let isFirst = peripheral.name == self.peripheral("PLIC")?.name
      var node = device(
        "plic", ["sifive,plic-1.0.0", "riscv,plic0"], label: isFirst ? Self.controller : nil)
      node.set("#address-cells", .number(0))
      node.set("#interrupt-cells", .number(1))
      node.set("interrupt-controller", .empty)
      node.set("interrupts-extended", interrupts(hasSupervisor ? [11, 9] : [11]))
      node.set("riscv,ndev", .number(UInt32(PeripheralCatalog.interruptSources)))
      return node
    case "TestFinisher":
      let isFirst = peripheral.name == self.peripheral("TestFinisher")?.name
      return device(
        "test", ["sifive,test1", "sifive,test0", "syscon"], label: isFirst ? Self.finisher : nil)
    default:
      return device(
        peripheral.kindName.lowercased(), ["flecsim,\(peripheral.kindName.lowercased())"])
    }
  }

  private func device(
    _ name: String, _ address: UInt64, _ bytes: UInt64, compatible: [String], module: String?,
    label: String? = nil
  ) -> DeviceTreeNode {
    var node = DeviceTreeNode(Self.name(name, address), label: label)
    node.set("compatible", .strings(compatible))
    node.set("reg", .wide(address, bytes))
    if let module, peripheral("PLIC") != nil, let source = soc.interruptSource(of: module) {
      node.set("interrupt-parent", .cells([.reference(Self.controller)]))
      node.set("interrupts", .number(UInt32(source)))
    }
    return node
  }

  /// The given interrupts of every hart, hart by hart: the order of a PLIC's contexts.
  private func interrupts(_ numbers: [UInt32]) -> DeviceTreeValue {
    .cells(
      (0..<(soc.cpu?.harts ?? 0)).flatMap { hart in
        numbers.flatMap { [.reference(Self.controller(of: hart)), .number($0)] }
      })
  }

  private var hasSupervisor: Bool {
    soc.cpu?.type.instructionSet.extensions.contains(.supervisor) ?? false
  }

  private func reset(_ name: String, value: UInt32) -> DeviceTreeNode {
    var node = DeviceTreeNode(name)
    node.set("compatible", .string("syscon-\(name)"))
    node.set("regmap", .cells([.reference(Self.finisher)]))
    node.set("offset", .number(0))
    node.set("value", .number(value))
    return node
  }

  private func peripheral(_ kind: String) -> PeripheralDescription? {
    soc.peripherals.first { $0.kindName == kind }
  }

  private static func name(_ name: String, _ address: UInt64) -> String {
    "\(name)@\(String(address, radix: 16))"
  }
}
