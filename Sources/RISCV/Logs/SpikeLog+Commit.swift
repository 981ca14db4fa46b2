extension SpikeLog {
  /// The line of an instruction that retired: mode, address, encoding, registers written in the
  /// order of Spike's keys, memory accesses.
  ///
  /// Of several writes to one register only the last is shown.
  public mutating func appendCommit(_ retired: Retired, to output: inout [UInt8]) {
    output.append(contentsOf: commitPrefix)
    output.append(0x30 + retired.privilege.rawValue)
    output.append(text: " 0x")
    output.append(hexadecimal: retired.programCounter, digits: digits)
    output.append(text: " (0x")
    let word = UInt64(retired.word)
    output.append(hexadecimal: word, digits: word & 3 == 3 ? 8 : 4)
    output.append(0x29)
    appendWrites(retired.writes, to: &output)
    if let load = retired.load { appendAccess(load, to: &output) }
    if let store = retired.store { appendAccess(store, to: &output) }
    output.append(0x0a)
  }

  private mutating func appendWrites(_ writes: [RegisterWrite], to output: inout [UInt8]) {
    if writes.isEmpty { return }
    if writes.count == 1 { return appendWrite(writes[0], to: &output) }
    // Hardly ever more than two: selecting the next key each time beats sorting.
    var last = 0
    while let next = writes.lazy.map({ Self.key($0) }).filter({ $0 > last }).min() {
      if let write = writes.last(where: { Self.key($0) == next }) {
        appendWrite(write, to: &output)
      }
      last = next
    }
  }

  /// The number of a register and, in four bits, its file: what Spike sorts by. x0 has 0.
  private static func key(_ write: RegisterWrite) -> Int {
    write.number << 4 | Int(write.file.rawValue)
  }

  private mutating func appendWrite(_ write: RegisterWrite, to output: inout [UInt8]) {
    switch write.file {
    case .integer:
      if write.number == 0 { return }
      output.append(text: " x")
      appendNumber(write.number, to: &output)
      output.append(hexadecimal: write.value, digits: digits)
    case .float:
      output.append(text: " f")
      appendNumber(write.number, to: &output)
      output.append(hexadecimal: write.value, digits: floatDigits)
    case .control:
      output.append(text: " c")
      output.append(decimal: write.number)
      output.append(0x5f)
      output.append(contentsOf: csrName(UInt16(truncatingIfNeeded: write.number)).utf8)
      output.append(text: " 0x")
      output.append(hexadecimal: write.value, digits: digits)
      // From the next instruction on: `misa` decides how wide the f registers are.
      if write.number == 0x301 { floatDigits = write.value >> 3 & 1 != 0 ? 16 : 8 }
    }
  }

  /// A register number in at least two columns, and the prefix of the value.
  private func appendNumber(_ number: Int, to output: inout [UInt8]) {
    output.append(decimal: number)
    if number < 10 { output.append(0x20) }
    output.append(text: " 0x")
  }

  private func appendAccess(_ access: MemoryAccess, to output: inout [UInt8]) {
    output.append(text: " mem 0x")
    output.append(hexadecimal: access.address, digits: digits)
    guard access.isStore else { return }
    output.append(text: " 0x")
    output.append(hexadecimal: access.value, digits: 2 * access.bytes)
  }
}
