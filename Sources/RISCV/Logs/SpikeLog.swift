/// Writes what one hart does as text, byte for byte as Spike does: the instruction log (`-l`), the
/// commit log (`--log-commits`), or both.
///
/// For the instruction log call ``appendInstruction(at:encoding:to:)`` before each instruction that
/// could be fetched and ``appendTrap(_:handledIn:to:)`` for each trap; for the commit log
/// ``appendCommit(_:to:)`` after each instruction that retired. Lines end with a line feed.
public struct SpikeLog: Sendable {
  let xlen: XLEN
  private let symbols: SpikeSymbols
  /// `core   0`, as the instruction log pads it.
  private let instructionPrefix: [UInt8]
  /// `core   0: `, as the commit log pads it.
  let commitPrefix: [UInt8]
  /// Disassembly of the encodings seen, since most are seen often.
  private var texts: [UInt64: [UInt8]] = [:]
  private var arrivals = SpikeArrivals()
  /// What the last line of the instruction log was about.
  private var lastPC: UInt64 = 1
  private var lastEncoding: UInt64 = 0
  private var executions = 1
  /// Hexadecimal digits of a floating-point register, as `misa` has it before an instruction.
  var floatDigits: Int

  /// A log of hart number `hart`.
  ///
  /// - Parameters:
  ///   - hart: The hart's number, as in `mhartid`.
  ///   - instructionSet: The hart's instruction set at reset.
  ///   - symbols: The names to announce in the instruction log.
  public init(hart: Int, instructionSet: InstructionSet, symbols: SpikeSymbols = SpikeSymbols()) {
    xlen = instructionSet.xlen
    self.symbols = symbols
    let number = String(hart)
    func padded(_ width: Int) -> String {
      String(repeating: " ", count: max(0, width - number.count)) + number
    }
    instructionPrefix = [UInt8]("core \(padded(3))".utf8)
    commitPrefix = [UInt8]("core\(padded(4)): ".utf8)
    floatDigits = instructionSet.extensions.contains(.d) ? 16 : 8
  }

  /// Hexadecimal digits of an address or integer register.
  var digits: Int { xlen == .rv32 ? 8 : 16 }

  /// Bytes of the encoding whose first 16 bits are `parcel`, as far as Spike reads it: 2, 4, 6 or,
  /// also for longer ones, 8.
  public static func encodingLength(_ parcel: UInt16) -> Int {
    if parcel & 3 != 3 { return 2 }
    if parcel & 0x1f != 0x1f { return 4 }
    return parcel & 0x3f != 0x3f ? 6 : 8
  }

  /// The lines before an instruction: the symbol it stands at, if any, and its disassembly.
  ///
  /// An instruction that is executed again and again without another one in between is shown
  /// once; the line `Executed N times` follows when another one comes.
  ///
  /// - Parameters:
  ///   - pc: The instruction's address, zero extended.
  ///   - encoding: All of its ``encodingLength(_:)`` bytes, zero extended.
  ///   - output: The text to extend.
  public mutating func appendInstruction(
    at pc: UInt64, encoding: UInt64, to output: inout [UInt8]
  ) {
    arrivals.retire()
    let isNamed = arrivals.begin(encoding, at: pc, xlen)
    guard pc != lastPC || encoding != lastEncoding else {
      executions += 1
      return
    }
    if isNamed, let name = symbols.name(at: pc) {
      output.append(contentsOf: instructionPrefix)
      output.append(text: ": >>>>  ")
      output.append(contentsOf: name)
      output.append(0x0a)
    }
    if executions != 1 {
      output.append(contentsOf: instructionPrefix)
      output.append(text: ": Executed ")
      output.append(decimal: executions)
      output.append(text: " times\n")
    }
    output.append(contentsOf: instructionPrefix)
    output.append(text: ": 0x")
    output.append(hexadecimal: pc, digits: digits)
    output.append(text: " (0x")
    output.append(hexadecimal: encoding, atLeast: 8)
    output.append(text: ") ")
    output.append(contentsOf: disassembly(encoding))
    output.append(0x0a)
    lastPC = pc
    lastEncoding = encoding
    executions = 1
  }

  /// The lines of an exception or interrupt: its name, where it happened, and its value if the
  /// cause has one.
  ///
  /// - Parameters:
  ///   - trap: The trap.
  ///   - mode: The mode of the handler.
  ///   - output: The text to extend.
  public mutating func appendTrap(
    _ trap: Trap, handledIn mode: PrivilegeMode, to output: inout [UInt8]
  ) {
    arrivals.trap(trap, handledIn: mode)
    output.append(contentsOf: instructionPrefix)
    output.append(text: ": exception ")
    output.append(contentsOf: trap.cause.spikeName.utf8)
    output.append(text: ", epc 0x")
    output.append(hexadecimal: trap.programCounter, digits: digits)
    output.append(0x0a)
    guard trap.cause.hasTrapValue else { return }
    output.append(contentsOf: instructionPrefix)
    output.append(text: ":           tval 0x")
    output.append(hexadecimal: trap.value, digits: digits)
    output.append(0x0a)
  }

  /// The text of an encoding, kept for the next time.
  private mutating func disassembly(_ encoding: UInt64) -> [UInt8] {
    if let text = texts[encoding] { return text }
    // Programs that write their own instructions must not fill the memory.
    if texts.count >= 1 << 16 { texts.removeAll(keepingCapacity: true) }
    let instructionSet = InstructionSet(xlen: xlen, extensions: [])
    let text = [UInt8](
      disassemble(UInt32(truncatingIfNeeded: encoding), instructionSet: instructionSet).utf8)
    texts[encoding] = text
    return text
  }
}
