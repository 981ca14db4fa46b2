public import RISCV

/// Measures what the kernels of the runtime firmware cost, by running them.
///
/// The SoC's own program runs on the instruction-set simulator alone: no clock, no devices. Counts
/// are therefore those of the system simulation, instruction by instruction, except
/// - where instructions depend on data that the meter does not know: see ``cost(of:)``;
/// - for kernels beyond the budget, of which parts are run: loops are cut to two numbers of rounds
///   each and the cost is continued linearly, which is exact where rounds cost the same.
public final class KernelMeter {
  /// The memories, in the order of the traffic that costs report.
  public let memories: [MeteredMemory]
  /// Instructions from which on parts of a kernel are run instead of all of it.
  public let budget: Int

  private let machine: FirmwareMachine
  private let table: UInt64
  private let pointerBytes: Int
  private let stackTop: UInt64
  private let globalPointer: UInt64
  private let samples = SampleContents()
  /// Memory that holds what it would hold in the SoC: constants, and results of kernels that were run
  /// whole.
  private var known = KnownMemory()
  /// Ranges that hold dequantised bytes, and the value of their last bit.
  private var scales: [(range: Range<UInt64>, scale: Float)] = []
  private var costs: [MeasuredCall: KernelCost] = [:]

  /// A call and what is known of its operand.
  private struct MeasuredCall: Hashable {
    let call: KernelCall
    let scale: Float?
  }

  /// A kernel that runs longer is taken for one that does not return.
  private static let limit = 4_000_000_000

  /// Prepares measurements of a program.
  ///
  /// - Parameters:
  ///   - program: the runtime firmware, with its symbols.
  ///   - instructionSet: what the core executes.
  ///   - memories: all memories that the core reaches directly.
  ///   - images: what lies in memory besides the program and stays there: a plan's constants. Inputs
  ///     of a network are no constants: their memory is used again.
  ///   - budget: instructions from which on parts of a kernel are run instead of all of it.
  public init(
    program: ELFImage, instructionSet: InstructionSet, memories: [MeteredMemory],
    images: [MemoryImage] = [], budget: Int = 2_000_000
  ) throws(CoreCostError) {
    self.memories = memories
    self.budget = budget
    machine = try FirmwareMachine(
      program: program, instructionSet: instructionSet, memories: memories)
    table = try machine.address(of: "kernels")
    stackTop = try machine.address(of: "__stack_top")
    globalPointer = try machine.address(of: "__global_pointer$")
    pointerBytes = instructionSet.xlen == .rv64 ? 8 : 4
    for image in images { try provide(image) }
  }

  /// Puts known bytes into memory, a network's input for example: kernels that read them are measured
  /// with them, until a kernel overwrites them.
  public func provide(_ image: MemoryImage) throws(CoreCostError) {
    try machine.write(image.bytes, at: image.address)
    known.insert(image.address..<image.address + UInt64(image.bytes.count))
  }

  /// Forgets what memory holds, because a device has written there: operands are pseudo-random
  /// again.
  public func forget(_ range: Range<UInt64>) { known.remove(range) }

  /// What a call of a kernel costs; measured once for equal calls.
  ///
  /// A kernel that is run whole leaves its result for those that read it. Operands whose contents are
  /// not known hold pseudo-random elements; numbers that a kernel has dequantised have the spread
  /// that its scale gives them. So calls are best made in the order of the plan. Instructions depend on
  /// them in: requantisation (a clamped result is up to 5 instructions shorter), greatest elements
  /// of windows and rows (1 for each new greatest), functions (`expf` and the like have branches),
  /// comparisons, leaky ReLU, gathers; and in all floating-point arithmetic of cores without F, all
  /// multiplications of cores without M.
  public func cost(of call: KernelCall) throws(CoreCostError) -> KernelCost {
    guard let kernel = KernelLayout.Identifier(rawValue: call.identifier) else {
      throw .missingKernel(call.identifier)
    }
    let operand = operands(kernel, call.words).first
    let key = MeasuredCall(call: call, scale: operand.flatMap(scale))
    if let cost = costs[key] {
      noteResult(kernel, call.words, isKnown: false)
      return cost
    }
    let cost = try measure(kernel, call.words)
    costs[key] = cost
    noteResult(kernel, call.words, isKnown: !cost.isExtrapolated)
    return cost
  }

  private func operands(
    _ kernel: KernelLayout.Identifier, _ words: [UInt32]
  ) -> [KernelOperand] {
    KernelLayout.operands(kernel, words) { [hart = machine.hart] address in
      hart.peek(UInt64(address), bytes: 4).map { UInt32(truncatingIfNeeded: $0) }
    }
  }

