import Foundation
import Plugins
import Testing

@Suite("Compiling plug-ins")
struct CompilerTests {
  private let folder: Folder
  private let compiler: PluginCompiler

  init() throws {
    folder = try Folder()
    compiler = PluginCompiler(buildFolder: "\(folder.path)/build", headers: Project.headers)
  }

  private func libraries() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/build")
      .filter { $0.hasSuffix(".so") }
  }

  @Test("What is a source", arguments: ["a.c", "b.cc", "c/d.cpp"])
  func sources(path: String) {
    #expect(PluginCompiler.isSource(path))
    #expect(!PluginCompiler.isSource(path + ".so"))
  }

  @Test("Equal sources are compiled once; a changed header is noticed")
  func cache() throws {
    var text = PluginText()
    text.declarations = "#include \"name.h\""
    text.fields["name"] = "NAME"
    let source = try folder.write(text.text, to: "plugin.c")
    try folder.write("#define NAME \"One\"\n", to: "name.h")
    let first = try compiler.compile(source)
    let date = try FileManager.default.attributesOfItem(atPath: first)[.modificationDate] as? Date
    #expect(try compiler.compile(source) == first)
    #expect(
      try FileManager.default.attributesOfItem(atPath: first)[.modificationDate] as? Date == date)
    #expect(try PluginLibrary(path: first).kind.name == "One")

    try folder.write("#define NAME \"Two\"\n", to: "name.h")
    let second = try compiler.compile(source)
    #expect(second != first)
    #expect(try PluginLibrary(path: second).kind.name == "Two")

    try folder.write("#define NAME \"One\"\n", to: "name.h")
    #expect(try compiler.compile(source) == first)
    #expect(try libraries().count == 2)
  }

  @Test("The compiler's messages are shown, and nothing is left behind")
  func mistakes() throws {
    let source = try folder.write("#include \"flecsim_plugin.h\"\nint x = ;\n", to: "plugin.c")
    do throws(PluginError) {
      _ = try compiler.compile(source)
      Issue.record("it compiled")
    } catch {
      #expect(
        error.message.hasPrefix("does not compile:\n\(source):2:9: error: expected expression"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/build") == [])
  }

  @Test("A file that is not there")
  func missing() {
    do throws(PluginError) {
      _ = try compiler.compile("\(folder.path)/none.c")
      Issue.record("it compiled")
    } catch {
      #expect(error.message.contains("no such file or directory"))
    }
  }

  @Test("Several at once")
  func concurrently() async throws {
    let source = try folder.write(PluginText().text, to: "plugin.c")
    let compiler = compiler
    let paths = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 { group.addTask { try compiler.compile(source) } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(paths.count == 1)
    #expect(try libraries().count == 1)
  }

  @Test("C++")
  func cxx() throws {
    let source = try folder.write(
      """
      #include "flecsim_plugin.h"
      namespace {
      struct Nothing {};
      void *create(const flecsim_host *, const int64_t *, char *, size_t) { return new Nothing; }
      void destroy(void *instance) { delete static_cast<Nothing *>(instance); }
      uint64_t tick(void *, flecsim_cycle *) { return FLECSIM_SLEEP; }
      flecsim_plugin plugin;
      }
      const flecsim_plugin *flecsim_plugin_entry(uint32_t) {
        plugin.abi = FLECSIM_PLUGIN_ABI;
        plugin.struct_bytes = sizeof plugin;
        plugin.category = FLECSIM_ACCELERATOR;
        plugin.name = "Cxx";
        plugin.summary = "Written in C++.";
        plugin.create = create;
        plugin.destroy = destroy;
        plugin.tick = tick;
        return &plugin;
      }

      """, to: "plugin.cpp")
    #expect(try PluginLibrary(path: compiler.compile(source)).kind.name == "Cxx")
  }
}
