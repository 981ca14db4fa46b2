/// A plan as it lies in memory, word by word as the manual page of the runtime describes it.
struct PlanImageReader {
  struct Command {
    let tag: Int
    let waits: [(engine: Int, count: Int)]
    /// Write groups, or the number of the kernel.
    let upper: Int
    let body: [UInt32]

    /// What is written to registers.
    var writes: [(offset: UInt32, value: UInt32)] {
      var writes: [(offset: UInt32, value: UInt32)] = []
      var index = 0
      for _ in 0..<upper {
        let group = body[index]
        index += 1
        for position in 0..<group >> 16 {
          writes.append((group & 0xFFFF + 4 * position, body[index]))
          index += 1
        }
      }
      return writes
    }
  }

  struct Engine {
    let base: UInt32
    let source: UInt32
    let kind: UInt32
    let name: String
    let commands: [Command]
  }

  let engines: [Engine]
  let tags: [String]

  private let bytes: [UInt8]
  private let address: UInt32

  init(_ bytes: [UInt8], at address: UInt32) throws {
    self.bytes = bytes
    self.address = address
    let words = bytes.withUnsafeBytes { source in
      stride(from: 0, to: source.count / 4 * 4, by: 4).map {
        source.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
      }
    }
    func index(_ place: UInt32) throws -> Int {
      guard place >= address, (place - address) % 4 == 0, Int(place - address) / 4 <= words.count
      else { throw PlanFailure("0x\(String(place, radix: 16)) is not in the plan") }
      return Int(place - address) / 4
    }
    func text(_ place: UInt32) throws -> String {
      guard place >= address, Int(place - address) < bytes.count else {
        throw PlanFailure("a name outside of the plan")
      }
      return String(
        decoding: bytes[Int(place - address)...].prefix { $0 != 0 }, as: UTF8.self)
    }
    guard address % 64 == 0, words.count >= 8, words[0] == 0x5043_4C46, words[1] == 1,
      words[2] == bytes.count
    else { throw PlanFailure("no header of a plan") }
    var engines: [Engine] = []
    for number in 0..<Int(words[3]) {
      let record = try index(words[4]) + 8 * number
      var place = try index(words[record + 3])
      var commands: [Command] = []
      for _ in 0..<words[record + 4] {
        let end = place + Int(words[place])
        guard end <= words.count else { throw PlanFailure("a command behind the plan's end") }
        let waits = Int(words[place + 2] & 0xFFFF)
        commands.append(
          Command(
            tag: Int(words[place + 1]),
            waits: words[place + 3..<place + 3 + waits].map {
              (Int($0 >> 24), Int($0 & 0xFF_FFFF))
            }, upper: Int(words[place + 2] >> 16), body: Array(words[place + 3 + waits..<end])))
        place = end
      }
      engines.append(
        Engine(
          base: words[record], source: words[record + 1], kind: words[record + 2],
          name: try text(words[record + 5]), commands: commands))
    }
    self.engines = engines
    let table = try index(words[6])
    tags = try (0..<Int(words[5])).map { try text(words[table + $0]) }
  }

  /// Expects every wait to name an engine and a number of commands that it has, no command to wait for its own engine's
  /// future, and every tag to be there.
  func validate() throws {
    for (number, engine) in engines.enumerated() {
      for (position, command) in engine.commands.enumerated() {
        guard command.tag <= tags.count else { throw PlanFailure("tag \(command.tag)") }
        for wait in command.waits {
          guard engines.indices.contains(wait.engine), wait.count >= 1,
            wait.count <= engines[wait.engine].commands.count,
            wait.engine != number || wait.count <= position
          else {
            throw PlanFailure(
              "\(engine.name), command \(position): waits for \(wait.count) commands of engine "
                + "\(wait.engine)")
          }
        }
        guard
          engine.kind == 0
            || command.writes.last.map({ $0.offset == 0 && $0.value & 1 == 1 })
              == true
        else { throw PlanFailure("\(engine.name), command \(position): starts nothing") }
      }
    }
  }
}
