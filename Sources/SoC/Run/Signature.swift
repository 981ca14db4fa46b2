internal import Fabric
internal import RISCV

extension System {
  /// The signature of a conformance test: memory from the symbol `begin_signature` to
  /// `end_signature`, as text.
  ///
  /// One line per granule, lower-case hexadecimal, the byte of the highest address first, as Spike
  /// and riscv-arch-test write it; an incomplete granule at the end is filled with zeros.
  ///
  /// - Parameter granularity: bytes per line, above 0.
  /// - Throws: ``SystemError`` when the program lacks a symbol or the memory between is none.
  public func signature(granularity: Int) throws(SystemError) -> String {
    precondition(granularity > 0, "a line of a signature has bytes")
    guard let program else { throw .build(path: "signature", reason: "there is no program") }
    func address(_ symbol: String) throws(SystemError) -> UInt64 {
      if let address = program.image.address(of: symbol) { return address }
      throw .program(
        path: program.path,
        reason: "no signature: the program has no symbol '\(symbol)' "
          + "(it lies between 'begin_signature' and 'end_signature')")
    }
    let (begin, end) = (try address("begin_signature"), try address("end_signature"))
    guard begin <= end else {
      throw .program(
        path: program.path,
        reason: "no signature: begin_signature \(begin.hexadecimal) lies behind end_signature "
          + "\(end.hexadecimal)")
    }
    guard end - begin <= UInt64(Int.max),
      let store = stores.values.first(where: { $0.contains(begin, count: Int(end - begin)) })
    else {
      throw .program(
        path: program.path,
        reason: "no signature: \(begin.hexadecimal)…\(end.hexadecimal) lies in no memory")
    }
    let bytes = store.read(at: begin, count: Int(end - begin))
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: granularity) {
      for index in (start..<start + granularity).reversed() {
        let byte = index < bytes.count ? bytes[index] : 0
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
      text.append(UInt8(ascii: "\n"))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
