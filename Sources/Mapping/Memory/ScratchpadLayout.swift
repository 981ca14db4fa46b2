internal import Networks

/// What the scratchpads are used for: feature maps that stay on the chip, and buffers through which weights and pieces of
/// feature maps pass.
struct ScratchpadLayout {
  private(set) var memory: MemoryPlan
  /// By array.
  private(set) var inputs: [String: StagingBuffers] = [:]
  private(set) var weights: [String: StagingBuffers] = [:]
  private(set) var inputMemory = ""
  private(set) var weightMemory = ""

  /// The part of the scratchpad that pieces of feature maps pass through, when there are any.
  private static let stagingShare = 2

  init(
    _ platform: Platform, _ steps: [MappingStep], _ placement: ValuePlacement,
    _ main: Platform.Memory
  ) throws(NetworkError) {
    var used: [Platform.Array] = []
    for step in steps {
      guard case .array(_, let index, _) = step else { continue }
      let array = platform.arrays[index]
      if !used.contains(where: { $0.device.name == array.device.name }) { used.append(array) }
    }
    let mainArena = MemoryPlan.Arena(
      memory: main.name, base: main.base, byteCount: main.byteCount)
    let pads = platform.scratchpads
    guard let pad = pads.first else {
      memory = try MemoryPlan(
        placement.buffers, scratchpad: nil, main: mainArena, prefersMain: [])
      return
    }
    inputMemory = pad.name
    var features = MemoryPlan.Arena(memory: pad.name, base: pad.base, byteCount: pad.byteCount)
    let loading = used.filter { $0.load != nil }
    if !loading.isEmpty {
      if pads.count > 1 {
        weightMemory = pads[1].name
        weights = Self.split(
          pads[1].name, pads[1].base, pads[1].byteCount, among: loading)
      } else {
        weightMemory = pad.name
        features.byteCount = pad.byteCount / 2 / 256 * 256
        weights = Self.split(
          pad.name, features.base + UInt32(features.byteCount),
          pad.byteCount - features.byteCount, among: loading)
      }
    }
    memory = try MemoryPlan(
      placement.buffers, scratchpad: features, main: mainArena, prefersMain: [])
    let largest = largestStaged(steps, placement, main)
    guard largest > 0, !loading.isEmpty, main.isDRAM else { return }
    let share = features.byteCount / Self.stagingShare
    let wanted = min(share, 2 * loading.count * (largest + 1).alignedToBus) / 512 * 512
    features.byteCount -= wanted
    inputs = Self.split(
      pad.name, features.base + UInt32(features.byteCount), wanted, among: loading)
    memory = try MemoryPlan(
      placement.buffers, scratchpad: features, main: mainArena, prefersMain: [])
  }

  private static func split(
    _ name: String, _ base: UInt32, _ bytes: Int, among arrays: [Platform.Array]
  ) -> [String: StagingBuffers] {
    let share = bytes / arrays.count / 256 * 256
    var result: [String: StagingBuffers] = [:]
    for (index, array) in arrays.enumerated() {
      result[array.device.name] = StagingBuffers(
        memory: name, address: base + UInt32(index * share), byteCount: share)
    }
    return result
  }

  /// Bytes of the largest input of an array layer that lies off the chip.
  private func largestStaged(
    _ steps: [MappingStep], _ placement: ValuePlacement, _ main: Platform.Memory
  ) -> Int {
    var largest = 0
    for step in steps {
      guard case .array(let layer, _, _) = step, let place = placement.places[layer.input],
        memory.regions[place.buffer].memory == main.name
      else { continue }
      largest = max(largest, placement.buffers[place.buffer].byteCount)
    }
    return largest
  }
}
