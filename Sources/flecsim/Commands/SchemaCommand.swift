internal import ArgumentParser
internal import SoC

/// `flecsim schema`: the JSON Schema of descriptions, or the table of all keys.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of SoC descriptions.")

  @Flag(help: "Print the table of all keys in Markdown instead.")
  var table = false

  func run() throws {
    try reporting {
      StandardStream.print(table ? SoCKeyTable.markdown() : SoCSchema.json())
    }
  }
}
