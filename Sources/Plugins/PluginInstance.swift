internal import CPlugin
internal import Telemetry

/// An instance that a plug-in made; ends with its owner.
final class PluginInstance {
  let pointer: UnsafeMutableRawPointer
  private let library: PluginLibrary

  /// Creates an instance; the components it declares go to `site`.
  ///
  /// - Throws: ``PluginError`` with what the plug-in says.
  init(_ library: PluginLibrary, parameters: [Int64], site: ModuleSite) throws(PluginError) {
    self.library = library
    let box = Unmanaged.passUnretained(site)
    var host = flecsim_host(
      struct_bytes: UInt32(MemoryLayout<flecsim_host>.size), context: box.toOpaque(),
      component: { context, name, componentClass, quantity, attributes, values, count in
        guard let context, let name, let componentClass else { return }
        var attributeValues: [String: Double] = [:]
        for index in 0..<Int(count) {
          guard let key = attributes?[index], let value = values?[index] else { continue }
          attributeValues[String(cString: key)] = value
        }
        Unmanaged<ModuleSite>.fromOpaque(context).takeUnretainedValue().component(
          String(cString: name), class: String(cString: componentClass),
          attributes: attributeValues, quantity: quantity)
      })
    var message = [CChar](repeating: 0, count: 512)
    let values = parameters.isEmpty ? [0] : parameters
    let made = library.descriptor.create?(&host, values, &message, message.count - 1)
    guard let made else {
      let text = String(
        decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw PluginError("cannot be created: \(text.isEmpty ? "create() returned NULL" : text)")
    }
    pointer = made
  }

  deinit {
    library.descriptor.destroy?(pointer)
  }
}
