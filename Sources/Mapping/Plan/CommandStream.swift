/// Something that carries out commands in order: the core, a DMA, an array, a vector unit.
struct Engine {
  /// How the runtime learns what is finished.
  enum Kind: UInt32 {
    case core = 0
    /// STATUS.QUEUED says what is left.
    case dma = 1
    /// JOBS counts.
    case job = 2
  }

  let name: String
  let kind: Kind
  let device: Platform.Device?
  fileprivate(set) var commands: [[UInt32]] = []
  /// What each of them makes the engine do.
  fileprivate(set) var work: [(work: CommandWork, layer: Int)] = []
  /// What registers hold, so that equal values need not be written again.
  fileprivate var shadow: [UInt32: UInt32] = [:]
}

/// "Not before this engine has completed so many commands."
struct Wait: Hashable {
  let engine: Int
  let count: Int
}

/// Values for consecutive registers.
struct RegisterWrite {
  let offset: UInt32
  let values: [UInt32]
  /// Written even when the register holds the value already: registers that start something, and those that the device
  /// changes itself.
  let isAlways: Bool

  init(_ offset: UInt32, _ values: [UInt32], always: Bool = false) {
    self.offset = offset
    self.values = values
    isAlways = always
  }
}

/// The commands of all engines, in the order in which each carries them out.
struct CommandStream {
  static let core = 0
  /// Which layer of the plan commands are added for.
  var layer = 0
  private(set) var engines: [Engine]
  private var indices: [String: Int] = [:]
  private(set) var tags: [String] = []
  private var tagIndices: [String: Int] = [:]

  init() {
    engines = [Engine(name: "core", kind: .core, device: nil)]
  }

  /// The engine for a device; made when it is first asked for.
  mutating func engine(_ device: Platform.Device, _ kind: Engine.Kind) -> Int {
    if let index = indices[device.name] { return index }
    engines.append(Engine(name: device.name, kind: kind, device: device))
    indices[device.name] = engines.count - 1
    return engines.count - 1
  }

  /// Commands an engine has so far.
  func count(_ engine: Int) -> Int { engines[engine].commands.count }

  private mutating func tag(_ name: String?) -> UInt32 {
    guard let name else { return 0 }
    if let index = tagIndices[name] { return UInt32(index + 1) }
    tags.append(name)
    tagIndices[name] = tags.count - 1
    return UInt32(tags.count)
  }

  private func words(_ waits: [Wait], for engine: Int) -> [UInt32] {
    // Of several waits for one engine the last one says it all.
    var latest: [Int: Int] = [:]
    for wait in waits where wait.count > 0 {
      latest[wait.engine] = max(latest[wait.engine] ?? 0, wait.count)
    }
    return latest.sorted { $0.key < $1.key }.map { UInt32($0.key << 24 | $0.value) }
  }

  /// Adds a command for a device. The last write starts it.
  ///
  /// - Returns: the wait for its completion.
  @discardableResult
  mutating func add(
    _ engine: Int, tag name: String? = nil, waits: [Wait], _ writes: [RegisterWrite],
    work: CommandWork
  ) -> Wait {
    var groups: [UInt32] = []
    var count: UInt32 = 0
    for write in writes {
      let isHeld = write.values.enumerated().allSatisfy { index, value in
        engines[engine].shadow[write.offset + UInt32(4 * index)] == value
      }
      if isHeld, !write.isAlways { continue }
      for (index, value) in write.values.enumerated() where !write.isAlways {
        engines[engine].shadow[write.offset + UInt32(4 * index)] = value
      }
      groups.append(write.offset | UInt32(write.values.count) << 16)
      groups += write.values
      count += 1
    }
    return append(engine, name, waits, count, groups, work)
  }

  /// Adds a kernel for the core.
  @discardableResult
  mutating func add(kernel: CoreKernel, tag name: String?, waits: [Wait]) -> Wait {
    append(Self.core, name, waits, kernel.identifier, kernel.words, .kernel(kernel))
  }

  private mutating func append(
    _ engine: Int, _ name: String?, _ waits: [Wait], _ upper: UInt32, _ body: [UInt32],
    _ work: CommandWork
  ) -> Wait {
    let waits = words(waits, for: engine)
    let size = 3 + waits.count + body.count
    engines[engine].commands.append(
      [UInt32(size), tag(name), UInt32(waits.count) | upper << 16] + waits + body)
    engines[engine].work.append((work, layer))
    return Wait(engine: engine, count: engines[engine].commands.count)
  }
}
