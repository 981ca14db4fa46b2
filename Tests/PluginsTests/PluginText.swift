import Foundation
import Plugins

/// Where things are.
enum Project {
  /// The project's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// The folder of `flecsim_plugin.h`.
  static let headers = root + "/Sources/CPlugin/include"
  /// Where plug-ins are built; named after what they are made of, so that any number of test
  /// processes may use the folder.
  static let build = FileManager.default.temporaryDirectory.path + "/flecsim-plugins-tests"
}

/// A folder of its own, removed at the end.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file; returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

/// The C text of a plug-in: an accelerator that does nothing, but for what is given.
struct PluginText: Sendable {
  /// Declarations in front of the functions.
  var declarations = ""
  /// Body of `create`; `values` are the parameters.
  var create = "return malloc(1);"
  /// Body of `tick`.
  var tick = "return FLECSIM_SLEEP;"
  /// Body of `access`.
  var access = "access->until = access->cycle; return 1;"
  /// Fields of the description that are set or replaced.
  var fields: [String: String] = [:]
  /// Body of `flecsim_plugin_entry`.
  var entry = "return &plugin;"

  var text: String {
    let standard = [
      "abi": "FLECSIM_PLUGIN_ABI", "struct_bytes": "sizeof(flecsim_plugin)",
      "category": "FLECSIM_ACCELERATOR", "name": #""Test""#, "summary": #""A test.""#,
      "create": "create", "destroy": "free", "tick": "tick", "access": "start",
    ]
    let list = standard.merging(fields) { _, given in given }.sorted { $0.key < $1.key }
      .map { "  .\($0.key) = \($0.value)," }.joined(separator: "\n")
    return """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include "flecsim_plugin.h"
      \(declarations)
      static void *create(
          const flecsim_host *host, const int64_t *values, char *error, size_t error_bytes) {
        (void)host; (void)values; (void)error; (void)error_bytes;
        \(create)
      }
      static uint64_t tick(void *instance, flecsim_cycle *cycle) {
        (void)instance; (void)cycle;
        \(tick)
      }
      static int start(void *instance, flecsim_memory_access *access) {
        (void)instance;
        \(access)
      }
      static const flecsim_plugin plugin = {
      \(list)
      };
      const flecsim_plugin *flecsim_plugin_entry(uint32_t abi) {
        (void)abi;
        \(entry)
      }

      """
  }

  /// Compiles and loads it.
  func load() throws -> PluginLibrary {
    try PluginLibrary(path: try Self.compile(text))
  }

  /// What is said when it is loaded; nil when nothing is wrong.
  func refusal() throws -> String? {
    let path = try Self.compile(text)
    do throws(PluginError) {
      _ = try PluginLibrary(path: path)
      return nil
    } catch {
      return error.message
    }
  }

  static func compile(_ text: String) throws -> String {
    let folder = try Folder()
    return try PluginCompiler(buildFolder: Project.build, headers: Project.headers)
      .compile(try folder.write(text, to: "plugin.c"))
  }

  /// A plug-in that comes with the tool.
  static func example(_ name: String) throws -> PluginLibrary {
    try PluginLibrary(
      path: PluginCompiler(buildFolder: Project.build, headers: Project.headers)
        .compile("\(Project.root)/Configs/plugins/\(name).c"))
  }
}
