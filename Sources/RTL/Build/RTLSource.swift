internal import HostTools

/// Which hardware description to translate: a module with its parameters and the files it comes
/// from.
public struct RTLSource: Sendable, Equatable {
  /// The top module.
  public let top: String
  /// Paths of Verilog and SystemVerilog files, absolute.
  public let files: [String]
  /// Folders for modules and include files that are not listed, absolute.
  public let searchFolders: [String]
  /// Values of the top module's parameters, as written in Verilog.
  public let parameters: [Parameter]

  /// The value of a parameter.
  public struct Parameter: Sendable, Equatable {
    /// The parameter's name.
    public let name: String
    /// The value as Verilog writes it, for example `16` or `8'h3f`.
    public let value: String

    /// Names a value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// Names an integer.
    public init(_ name: String, _ value: Int) {
      self.init(name, String(value))
    }
  }

  /// Names a module. Paths are made absolute.
  public init(
    top: String, files: [String], searchFolders: [String] = [], parameters: [Parameter] = []
  ) {
    self.top = top
    self.files = files.map(CacheFiles.absolute)
    self.searchFolders = searchFolders.map(CacheFiles.absolute)
    self.parameters = parameters
  }

  /// The module with its parameters, as messages and records name it: `os_array ROWS=8 COLUMNS=8`.
  public var title: String {
    ([top] + parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }
}
