/// What a rule may look at.
struct RuleContext {
  let description: SoCDescription
  let options: LoadOptions
  let collector: DiagnosticCollector
  /// What the host files of section `files` hold, in its order; empty when files are not checked.
  let hostFiles: [HostFileExtent]

  /// - Parameter hostFiles: what the host files hold, when that is known already; nil to look.
  init(
    description: SoCDescription, options: LoadOptions, collector: DiagnosticCollector,
    hostFiles known: [HostFileExtent]? = nil
  ) {
    self.description = description
    self.options = options
    self.collector = collector
    hostFiles =
      known
      ?? (options.checksFiles
        ? description.files.map { HostFileExtent($0, in: description, collector) } : [])
  }
}

/// A condition that a description must meet beyond the form of its parts.
///
/// A rule judges only values that are sound (see `Origin.isSound`), so that a mistake is reported
/// once.
protocol ValidationRule: Sendable {
  func check(_ context: RuleContext)
}

/// Every rule; all of them run.
enum ValidationRules {
  static let all: [any ValidationRule] = [
    ProcessorPresentRule(), InstanceNamesRule(), AddressSpaceRule(), AddressAlignmentRule(),
    AddressOverlapRule(), ClockNamesRule(), ClockBaseRule(), QuantumRule(), CrossbarPriorityRule(),
    CrossbarPortsRule(),
    MemoryKeysRule(), DMAEndpointsRule(), DMAPortSizeRule(), AcceleratorInputsRule(),
    AcceleratorPortsRule(),
    AcceleratorArgumentsRule(), SubmodulesRule(), SystemNameRule(), RegisterPresetsRule(),
    FileMemoryRule(), FileOverlapRule(),
    FirmwareRule(), MarkerTagsRule(), InterruptsRule(), EnergyTableRule(), EnergyClassRule(),
  ]
}
