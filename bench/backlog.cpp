// How fast a backlog of texts leaves, by a carrier that takes its time over each.
//
//   bench_backlog WEBHOOK_URL TOKEN LISTEN_PORT CALLS CONNECTIONS ANSWER_AFTER_MS METRICS_URL
//
// Plays both the carrier's sides, as bench_end_to_end does. While CALLS calls end, the Messages API only holds
// requests; then it answers each after ANSWER_AFTER_MS, and time runs until the service says that the last text
// is accepted, durably. The filling must take less time than the service waits for an answer. Prints one JSON
// line.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "bench/callers.hpp"
#include "bench/journey.hpp"
#include "bench/loopback_carrier.hpp"
#include "net/http_client.hpp"

namespace {

using namespace jobrun;
using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point began) {
  return std::chrono::duration<double>(steady_clock::now() - began).count();
}

/// Texts with a final answer, as the service counts them once that answer is durable.
struct Answered {
  std::uint64_t accepted = 0;
  std::uint64_t otherwise = 0;
};

Answered read_answered(std::string_view exposition) {
  constexpr std::string_view metric = "texts_answered_total{";
  Answered answered;
  for (std::size_t at = exposition.find(metric); at != exposition.npos; at = exposition.find(metric, at + 1)) {
    const std::string_view line = exposition.substr(at, exposition.find('\n', at) - at);
    const std::string_view digits = line.substr(line.rfind(' ') + 1);
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_accepted = line.contains("result=\"accepted\"");
    (is_accepted ? answered.accepted : answered.otherwise) += static_cast<std::uint64_t>(value);
  }
  return answered;
}

/// Asks the service now and then.
class Watch {
 public:
  explicit Watch(std::string metrics_url) : url_(std::move(metrics_url)) {}

  Answered answered() {
    net::ClientRequest request;
    request.method = "GET";
    request.url = url_;
    std::promise<std::string> body;
    client_.send(std::move(request), [&body](net::ClientResult result) { body.set_value(result.response.body); });
    return read_answered(body.get_future().get());
  }

  /// Until so many texts have a final answer, or none has come for long.
  Answered wait_for(std::uint64_t wanted) {
    constexpr double patience_seconds = 30;
    Answered latest = answered();
    auto changed_at = steady_clock::now();
    while (latest.accepted + latest.otherwise < wanted && seconds_since(changed_at) < patience_seconds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const Answered now = answered();
      if (now.accepted + now.otherwise > latest.accepted + latest.otherwise) changed_at = steady_clock::now();
      latest = now;
    }
    return latest;
  }

 private:
  std::string url_;
  net::HttpClient client_{{}};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::cerr
        << "usage: bench_backlog WEBHOOK_URL TOKEN LISTEN_PORT CALLS CONNECTIONS ANSWER_AFTER_MS METRICS_URL\n";
    return 2;
  }
  bench::Journey journey;
  bench::LoopbackCarrier carrier(static_cast<std::uint16_t>(std::atoi(argv[3])), std::nullopt,
                                 [&journey](const std::string& recipient) { journey.arrived(recipient); });
  if (const Result<void> started = carrier.start(); !started) {
    std::cerr << started.error().message << "\n";
    return 1;
  }
  bench::Callers callers(argv[1], argv[2], static_cast<std::size_t>(std::atoi(argv[5])), journey);
  Watch watch(argv[7]);

  const steady_clock::time_point began = steady_clock::now();
  callers.place_many(std::strtoull(argv[4], nullptr, 10));
  callers.wait_for_answers();
  const double filling = seconds_since(began);
  const std::uint64_t calls = callers.acknowledged();
  const std::uint64_t already = watch.answered().accepted;
  const std::size_t held = carrier.arrivals();

  const steady_clock::time_point released = steady_clock::now();
  carrier.begin_answering(std::chrono::milliseconds(std::atoi(argv[6])));
  const Answered answered = watch.wait_for(calls);
  const double leaving = seconds_since(released);
  const bench::Latencies texts = journey.texts();
  const std::uint64_t left = answered.accepted - already;
  std::printf(
      "{\"calls\":%llu,\"failed\":%llu,\"fill_seconds\":%.2f,\"held\":%zu,\"backlog\":%llu,\"accepted\":%llu,"
      "\"all_accepted\":%s,\"sends_per_second\":%.0f,\"ack_to_carrier_p50_ms\":%.0f,"
      "\"ack_to_carrier_p99_ms\":%.0f}\n",
      static_cast<unsigned long long>(calls), static_cast<unsigned long long>(callers.failed()), filling, held,
      static_cast<unsigned long long>(calls - already), static_cast<unsigned long long>(answered.accepted),
      answered.accepted == calls ? "true" : "false", static_cast<double>(left) / leaving, texts.percentile(0.5),
      texts.percentile(0.99));
  return answered.accepted == calls && callers.failed() == 0 ? 0 : 1;
}
