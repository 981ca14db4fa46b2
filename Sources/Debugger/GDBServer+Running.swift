extension ResumeAction {
  /// The action of a packet or of an element of `vCont`: `s` and `S` step, others run.
  init(_ letter: UInt8) {
    self = letter == UInt8(ascii: "s") || letter == UInt8(ascii: "S") ? .step : .run
  }
}

extension GDBServer {
  /// The packets `c`, `s`, `C` and `S`, with the address to go on from, if there is one.
  func resume(_ action: ResumeAction, address: ArraySlice<UInt8>) {
    let chosen = resumedThread ?? thread
    if !address.isEmpty {
      guard let value = Hexadecimal.number(address),
        target.writeRegister(.programCounter, thread: chosen, to: value)
      else { return reply("E01") }
    }
    report(run(everybody.merging([chosen: action]) { $1 }))
  }

  /// `vCont;ACTION[:THREAD];…`: the first element that names a thread, or none, counts for it.
  func resume(list: ArraySlice<UInt8>) {
    var actions: [Int: ResumeAction] = [:]
    let threads = target.threads.map(\.number)
    for element in list.split(separator: UInt8(ascii: ";")) {
      let parts = element.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard let text = parts.first, let action = action(text) else { return reply("E01") }
      var concerned = threads
      if parts.count == 2 {
        guard let number = threadNumber(parts[1]) else { return reply("E01") }
        if number == 0 { concerned = [thread] }
        if number > 0 { concerned = threads.filter { $0 == number } }
        if concerned.isEmpty { return reply("E01") }
      }
      for number in concerned where actions[number] == nil { actions[number] = action }
    }
    guard !actions.isEmpty else { return reply("E01") }
    report(run(actions))
  }

  /// Every hart runs.
  var everybody: [Int: ResumeAction] {
    Dictionary(uniqueKeysWithValues: target.threads.map { ($0.number, .run) })
  }

  private func action(_ text: ArraySlice<UInt8>) -> ResumeAction? {
    switch text.first {
    case UInt8(ascii: "c"), UInt8(ascii: "s"): text.count == 1 ? .init(text[text.startIndex]) : nil
    case UInt8(ascii: "C"), UInt8(ascii: "S"): .init(text[text.startIndex])
    case UInt8(ascii: "r"):
      addressAndLength(text.dropFirst()).flatMap { low, high in
        low <= high ? .stepWithin(low..<high) : nil
      }
    default: nil
    }
  }

  /// Tells the client about a stop.
  private func report(_ event: StopEvent) {
    if case .ended(_, let text) = event.reason { show("\(text)\n") }
    reply(stopReply(event))
    if case .exited = event.reason { end = end ?? .exited }
  }

  /// The packet that describes a stop.
  func stopReply(_ event: StopEvent) -> String {
    var signal = 5
    var detail = ""
    switch event.reason {
    case .breakpoint(let isHardware):
      if isHardware, reportsHardwareBreakpoints { detail = "hwbreak:;" }
      if !isHardware, reportsSoftwareBreakpoints { detail = "swbreak:;" }
    case .watchpoint(let kind, let address):
      let name =
        switch kind {
        case .write: "watch"
        case .read: "rwatch"
        case .access: "awatch"
        }
      detail = "\(name):\(Hexadecimal.text(address));"
    case .step: break
    case .interrupt: signal = 2
    case .ended(let kind, _):
      // GDB's numbers of SIGSEGV, SIGSTOP and SIGXCPU.
      signal =
        switch kind {
        case .unhandledTrap: 11
        case .deadlock: 17
        case .limit: 24
        }
    case .exited(let code): return "W" + hexadecimalByte(code)
    }
    let bytes = target.architecture.xlen / 8
    var text = "T" + hexadecimalByte(UInt8(signal)) + detail
    if let pc = target.readRegister(.programCounter, thread: event.thread) {
      text += "20:" + String(decoding: Hexadecimal.littleEndian(pc, bytes: bytes), as: UTF8.self)
      text += ";"
    }
    return text + "thread:\(Hexadecimal.text(UInt64(max(1, event.thread))));"
  }

  private func hexadecimalByte(_ value: UInt8) -> String {
    String(decoding: Hexadecimal.encode([value]), as: UTF8.self)
  }
}
