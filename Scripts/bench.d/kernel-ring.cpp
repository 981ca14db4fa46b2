// The SystemC side of the bench rows kernel-ring: a ring of clocked methods joined by sc_signals.
//
// Per activation: count, read the input signal, write its value plus one to the output signal. That is
// what a stage of flecbench's ring does with channels, whose flow control SystemC's signals lack.
// Usage: kernel-ring STAGES CYCLES; prints activations per second.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <systemc>

struct Stage : sc_core::sc_module {
  sc_core::sc_in<bool> clock{"clock"};
  sc_core::sc_in<std::uint64_t> input{"input"};
  sc_core::sc_out<std::uint64_t> output{"output"};
  std::uint64_t activations = 0;

  SC_HAS_PROCESS(Stage);
  explicit Stage(sc_core::sc_module_name name) : sc_module(name) {
    SC_METHOD(tick);
    sensitive << clock.pos();
    dont_initialize();
  }

  void tick() {
    ++activations;
    output.write(input.read() + 1);
  }
};

int sc_main(int argc, char **argv) {
  const std::size_t size = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 64;
  const double cycles = argc > 2 ? std::strtod(argv[2], nullptr) : 1e6;

  sc_core::sc_clock clock("clock", sc_core::sc_time(1, sc_core::SC_NS));
  std::vector<std::unique_ptr<sc_core::sc_signal<std::uint64_t>>> signals;
  std::vector<std::unique_ptr<Stage>> stages;
  for (std::size_t index = 0; index < size; ++index) {
    signals.push_back(std::make_unique<sc_core::sc_signal<std::uint64_t>>(
        ("signal" + std::to_string(index)).c_str()));
  }
  for (std::size_t index = 0; index < size; ++index) {
    stages.push_back(std::make_unique<Stage>(("stage" + std::to_string(index)).c_str()));
    stages[index]->clock(clock);
    stages[index]->input(*signals[index]);
    stages[index]->output(*signals[(index + 1) % size]);
  }

  const sc_core::sc_time duration(cycles, sc_core::SC_NS);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  const auto begin = std::chrono::steady_clock::now();
  sc_core::sc_start(duration);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  std::uint64_t activations = 0;
  for (const auto &stage : stages) activations += stage->activations;
  std::printf("%.6e\n", static_cast<double>(activations) / elapsed.count());
  return 0;
}