  /// The value of the last bit of an operand that was dequantised.
  private func scale(_ operand: KernelOperand) -> Float? {
    scales.last { $0.range.contains(UInt64(operand.address)) }?.scale
  }

  /// Notes whether the result of a kernel lies in memory, and what that of a dequantisation looks
  /// like.
  private func noteResult(
    _ kernel: KernelLayout.Identifier, _ words: [UInt32], isKnown: Bool
  ) {
    guard let result = KernelLayout.result(kernel, words) else { return }
    let start = UInt64(result.address)
    let range = start..<start + UInt64(result.byteCount)
    if isKnown { known.insert(range) } else { known.remove(range) }
    scales.removeAll { $0.range.overlaps(range) }
    guard kernel == .dequantise,
      let pattern = machine.hart.peek(UInt64(words[4]), bytes: 4)
    else { return }
    let scale = Float(bitPattern: UInt32(truncatingIfNeeded: pattern))
    if scale.isNormal { scales.append((range, scale)) }
  }

  private func measure(
    _ kernel: KernelLayout.Identifier, _ words: [UInt32]
  ) throws(CoreCostError) -> KernelCost {
    let cut = try KernelCut.choose(
      KernelLayout.loops(kernel, words), budget: budget
    ) { rounds throws(CoreCostError) in
      try run(kernel, KernelCut.words(words, rounds)).instructions
    }
    guard let cut else { return try run(kernel, words).cost(isExtrapolated: false) }
    var total = ExtrapolatedCost(memories: memories.count)
    for (weight, rounds) in cut.corners {
      total.add(try run(kernel, KernelCut.words(words, rounds)), weight: weight)
    }
    return total.cost
  }

  // MARK: Running

  /// Runs a kernel with these parameters to its return.
  private func run(
    _ kernel: KernelLayout.Identifier, _ words: [UInt32]
  ) throws(CoreCostError) -> MeasuredCost {
    for operand in operands(kernel, words) { try fill(operand) }
    let parameters = (stackTop - UInt64(4 * words.count)) & ~15
    try machine.write(words, at: parameters)
    let hart = machine.hart
    let place = table + UInt64(Int(kernel.rawValue) * pointerBytes)
    guard let function = hart.peek(place, bytes: pointerBytes), function != 0 else {
      throw .missingKernel(kernel.rawValue)
    }
    hart.reset(pc: function)
    // As start.S leaves them: floating point on, stack and global pointer set.
    hart.writeCSR(CSR.mstatus, 0x6000)
    hart.writeCSR(CSR.mtvec, machine.returnAddress + 4)
    hart[register: 1] = machine.returnAddress
    hart[register: 2] = parameters
    hart[register: 3] = globalPointer
    hart[register: 10] = parameters
    let before = memories.indices.map { hart.traffic(ofRegion: $0) }
    let first = hart.retiredInstructions
    while true {
      let exit = hart.run(budget: Self.limit).exit
      // A hart stops in front of a `wfi`, which depends on the interrupt lines.
      guard exit == .synchronise else { throw failure(exit) }
      if hart.programCounter == machine.returnAddress { break }
    }
    var measured = MeasuredCost(instructions: Int(hart.retiredInstructions - first))
    measured.traffic.reserveCapacity(memories.count)
    for index in memories.indices {
      measured.traffic.append(CoreTraffic(hart.traffic(ofRegion: index), since: before[index]))
    }
    return measured
  }

  private func failure(_ exit: Exit) -> CoreCostError {
    let hart = machine.hart
    if case .budget = exit { return .endless(instructions: Self.limit) }
    // A trap has led to the place behind the return address, where no instruction is.
    let cause = hart.readCSR(CSR.mcause) ?? 0
    if case .doubleFault = exit {
      return .unexpected("exception \(cause)", address: hart.readCSR(CSR.mepc) ?? 0)
    }
    return .unexpected("\(exit)", address: hart.programCounter)
  }

  /// Fills what is not known of an operand.
  private func fill(_ operand: KernelOperand) throws(CoreCostError) {
    guard operand.byteCount > 0 else { return }
    let start = UInt64(operand.address)
    let range = start..<start + UInt64(operand.byteCount)
    if known.contains(range) { return }
    guard let pointer = machine.location(of: start, count: operand.byteCount) else {
      throw .outsideMemory(address: start, byteCount: operand.byteCount)
    }
    samples.fill(
      pointer, count: operand.byteCount, operand.element, scale: scale(operand))
  }
}

extension CoreTraffic {
  init(_ now: MemoryTraffic, since before: MemoryTraffic) {
    loads = Int(now.loads - before.loads)
    stores = Int(now.stores - before.stores)
    loadedBytes = Int(now.loadedBytes - before.loadedBytes)
    storedBytes = Int(now.storedBytes - before.storedBytes)
  }
}
