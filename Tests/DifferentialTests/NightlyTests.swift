import Foundation
import RISCV
import Testing

/// What `Scripts/differential` asks for, in environment variables.
struct NightlyRequest: Sendable {
  /// Programs per XLEN in user mode and on system level; none is nil.
  let userPrograms: Range<Int>?
  let systemPrograms: Range<Int>?
  let seed: UInt64
  let xlens: [XLEN]
  let jobs: Int

  /// Nil when nothing was asked for.
  static let current: NightlyRequest? = {
    let environment = ProcessInfo.processInfo.environment
    func text(_ name: String) -> String? { environment["FLECSIM_DIFFERENTIAL_\(name)"] }
    func number(_ name: String) -> Int? { text(name).flatMap(Int.init) }
    guard let programs = number("PROGRAMS") else { return nil }
    let first = number("FIRST") ?? 0
    let level = text("LEVEL") ?? ""
    let xlens: [XLEN] =
      switch number("XLEN") {
      case 32: [.rv32]
      case 64: [.rv64]
      default: [.rv32, .rv64]
      }
    // System-level programs are longer, and starting a whole machine takes longer.
    let systemPrograms = (programs + 9) / 10
    return NightlyRequest(
      userPrograms: level == "system" ? nil : first..<first + programs,
      systemPrograms: level == "user" ? nil : first..<first + systemPrograms,
      seed: UInt64(number("SEED") ?? 1), xlens: xlens, jobs: max(1, number("JOBS") ?? 2))
  }()

  /// Compares the programs of `indices` in batches, several at a time, and prints how far it is;
  /// gives up after some differences.
  func run<Difference: Sendable>(
    _ indices: Range<Int>, batch: Int, _ name: String,
    _ compare: @escaping @Sendable (Range<Int>) throws -> [Difference]
  ) async throws -> [Difference] {
    var batches = stride(from: indices.lowerBound, to: indices.upperBound, by: batch)
      .map { $0..<min(indices.upperBound, $0 + batch) }.makeIterator()
    var found: [Difference] = []
    var finished = 0
    try await withThrowingTaskGroup(of: (Int, [Difference]).self) { group in
      func start() {
        guard found.count < 20, let indices = batches.next() else { return }
        group.addTask { (indices.count, try compare(indices)) }
      }
      for _ in 0..<jobs { start() }
      while let (count, differences) = try await group.next() {
        finished += count
        found += differences
        print("\(name): \(finished) programs, \(found.count) differences")
        start()
      }
    }
    return found
  }
}

@Suite("As many random programs as Scripts/differential asks for", .serialized)
struct NightlyTests {
  @Test(
    "user mode: registers, flags and memory are those that QEMU leaves, all engines count the same",
    .enabled(if: NightlyRequest.current?.userPrograms != nil, "run by Scripts/differential"),
    arguments: NightlyRequest.current?.xlens ?? [])
  func userPrograms(xlen: XLEN) async throws {
    let request = try #require(NightlyRequest.current)
    let indices = try #require(request.userPrograms)
    let oracle = try #require(UserModeQEMU(xlen: xlen), "qemu-user is not installed")
    let differential = Differential(xlen: xlen, oracle: oracle)
    let found = try await request.run(
      indices, batch: Differential.batch, "RV\(xlen.rawValue) user mode"
    ) { try differential.differences(seed: request.seed, indices: $0) }
    try UserModeTests.expectNone(found, differential)
  }

  @Test(
    "system level: traps, CSRs, page tables and memory are those that QEMU leaves",
    .enabled(if: NightlyRequest.current?.systemPrograms != nil, "run by Scripts/differential"),
    arguments: NightlyRequest.current?.xlens ?? [])
  func systemPrograms(xlen: XLEN) async throws {
    let request = try #require(NightlyRequest.current)
    let indices = try #require(request.systemPrograms)
    let oracle = try #require(SystemQEMU(xlen: xlen), "qemu-system-misc is not installed")
    let differential = SystemDifferential(xlen: xlen, oracle: oracle)
    let found = try await request.run(
      indices, batch: SystemImage.capacity, "RV\(xlen.rawValue) system level"
    ) { try differential.differences(seed: request.seed, indices: $0) }
    try SystemLevelTests.expectNone(found, differential)
  }
}
