internal import Exploration
internal import Foundation
internal import SoC

/// Digests of everything that the results of a study depend on besides its designs' own values.
struct StudyInputs {
  /// The SoC file without comments and without its energy section, with the contents of the files it names.
  let soc: String
  /// What changes whenever the tool may give other results.
  let tool: String
  /// The network, or the SoC's own firmware.
  let workload: String

  /// Digests the inputs of a study.
  ///
  /// - Throws: `ConfigErrors` when the SoC file cannot be read.
  init(_ study: Study, _ workload: StudyWorkload, _ installation: Installation) throws {
    // Energy is priced afterwards: its keys change no run.
    let members = try JSONDocument(contentsOf: study.soc).root.members?.filter {
      $0.key != "energy"
    }
    var digest = Digest()
    for member in members ?? [] {
      digest.add("\(member.key.debugDescription):\(member.node.canonicalText)")
    }
    for fixed in study.fixed where !fixed.path.hasPrefix("energy.") {
      digest.add("\(fixed.path)=\(fixed.value)")
    }
    let folder = HostFile.folder(of: study.soc)
    // Values of the study may name files as well, other firmware for example.
    let values = study.fixed.map(\.value) + study.parameters.flatMap(\.values)
    let texts = (members ?? []).flatMap(\.node.texts) + values.map(\.description)
    let named = texts.map { HostFile.resolve($0, in: folder) }
    var files = Set(named.filter(Self.isFile))
    for file in files { files.formUnion(Self.headers(beside: file)) }
    files.formUnion(Self.content(of: installation.halFolder))
    for file in files.sorted() {
      guard case .success(let bytes) = HostFile.read(file) else { continue }
      digest.add(Digest.hexadecimal(of: bytes))
    }
    soc = digest.hexadecimal()
    self.workload = workload.digest
    tool = Self.executable
  }

  /// Makes keys of evaluations by a model.
  func digest(model: String) -> StudyDigest {
    StudyDigest(model: model, modelVersion: tool, soc: soc, network: workload, firmware: "")
  }

  /// Digest of the running program: another build may simulate otherwise.
  private static let executable: String = {
    guard case .success(let bytes) = HostFile.read("/proc/self/exe") else {
      return ToolVersion.text
    }
    return Digest.hexadecimal(of: bytes)
  }()

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// Headers that a source may include: those in its folder.
  private static func headers(beside file: String) -> [String] {
    guard [".c", ".S", ".s", ".swift", ".sv", ".v"].contains(where: file.hasSuffix) else {
      return []
    }
    let folder = HostFile.folder(of: file)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".h") || $0.hasSuffix(".svh") }.map { folder + "/" + $0 }
  }

  private static func content(of folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.map { folder + "/" + $0 }.filter(isFile)
  }
}

extension JSONNode {
  /// All texts in the tree.
  fileprivate var texts: [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(\.texts)
    case .object(let members): members.flatMap { $0.node.texts }
    default: []
    }
  }

  /// The tree as text: equal for files that differ in comments and blanks only.
  fileprivate var canonicalText: String {
    switch value {
    case .null, .malformed: "null"
    case .bool(let value): "\(value)"
    case .int64(let value): "\(value)"
    case .uint64(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let text): text.debugDescription
    case .array(let elements): "[" + elements.map(\.canonicalText).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.map { $0.key.debugDescription + ":" + $0.node.canonicalText }
        .joined(separator: ",") + "}"
    }
  }
}
