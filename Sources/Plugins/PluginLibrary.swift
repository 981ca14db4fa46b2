internal import CPlugin
internal import Fabric
internal import Foundation

/// A loaded plug-in library; it stays loaded until the process ends.
public final class PluginLibrary: Sendable {
  /// The version of the interface this tool speaks.
  public static let abi = UInt32(FLECSIM_PLUGIN_ABI)

  /// Where it was found.
  public let path: String
  /// What it adds.
  public let kind: PluginKind
  private nonisolated(unsafe) let pointer: UnsafePointer<flecsim_plugin>
  var descriptor: flecsim_plugin { pointer.pointee }

  /// Loads a library and checks what it says about itself.
  ///
  /// - Throws: ``PluginError`` when it cannot be loaded, is no plug-in, was compiled for another
  ///   version of the interface or describes something impossible.
  public init(path: String) throws(PluginError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw PluginError("no such file")
    }
    // A name without a slash would be looked for in the system's folders.
    let file = path.contains("/") ? path : "./" + path
    guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw PluginError("is no library that this machine can load (\(reason))")
    }
    guard let symbol = dlsym(handle, "flecsim_plugin_entry") else {
      throw PluginError(
        "does not export flecsim_plugin_entry, so it is no plug-in (see flecsim_plugin.h)")
    }
    typealias Entry = @convention(c) (UInt32) -> UnsafePointer<flecsim_plugin>?
    guard let plugin = unsafeBitCast(symbol, to: Entry.self)(Self.abi) else {
      throw PluginError(
        "does not speak version \(Self.abi) of the plug-in interface: flecsim_plugin_entry(\(Self.abi)) "
          + "returned NULL")
    }
    // Only the first two fields can be trusted before they are looked at.
    let abi = plugin.pointee.abi
    guard abi == Self.abi else {
      throw PluginError(
        "was compiled for version \(abi) of the plug-in interface, this tool speaks version "
          + "\(Self.abi); compile it again with this tool's flecsim_plugin.h")
    }
    let size = Int(plugin.pointee.struct_bytes)
    guard size >= MemoryLayout<flecsim_plugin>.size else {
      throw PluginError(
        "has a description of \(size) bytes, \(MemoryLayout<flecsim_plugin>.size) are needed: set "
          + "struct_bytes to sizeof(flecsim_plugin)")
    }
    pointer = plugin
    kind = try PluginDescription(plugin.pointee).kind()
  }

  /// Bits of a port for parameters in the order of ``PluginKind/parameters``.
  ///
  /// - Throws: ``PluginError`` when the plug-in gives an impossible width.
  public func bits(ofPort index: Int, parameters: [Int64]) throws(PluginError) -> Int {
    let port = kind.ports[index]
    var bits = port.bits ?? 0
    if port.bits == nil, let function = descriptor.port_bits {
      bits = parameters.withUnsafeBufferPointer { Int(function(UInt32(index), $0.baseAddress)) }
    }
    guard bits >= 8, bits <= 65536, bits % 8 == 0 else {
      throw PluginError(
        "gives port '\(port.name)' \(bits) bits; a port has a multiple of 8 from 8 to 65536")
    }
    return bits
  }
}
