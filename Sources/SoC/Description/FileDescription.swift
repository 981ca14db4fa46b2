/// An entry of section `files`: a host file that is loaded into, dumped from or compared with
/// memory.
public struct FileDescription: NamedSection {
  /// Name of the entry.
  public internal(set) var name = ""
  /// Path of the host file, relative to the folder of the SoC file.
  public internal(set) var file = ""
  /// Element type.
  public internal(set) var dataType = ElementType.int8
  /// Bytes or numbers as text.
  public internal(set) var representation = DataRepresentation.binary
  /// Order of the elements.
  public internal(set) var organization = DataOrganization.sequential
  /// First address.
  public internal(set) var address: UInt64 = 0
  /// Number of elements; nil for the whole file.
  public internal(set) var items: Int?
  /// Name of the memory.
  public internal(set) var memory = ""
  /// What happens, and when.
  public internal(set) var operation = FileOperation.fileToMemory
  /// What is loaded, for an entry that was made by a program and not read from a description; nil takes the file.
  public internal(set) var contents: [UInt8]?
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  static let noun = "file"
  static let help = "A host file that is loaded into, dumped from or compared with memory."
  static let fields: [Field<Self>] = [
    .required(
      "file", \.file, .text("the path of a file"), "Path, relative to the folder of this file."),
    .required("data_type", \.dataType, .choice, "Element type; float is 32 bits wide."),
    .defaulted(
      "data_representation", \.representation, .choice, default: .binary,
      "Little-endian bytes, or numbers as text."),
    .defaulted(
      "data_organization", \.organization, .choice, default: .sequential,
      "Order of the elements."),
    .required("address", \.address, .address, "Address of the first element."),
    .optional(
      "items", \.items, .integer(1...Int(1) << 40, unit: "elements"),
      default: "the whole file; mandatory for memory_to_file", "Number of elements."),
    .required("memory", \.memory, .text("the name of a memory"), "Memory the data is in."),
    .required(
      "operation", \.operation, .choice,
      "Load before the run, dump after it, or compare after it."),
  ]
}
