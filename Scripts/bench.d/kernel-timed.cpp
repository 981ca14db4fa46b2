// The SystemC side of the bench row kernel-timed: methods that wake themselves after a pseudo-random
// number of cycles, 1 to 256 of them, drawn by the same generator as flecbench's.
//
// The delays are sc_time objects made beforehand, since converting a number to sc_time in every
// activation would charge SystemC for arithmetic on doubles.
// Usage: kernel-timed METHODS CYCLES; prints events per second.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <systemc>

static std::vector<sc_core::sc_time> delays;

struct Timer : sc_core::sc_module {
  std::uint64_t activations = 0;
  std::uint64_t state;

  SC_HAS_PROCESS(Timer);
  Timer(sc_core::sc_module_name name, std::uint64_t index)
      : sc_module(name), state(index * 0x9E3779B9u + 1) {
    SC_METHOD(tick);
  }

  void tick() {
    ++activations;
    state = state * 6364136223846793005u + 1442695040888963407u;
    next_trigger(delays[(state >> 33) & 255]);
  }
};

int sc_main(int argc, char **argv) {
  const std::size_t size = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 64;
  const double cycles = argc > 2 ? std::strtod(argv[2], nullptr) : 1e7;
  for (int delay = 1; delay <= 256; ++delay) {
    delays.emplace_back(static_cast<double>(delay), sc_core::SC_NS);
  }
  std::vector<std::unique_ptr<Timer>> timers;
  for (std::size_t index = 0; index < size; ++index) {
    timers.push_back(
        std::make_unique<Timer>(("timer" + std::to_string(index)).c_str(), index));
  }
  const sc_core::sc_time duration(cycles, sc_core::SC_NS);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  const auto begin = std::chrono::steady_clock::now();
  sc_core::sc_start(duration);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  std::uint64_t activations = 0;
  for (const auto &timer : timers) activations += timer->activations;
  std::printf("%.6e\n", static_cast<double>(activations) / elapsed.count());
  return 0;
}
