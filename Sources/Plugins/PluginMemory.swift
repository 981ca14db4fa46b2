internal import CPlugin
public import MemoryModels
public import SimKernel
public import Telemetry

/// The timing of a memory that a plug-in library models.
public final class PluginMemoryModel: ExternalMemoryModel {
  private let instance: PluginInstance
  private let access:
    @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<flecsim_memory_access>?) -> Int32
  private let path: String
  private let fail: (String) -> Void

  /// Creates an instance.
  ///
  /// - Parameters:
  ///   - parameters: in the order of the kind's parameters.
  ///   - fail: ends the run because the plug-in broke the rules.
  /// - Throws: ``PluginError`` when the plug-in cannot create an instance.
  public init(
    path: String, library: PluginLibrary, parameters: [Int64], site: ModuleSite,
    fail: @escaping (String) -> Void
  ) throws(PluginError) {
    guard let access = library.descriptor.access else {
      throw PluginError("has no function access")
    }
    self.access = access
    self.path = path
    self.fail = fail
    instance = try PluginInstance(library, parameters: parameters, site: site)
    super.init()
  }

  public override func start(_ access: MemoryAccess, at now: Cycle) -> MemoryGrant {
    var question = flecsim_memory_access(
      cycle: UInt64(now), word: access.word, bits: UInt32(truncatingIfNeeded: access.bits),
      write: access.isWrite ? 1 : 0, until: UInt64(now))
    let starts = self.access(instance.pointer, &question) != 0
    let latest = UInt64(now) &+ 1 << 32
    if starts {
      guard question.until >= UInt64(now), question.until < latest else {
        fail("plug-in \(path) starts an access in cycle \(now) and ends it in \(question.until)")
        return .started(readyAt: now)
      }
      return .started(readyAt: Cycle(question.until))
    }
    guard question.until > UInt64(now), question.until < latest else {
      fail("plug-in \(path) refuses an access in cycle \(now) until cycle \(question.until)")
      return .busy(until: now &+ 1)
    }
    return .busy(until: Cycle(question.until))
  }
}
