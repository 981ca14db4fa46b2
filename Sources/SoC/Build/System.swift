public import Fabric
public import Peripherals
internal import Processors
public import SimKernel
public import Telemetry

/// A built system on chip: the only part of the tool that changes while it runs.
public final class System {
  /// What it was built from.
  public let description: SoCDescription
  /// Time and modules.
  public let kernel: Kernel
  /// Counters, classes of cycles, tags.
  public let registry: Registry
  /// What the firmware prints.
  public let console: Console
  /// Where firmware leaves its exit code.
  public let exit: ExitRequest
  /// The memories' bytes by name.
  public let stores: [String: BackingStore]
  /// The executable, if there is one.
  public let program: Program?
  /// The executable that was loaded beside it, if there is one.
  public let payload: Program?
  /// The harts, in the order of their numbers; empty without a program.
  let cores: [Core]
  /// The host files that were loaded, in the order of the description.
  public let loadedFiles: [LoadedFile]
  /// Digest over what was loaded, as it was then: a file may be gone when the run ends.
  let inputDigest: Digest

  /// A host file whose bytes are in memory.
  public struct LoadedFile: Sendable, Equatable {
    /// The path as written in the description.
    public let file: String
    /// SHA-256 of the elements loaded, in hexadecimal.
    public let sha256: String
  }

  init(
    description: SoCDescription, kernel: Kernel, registry: Registry, console: Console,
    exit: ExitRequest, stores: [String: BackingStore], program: Program?,
    payload: Program?, cores: [Core], preload: Preload.Outcome
  ) {
    self.description = description
    self.kernel = kernel
    self.registry = registry
    self.console = console
    self.exit = exit
    self.stores = stores
    self.program = program
    self.payload = payload
    self.cores = cores
    loadedFiles = preload.files
    inputDigest = preload.digest
  }

  /// Simulated seconds so far.
  public var seconds: Double {
    Double(kernel.time.pointee) / Double(kernel.ticksPerSecond)
  }
}
