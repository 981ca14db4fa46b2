/// The C functions around a translated module, which ``VerilatedModel`` calls.
///
/// One translation unit holds the whole model, so that the compiler sees everything at once.
struct RTLWrapper {
  /// Changes when the functions or their meaning change.
  static let version = 2

  /// The C++ text.
  ///
  /// - Parameters:
  ///   - pins: the ports, in the order in which their addresses are handed out.
  ///   - sources: file names of the generated C++ sources.
  static func text(pins: [Pin], sources: [String]) -> String {
    let includes = sources.map { "#include \"\($0)\"" }.joined(separator: "\n")
    let addresses = pins.enumerated()
      .map { "  addresses[\($0.offset)] = &instance->top.\($0.element.name);" }
      .joined(separator: "\n")
    return """
      \(includes)
      #include "Vmodel__Syms.h"
      #include "Vmodel___024root.h"
      #include <cstdio>
      #include <cstring>
      #include <memory>
      #include <stdexcept>
      #include <string>

      namespace {
      // What the module said when it ended the simulation by itself.
      struct Halt : std::runtime_error {
        using std::runtime_error::runtime_error;
      };

      [[noreturn]] void halt(const char *what, const char *file, int line) {
        throw Halt(std::string(what) + " at " + (file ? file : "?") + ":" + std::to_string(line));
      }

      struct Instance {
        VerilatedContext context;
        Vmodel top{&context};
        std::string failure;
        std::unique_ptr<unsigned char[]> before{new unsigned char[sizeof(Vmodel__Syms)]};
      };
      }  // namespace

      void vl_finish(const char *file, int line, const char *) { halt("$finish", file, line); }
      void vl_stop(const char *file, int line, const char *) { halt("$stop or $error", file, line); }
      void vl_fatal(const char *file, int line, const char *, const char *message) {
        halt(message && *message ? message : "$fatal", file, line);
      }

      #define EXPORTED extern "C" __attribute__((visibility("default")))

      EXPORTED unsigned flecsim_rtl_version(void) { return \(version); }

      EXPORTED void *flecsim_rtl_create(void) {
        // What the module prints belongs where it happens, also into a pipe.
        std::setvbuf(stdout, nullptr, _IOLBF, 0);
        try {
          return new Instance;
        } catch (...) {
          return nullptr;
        }
      }

      EXPORTED void flecsim_rtl_destroy(void *model) { delete static_cast<Instance *>(model); }

      EXPORTED void flecsim_rtl_pins(void *model, void **addresses) {
        Instance *instance = static_cast<Instance *>(model);
        (void)instance;
        (void)addresses;
      \(addresses)
      }

      // Settles combinational logic after inputs changed. 0: the module halted.
      EXPORTED int flecsim_rtl_eval(void *model) {
        Instance *instance = static_cast<Instance *>(model);
        try {
          instance->top.eval();
          return 1;
        } catch (const std::exception &error) {
          instance->failure = error.what();
        }
        return 0;
      }

      EXPORTED const char *flecsim_rtl_failure(void *model) {
        return static_cast<Instance *>(model)->failure.c_str();
      }

      EXPORTED void flecsim_rtl_advance(void *model, unsigned long long time) {
        static_cast<Instance *>(model)->context.time(time);
      }

      // Whether every register and wire is what it was at the last call.
      EXPORTED int flecsim_rtl_unchanged(void *model) {
        Instance *instance = static_cast<Instance *>(model);
        const void *state = instance->top.rootp->vlSymsp;
        if (std::memcmp(instance->before.get(), state, sizeof(Vmodel__Syms)) == 0) return 1;
        std::memcpy(instance->before.get(), state, sizeof(Vmodel__Syms));
        return 0;
      }

      """
  }
}
