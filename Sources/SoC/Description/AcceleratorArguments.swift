/// The values of an accelerator's `fixed_args`, by name; which there are is declared by its kind.
public struct AcceleratorArguments: Originated, Equatable {
  private var integers: [String: Int] = [:]
  private var texts: [String: String] = [:]
  private var flags: [String: Bool] = [:]
  /// The RTL that the accelerator is, for kind `Verilated`.
  public internal(set) var rtl = RTLDescription()
  /// The library that the accelerator comes from, for kind `Plugin`.
  public internal(set) var plugin = PluginReference()
  /// Further macros for firmware, for kinds that are not ours.
  public internal(set) var defines: [DictionaryEntry<Int64>] = []
  /// Where the object stands.
  public internal(set) var origin = Origin()

  /// An integer argument; 0 when the kind has no such argument.
  public internal(set) subscript(integer name: String) -> Int {
    get { integers[name] ?? 0 }
    set { integers[name] = newValue }
  }

  /// A text argument; empty when the kind has no such argument.
  public internal(set) subscript(text name: String) -> String {
    get { texts[name] ?? "" }
    set { texts[name] = newValue }
  }

  /// A truth value; false when the kind has no such argument.
  public internal(set) subscript(flag name: String) -> Bool {
    get { flags[name] ?? false }
    set { flags[name] = newValue }
  }
}
