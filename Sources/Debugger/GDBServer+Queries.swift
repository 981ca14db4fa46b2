extension GDBServer {
  /// The packets `q…` and `Q…`.
  func query(_ packet: [UInt8]) {
    let name = packet.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") }
    let arguments = packet.dropFirst(name.count + 1)
    switch String(decoding: name, as: UTF8.self) {
    case "qSupported": introduce(arguments)
    case "QStartNoAckMode": stopAcknowledging()
    case "qXfer": transfer(arguments)
    case "qC": reply("QC" + Hexadecimal.text(UInt64(thread)))
    case "qAttached": reply("1")
    case "qfThreadInfo":
      reply(
        "m" + target.threads.map { Hexadecimal.text(UInt64($0.number)) }.joined(separator: ","))
    case "qsThreadInfo": reply("l")
    case "qThreadExtraInfo": describeThread(arguments)
    case "qSymbol": reply("OK")
    case "QNonStop": reply(arguments.elementsEqual("0".utf8) ? "OK" : "E01")
    case "qRcmd": monitor(arguments)
    case "qCRC": checksum(arguments)
    default: reply("")
    }
  }

  private func introduce(_ features: ArraySlice<UInt8>) {
    for feature in features.split(separator: UInt8(ascii: ";")) {
      if feature.elementsEqual("swbreak+".utf8) { reportsSoftwareBreakpoints = true }
      if feature.elementsEqual("hwbreak+".utf8) { reportsHardwareBreakpoints = true }
    }
    reply(
      "PacketSize=\(Hexadecimal.text(UInt64(Packet.sizeLimit)));QStartNoAckMode+;vContSupported+;"
        + "swbreak+;hwbreak+;qXfer:features:read+;qXfer:threads:read+")
  }

  private func describeThread(_ text: ArraySlice<UInt8>) {
    let number = threadNumber(text)
    guard let thread = target.threads.first(where: { $0.number == number }) else {
      return reply("E01")
    }
    reply(Hexadecimal.encode("\(thread.name): \(thread.detail)".utf8))
  }

  // MARK: Documents in pieces

  /// `OBJECT:read:ANNEX:OFFSET,LENGTH`.
  private func transfer(_ text: ArraySlice<UInt8>) {
    let parts = text.split(
      separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1].elementsEqual("read".utf8),
      let (offset, length) = addressAndLength(parts[3])
    else { return reply("E00") }
    let document: [UInt8]
    switch (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[2], as: UTF8.self)) {
    case ("features", "target.xml"): document = targetDescription
    case ("threads", ""): document = Array(threadList.utf8)
    case ("features", _), ("threads", _): return reply("E00")
    default: return reply("")
    }
    guard offset < UInt64(document.count) else { return reply("l") }
    // Half of the limit, because every byte may need an escape.
    let count = Int(min(length, UInt64(Packet.sizeLimit / 2)))
    let piece = document.dropFirst(Int(offset)).prefix(count)
    let isLast = Int(offset) + piece.count == document.count
    reply([UInt8(ascii: isLast ? "l" : "m")] + piece)
  }

  private var threadList: String {
    var text = "<?xml version=\"1.0\"?>\n<threads>\n"
    for thread in target.threads {
      text += "<thread id=\"\(Hexadecimal.text(UInt64(thread.number)))\" "
      text += "core=\"\(thread.number - 1)\" name=\"\(TargetDescription.escaped(thread.name))\">"
      text += "\(TargetDescription.escaped(thread.detail))</thread>\n"
    }
    return text + "</threads>\n"
  }

  // MARK: Comparing memory

  /// The most bytes whose checksum is computed, so that a wrong request ends soon.
  private static let checksumLimit: UInt64 = 1 << 28

  private func checksum(_ text: ArraySlice<UInt8>) {
    guard let (address, length) = addressAndLength(text), length <= Self.checksumLimit else {
      return reply("E01")
    }
    var crc = UInt32.max
    var offset: UInt64 = 0
    while offset < length {
      let count = Int(min(length - offset, 4096))
      let bytes = target.readMemory(at: address &+ offset, count: count, thread: thread)
      guard bytes.count == count else { return reply("E01") }
      for byte in bytes {
        crc ^= UInt32(byte) << 24
        for _ in 0..<8 { crc = crc >> 31 == 1 ? crc << 1 ^ 0x04c1_1db7 : crc << 1 }
      }
      offset += UInt64(count)
    }
    reply("C" + Hexadecimal.text(UInt64(crc)))
  }
}
