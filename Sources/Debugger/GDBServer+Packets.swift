extension GDBServer {
  /// Answers one packet. What is not known gets the empty reply, as the protocol demands.
  func handle(_ packet: [UInt8]) {
    guard let letter = packet.first else { return reply("") }
    let rest = packet.dropFirst()
    switch letter {
    case UInt8(ascii: "?"): reply(stopReply(lastStop))
    case UInt8(ascii: "g"): readRegisters()
    case UInt8(ascii: "G"): writeRegisters(rest)
    case UInt8(ascii: "p"): readRegister(rest)
    case UInt8(ascii: "P"): writeRegister(rest)
    case UInt8(ascii: "m"): readMemory(rest)
    case UInt8(ascii: "M"): writeMemory(rest, isBinary: false)
    case UInt8(ascii: "X"): writeMemory(rest, isBinary: true)
    case UInt8(ascii: "Z"): changeStopPoint(rest, isInsertion: true)
    case UInt8(ascii: "z"): changeStopPoint(rest, isInsertion: false)
    case UInt8(ascii: "c"), UInt8(ascii: "s"): resume(.init(letter), address: rest)
    case UInt8(ascii: "C"), UInt8(ascii: "S"):
      // A signal means nothing to a hart; an address may follow it.
      let address = rest.firstIndex(of: UInt8(ascii: ";")).map { rest[($0 + 1)...] } ?? []
      resume(.init(letter), address: address)
    case UInt8(ascii: "H"): selectThread(rest)
    case UInt8(ascii: "T"):
      let number = threadNumber(rest)
      reply(target.threads.contains { $0.number == number } ? "OK" : "E01")
    case UInt8(ascii: "D"):
      reply("OK")
      end = .detached
    case UInt8(ascii: "k"): end = .killed
    case UInt8(ascii: "q"), UInt8(ascii: "Q"): query(packet)
    case UInt8(ascii: "v"): handleNamed(packet)
    default: reply("")
    }
  }

  private func handleNamed(_ packet: [UInt8]) {
    if packet.elementsEqual("vCont?".utf8) { return reply("vCont;c;C;s;S;r") }
    if packet.starts(with: "vCont;".utf8) { return resume(list: packet.dropFirst(6)) }
    if packet.starts(with: "vKill".utf8) {
      reply("OK")
      end = .killed
      return
    }
    reply("")
  }

  // MARK: Threads

  /// The number in a thread identifier; 0 means any, -1 all, nil nonsense.
  func threadNumber(_ text: some Collection<UInt8>) -> Int? {
    if text.elementsEqual("-1".utf8) { return -1 }
    return Hexadecimal.number(text).flatMap { Int(exactly: $0) }
  }

  private func selectThread(_ text: ArraySlice<UInt8>) {
    guard let operation = text.first, let number = threadNumber(text.dropFirst()),
      number <= 0 || target.threads.contains(where: { $0.number == number })
    else { return reply("E01") }
    switch operation {
    case UInt8(ascii: "g"): if number > 0 { thread = number }
    case UInt8(ascii: "c"): resumedThread = number > 0 ? number : nil
    default: return reply("E01")
    }
    reply("OK")
  }

  // MARK: Registers

  private func readRegisters() {
    let architecture = target.architecture
    var text: [UInt8] = []
    for number in 0...32 {
      guard let register = DebugRegister(number: number) else { continue }
      text += encoded(register, architecture)
    }
    reply(text)
  }

  /// A register as it travels; `x` digits stand for a value that cannot be had.
  private func encoded(_ register: DebugRegister, _ architecture: TargetArchitecture) -> [UInt8] {
    let bytes = TargetDescription.bytes(of: register, architecture)
    guard let value = target.readRegister(register, thread: thread) else {
      return Array(repeating: UInt8(ascii: "x"), count: 2 * bytes)
    }
    return Hexadecimal.littleEndian(value, bytes: bytes)
  }

  private func writeRegisters(_ text: ArraySlice<UInt8>) {
    let size = target.architecture.xlen / 8
    guard let bytes = Hexadecimal.decode(text), bytes.count >= 33 * size else {
      return reply("E01")
    }
    for number in 0...32 {
      guard let register = DebugRegister(number: number) else { continue }
      let value = Hexadecimal.value(littleEndian: bytes[number * size..<(number + 1) * size])
      guard target.writeRegister(register, thread: thread, to: value) else { return reply("E02") }
    }
    reply("OK")
  }

  private func readRegister(_ text: ArraySlice<UInt8>) {
    guard let register = register(text) else { return reply("E01") }
    let value = encoded(register, target.architecture)
    // An f register where there are none has no digits.
    reply(value.isEmpty ? Array("E01".utf8) : value)
  }

  private func writeRegister(_ text: ArraySlice<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: "="), maxSplits: 1)
    guard parts.count == 2, let register = register(parts[0]),
      let bytes = Hexadecimal.decode(parts[1]), (1...8).contains(bytes.count)
    else { return reply("E01") }
    let value = Hexadecimal.value(littleEndian: bytes)
    reply(target.writeRegister(register, thread: thread, to: value) ? "OK" : "E02")
  }

  private func register(_ text: ArraySlice<UInt8>) -> DebugRegister? {
    Hexadecimal.number(text).flatMap { Int(exactly: $0) }.flatMap(DebugRegister.init(number:))
  }

  // MARK: Memory

  /// The two numbers of `ADDRESS,LENGTH`.
  func addressAndLength(_ text: ArraySlice<UInt8>) -> (address: UInt64, length: UInt64)? {
    let parts = text.split(
      separator: UInt8(ascii: ","), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let address = Hexadecimal.number(parts[0]),
      let length = Hexadecimal.number(parts[1])
    else { return nil }
    return (address, length)
  }

  private func readMemory(_ text: ArraySlice<UInt8>) {
    guard let (address, length) = addressAndLength(text) else { return reply("E01") }
    // A reply may hold less than was asked for.
    let count = Int(min(length, UInt64(Packet.sizeLimit / 2 - 16)))
    let bytes = target.readMemory(at: address, count: count, thread: thread)
    reply(bytes.isEmpty && length > 0 ? Array("E01".utf8) : Hexadecimal.encode(bytes))
  }

  private func writeMemory(_ text: ArraySlice<UInt8>, isBinary: Bool) {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
      let (address, length) = addressAndLength(text[..<colon])
    else { return reply("E01") }
    let data = text[(colon + 1)...]
    guard let bytes = isBinary ? Array(data) : Hexadecimal.decode(data),
      UInt64(bytes.count) == length
    else { return reply("E01") }
    guard !bytes.isEmpty else { return reply("OK") }
    reply(target.writeMemory(bytes, at: address, thread: thread) ? "OK" : "E01")
  }

  // MARK: Stop points

  private func changeStopPoint(_ text: ArraySlice<UInt8>, isInsertion: Bool) {
    // Conditions and commands may follow a semicolon; they were never offered.
    let fields = text.prefix { $0 != UInt8(ascii: ";") }
    guard let kind = fields.first, fields.dropFirst().first == UInt8(ascii: ","),
      let (address, length) = addressAndLength(fields.dropFirst(2))
    else { return reply("E01") }
    let point: StopPoint
    switch kind {
    case UInt8(ascii: "0"): point = .breakpoint(address, hardware: false)
    case UInt8(ascii: "1"): point = .breakpoint(address, hardware: true)
    case UInt8(ascii: "2"): point = .watchpoint(.write, address: address, length: length)
    case UInt8(ascii: "3"): point = .watchpoint(.read, address: address, length: length)
    case UInt8(ascii: "4"): point = .watchpoint(.access, address: address, length: length)
    default: return reply("")
    }
    if isInsertion {
      guard points.count < Self.pointLimit, target.insert(point) else { return reply("E03") }
      points.insert(point)
    } else {
      target.remove(point)
      points.remove(point)
    }
    reply("OK")
  }
}
