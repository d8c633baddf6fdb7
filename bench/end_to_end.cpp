// From a call's end to the text at the carrier, through the whole service.
//
//   bench_end_to_end WEBHOOK_URL TOKEN LISTEN_PORT CALLS_PER_SECOND SECONDS CONNECTIONS ANSWER_AFTER_MS WARM_UP
//
// Plays both the carrier's sides: posts signed final statuses, one caller each, and serves the Messages API
// that the service under test must have been pointed at (http://127.0.0.1:LISTEN_PORT). A webhook's latency is
// from its being handed to a connection's queue to its acknowledgement, a text's from there to the arrival of its
// request. CALLS_PER_SECOND 0: as fast as the connections allow. ANSWER_AFTER_MS `never`: the carrier's API reads
// requests and hangs. First come WARM_UP calls, which are not measured; the rest begins when their texts have
// arrived. Prints one JSON line.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "bench/callers.hpp"
#include "bench/journey.hpp"
#include "bench/loopback_carrier.hpp"

namespace {

using namespace jobrun;
using std::chrono::steady_clock;

struct Load {
  double calls_per_second;
  double seconds;
  std::uint64_t warm_up;
  bool is_answered;
};

double seconds_since(steady_clock::time_point began) {
  return std::chrono::duration<double>(steady_clock::now() - began).count();
}

int run(bench::Callers& callers, bench::LoopbackCarrier& carrier, bench::Journey& journey, const Load& load) {
  constexpr std::chrono::seconds patience{60};
  callers.place_many(load.warm_up);
  callers.wait_for_answers();
  if (!carrier.wait_for_arrivals(load.warm_up, patience)) {
    std::cout << "the texts of the calls for warming up did not arrive\n";
    return 1;
  }
  journey.forget();

  const steady_clock::time_point began = steady_clock::now();
  callers.place_while([&] { return seconds_since(began) < load.seconds; }, load.calls_per_second);
  const std::size_t texts_at_end = carrier.arrivals();
  callers.wait_for_answers();
  const bool all_arrived = load.is_answered && carrier.wait_for_arrivals(callers.acknowledged(), patience);
  const double until_last = seconds_since(began);
  const auto calls = static_cast<double>(callers.acknowledged() - load.warm_up);
  const auto texts = static_cast<double>(carrier.arrivals() - load.warm_up);
  const bench::Latencies webhooks = journey.webhooks();
  const bench::Latencies letters = journey.texts();
  std::printf(
      "{\"calls\":%llu,\"failed\":%llu,\"texts\":%zu,\"all_arrived\":%s,\"calls_per_second\":%.0f,"
      "\"texts_per_second\":%.0f,\"texts_at_end\":%zu,\"webhook_p50_ms\":%.2f,\"webhook_p99_ms\":%.2f,"
      "\"ack_to_carrier_p50_ms\":%.2f,\"ack_to_carrier_p99_ms\":%.2f}\n",
      static_cast<unsigned long long>(callers.acknowledged()), static_cast<unsigned long long>(callers.failed()),
      carrier.arrivals(), all_arrived ? "true" : "false", calls / load.seconds, texts / until_last, texts_at_end,
      webhooks.percentile(0.5), webhooks.percentile(0.99), letters.percentile(0.5), letters.percentile(0.99));
  return all_arrived == load.is_answered && callers.failed() == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) {
    std::cerr << "usage: bench_end_to_end WEBHOOK_URL TOKEN LISTEN_PORT CALLS_PER_SECOND SECONDS CONNECTIONS "
                 "ANSWER_AFTER_MS|never WARM_UP\n";
    return 2;
  }
  std::optional<std::chrono::milliseconds> answer_after;
  if (std::string_view(argv[7]) != "never") answer_after.emplace(std::atoi(argv[7]));
  const Load load = {std::atof(argv[4]), std::atof(argv[5]), std::strtoull(argv[8], nullptr, 10),
                     answer_after.has_value()};

  bench::Journey journey;
  bench::LoopbackCarrier carrier(static_cast<std::uint16_t>(std::atoi(argv[3])), answer_after,
                                 [&journey](const std::string& recipient) { journey.arrived(recipient); });
  if (const Result<void> started = carrier.start(); !started) {
    std::cerr << started.error().message << "\n";
    return 1;
  }
  bench::Callers callers(argv[1], argv[2], static_cast<std::size_t>(std::atoi(argv[6])), journey);
  return run(callers, carrier, journey, load);
}
