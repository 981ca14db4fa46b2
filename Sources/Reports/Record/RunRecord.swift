public import Energy
public import Telemetry

/// Everything a run leaves behind, as values: each report is made from one of these, without
/// simulating again.
///
/// All fields but `host` follow from the inputs alone; equal inputs give equal records.
public struct RunRecord: Codable, Sendable, Equatable {
  /// The format version that this build writes and reads.
  public static let currentFormat = 1

  /// Version of the record's layout.
  public var format: Int
  /// Name and version of the program that ran.
  public var tool: String
  /// Name of the simulated system.
  public var name: String
  /// Why the run ended.
  public var outcome: RunOutcome
  /// Set when nothing was simulated: the model that estimated cycles and counts.
  public var estimate: EstimateMark?
  /// The effective configuration: JSON text with all defaults resolved.
  public var configuration: String
  /// The registry at the end of the run; holds the simulated time.
  public var snapshot: Snapshot
  /// Energy and area; nil when no table was asked for.
  public var energy: EnergyReport?
  /// What the firmware printed.
  public var console: String
  /// Outputs compared with expected data.
  public var verification: [VerificationResult]
  /// Cycle counts of other tools' conventions beside ours.
  public var conventions: [ConventionRow]
  /// How far the modules' cycles can be trusted; nil in records of older builds.
  public var accuracy: [ModuleAccuracy]?
  /// Where the harts spent their cycles; nil when no profile was asked for.
  public var profile: ProfileRecord?
  /// What a reader of the numbers has to know; energy warnings are in `energy`.
  public var warnings: [String]
  /// The files read, with their contents' hashes.
  public var inputs: [InputFile]
  /// SHA-256 over what decides the run and what came out of it, in hexadecimal; empty when not
  /// computed.
  public var digest: String
  /// SHA-256 over the outputs alone, the memory areas that are compared or dumped, in hexadecimal:
  /// equal for two systems that compute the same; nil when there are none.
  public var outputDigest: String?
  /// The machine and the wall time; never part of the digest.
  public var host: HostRecord

  /// Creates a record from its parts.
  public init(
    format: Int = RunRecord.currentFormat, tool: String, name: String, outcome: RunOutcome,
    configuration: String, snapshot: Snapshot, energy: EnergyReport? = nil, console: String = "",
    verification: [VerificationResult] = [], conventions: [ConventionRow] = [],
    profile: ProfileRecord? = nil, warnings: [String] = [], inputs: [InputFile] = [],
    digest: String = "", outputDigest: String? = nil, accuracy: [ModuleAccuracy]? = nil,
    estimate: EstimateMark? = nil, host: HostRecord = HostRecord()
  ) {
    self.format = format
    self.tool = tool
    self.name = name
    self.outcome = outcome
    self.estimate = estimate
    self.configuration = configuration
    self.snapshot = snapshot
    self.energy = energy
    self.console = console
    self.verification = verification
    self.conventions = conventions
    self.profile = profile
    self.warnings = warnings
    self.inputs = inputs
    self.digest = digest
    self.outputDigest = outputDigest
    self.accuracy = accuracy
    self.host = host
  }

  /// Simulated (or estimated) time in s; 0 when the snapshot names no tick rate.
  public var simulatedSeconds: Double {
    snapshot.ticksPerSecond == 0
      ? 0 : Double(snapshot.ticks) / Double(snapshot.ticksPerSecond)
  }
}

/// Why a run ended.
public struct RunOutcome: Codable, Sendable, Equatable {
  /// One line, for example `firmware exited with 0`.
  public var reason: String
  /// The command's exit code; 0 is success.
  public var exitCode: Int32

  /// Creates an outcome.
  public init(reason: String, exitCode: Int32) {
    self.reason = reason
    self.exitCode = exitCode
  }
}

/// One output compared with expected data, item by item.
public struct VerificationResult: Codable, Sendable, Equatable {
  /// Name in the configuration.
  public var name: String
  /// File that holds the expected data.
  public var file: String
  /// Items that are equal.
  public var matched: UInt64
  /// Items compared.
  public var total: UInt64
  /// The first item that differs; nil when all are equal.
  public var firstMismatch: Mismatch?

  /// Creates a result.
  public init(
    name: String, file: String, matched: UInt64, total: UInt64, firstMismatch: Mismatch? = nil
  ) {
    self.name = name
    self.file = file
    self.matched = matched
    self.total = total
    self.firstMismatch = firstMismatch
  }

  /// Whether every item is equal.
  public var passed: Bool { matched == total && firstMismatch == nil }
}

/// An item that differs from what was expected.
public struct Mismatch: Codable, Sendable, Equatable {
  /// Index of the item, from 0.
  public var index: UInt64
  /// The expected value, as text.
  public var expected: String
  /// The value found, as text.
  public var found: String

  /// Creates a mismatch.
  public init(index: UInt64, expected: String, found: String) {
    self.index = index
    self.expected = expected
    self.found = found
  }
}

/// The cycles that another tool's convention counts for the jobs of one module.
public struct ConventionRow: Codable, Sendable, Equatable {
  /// Path of the module.
  public var module: String
  /// Number of jobs counted.
  public var jobs: UInt64
  /// Cycles by this simulator's count.
  public var ours: UInt64
  /// Name of the convention, for example `scalesim`.
  public var convention: String
  /// Cycles by the convention.
  public var cycles: UInt64
  /// Where the difference comes from, in one sentence.
  public var explanation: String

  /// Creates a row.
  public init(
    module: String, jobs: UInt64, ours: UInt64, convention: String, cycles: UInt64,
    explanation: String
  ) {
    self.module = module
    self.jobs = jobs
    self.ours = ours
    self.convention = convention
    self.cycles = cycles
    self.explanation = explanation
  }
}

/// A file that a run read.
public struct InputFile: Codable, Sendable, Equatable {
  /// Path relative to the folder of the system's description.
  public var path: String
  /// SHA-256 of the contents, in hexadecimal.
  public var sha256: String

  /// Creates an entry.
  public init(path: String, sha256: String) {
    self.path = path
    self.sha256 = sha256
  }
}

/// The machine that simulated, and how long it took there.
public struct HostRecord: Codable, Sendable, Equatable {
  /// Wall time of the simulation (or of the estimate) in s; 0 when not measured.
  public var wallSeconds: Double
  /// Operating system and processor architecture.
  public var system: String
  /// How the program was compiled, for example `release`.
  public var build: String

  /// Creates an entry.
  public init(wallSeconds: Double = 0, system: String = "", build: String = "") {
    self.wallSeconds = wallSeconds
    self.system = system
    self.build = build
  }

  enum CodingKeys: String, CodingKey {
    case wallSeconds = "wall_s"
    case system, build
  }
}
