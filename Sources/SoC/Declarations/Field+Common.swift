extension Field {
  /// Key `clock` of a module.
  static func clock(_ keyPath: any WritableKeyPath<Owner, String> & Sendable) -> Field {
    .derived(
      "clock", keyPath, .text("the name of a clock"), default: "the first clock",
      "Clock that the module runs at.")
  }

  /// Key `energy_class` of a module.
  static func energyClass(_ keyPath: any WritableKeyPath<Owner, String?> & Sendable) -> Field {
    .optional(
      "energy_class", keyPath, .text("the name of a component class"),
      default: "the module's own", "Component class for energy and area.")
  }
}
