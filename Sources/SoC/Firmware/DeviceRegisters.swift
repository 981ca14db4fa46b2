internal import Fabric

/// The register maps of all kinds of devices as text, for manuals and for the command line.
public enum DeviceRegisters {
  /// Device names and their registers as Markdown tables.
  public static var tables: [(device: String, markdown: String)] {
    RegisterHeader.all.map { ($0.map.device, $0.map.markdownTable()) }
  }

  /// The registers of the modules of a description that are not ours.
  public static func external(
    of description: SoCDescription
  ) -> [(device: String, markdown: String)] {
    RegisterHeader.external(description).map { ($0.map.device, $0.map.markdownTable()) }
  }
}
