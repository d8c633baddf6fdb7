// From a call's end to the text at the carrier, through the whole service.
//
//   bench_end_to_end WEBHOOK_URL TOKEN LISTEN_PORT CALLS_PER_SECOND SECONDS CONNECTIONS
//
// Plays both the carrier's sides: posts signed final statuses, one caller each, and serves the Messages API
// that the service under test must have been pointed at (http://127.0.0.1:LISTEN_PORT). Latency is from the
// webhook's acknowledgement to the arrival of the text's request. CALLS_PER_SECOND 0: as fast as the
// connections allow. Prints one JSON line.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bench/calls.hpp"
#include "gate/form.hpp"
#include "gate/signature.hpp"
#include "net/form_encoding.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"

namespace {

using namespace jobrun;
using std::chrono::steady_clock;
using Time = steady_clock::time_point;

/// When each call was acknowledged and its text arrived, by the caller's number.
class Journey {
 public:
  void acknowledged(const std::string& caller) { note(caller, &Pair::acknowledged); }
  void arrived(const std::string& caller) { note(caller, &Pair::arrived); }

  std::size_t arrivals() {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }
  bool wait_for_arrivals(std::size_t wanted, std::chrono::seconds most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, most, [this, wanted] { return arrivals_ >= wanted; });
  }
  /// Sorted milliseconds; a text that overtook its acknowledgement took 0.
  std::vector<double> latencies() {
    const std::lock_guard lock(mutex_);
    std::vector<double> all;
    for (const auto& [caller, pair] : pairs_) {
      if (!pair.acknowledged || !pair.arrived) continue;
      const std::chrono::duration<double, std::milli> took = *pair.arrived - *pair.acknowledged;
      all.push_back(std::max(0.0, took.count()));
    }
    std::ranges::sort(all);
    return all;
  }

 private:
  struct Pair {
    std::optional<Time> acknowledged, arrived;
  };
  void note(const std::string& caller, std::optional<Time> Pair::* what) {
    const Time now = steady_clock::now();
    const std::lock_guard lock(mutex_);
    pairs_[caller].*what = now;
    if (what != &Pair::arrived) return;
    ++arrivals_;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::string, Pair> pairs_;
  std::size_t arrivals_ = 0;
};

net::ClientRequest a_call(const std::string& url, const std::string& token, std::uint64_t run, std::uint64_t i) {
  const std::string caller = bench::caller(i).text();
  const gate::Parameters parameters = {{"CallSid", bench::call_sid(run, i)},
                                       {"CallStatus", "completed"},
                                       {"Direction", "inbound"},
                                       {"From", caller},
                                       {"To", bench::business_number.text()}};
  net::ClientRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"X-Twilio-Signature", gate::sign_form(token, url, parameters)}};
  request.body = net::form_encoded(parameters);
  return request;
}

/// Answers every text as the carrier does when all is well.
void accept_text(Journey& journey, net::HttpRequest&& request, const net::Respond& respond) {
  static std::atomic<std::uint64_t> messages = 0;
  const Result<gate::Form> form = gate::Form::parse(std::move(request.body));
  if (form) journey.arrived(std::string(form->find("To").value_or("")));
  std::string number = std::to_string(++messages);
  const std::string sid = "SM" + std::string(32 - number.size(), '0') + number;
  respond({.status = 201,
           .content_type = "application/json",
           .body = R"({"sid":")" + sid + R"(","status":"queued"})",
           .headers = {}});
}

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return -1;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::cerr << "usage: bench_end_to_end WEBHOOK_URL TOKEN LISTEN_PORT CALLS_PER_SECOND SECONDS CONNECTIONS\n";
    return 2;
  }
  const std::string url = argv[1];
  const std::string token = argv[2];
  const double per_second = std::atof(argv[4]);
  const double seconds = std::atof(argv[5]);
  const auto connections = static_cast<std::size_t>(std::atoi(argv[6]));
  const std::uint64_t run = static_cast<std::uint64_t>(::time(nullptr)) & 0xFFFF;

  Journey journey;
  net::HttpServer::Options options;
  options.port = static_cast<std::uint16_t>(std::atoi(argv[3]));
  net::HttpServer carrier(std::move(options), [&journey](net::HttpRequest&& request, const net::Respond& respond) {
    accept_text(journey, std::move(request), respond);
  });
  if (const Result<void> started = carrier.start(); !started) {
    std::cerr << started.error().message << "\n";
    return 1;
  }

  net::HttpClient callers({.connections_per_host_max = connections, .in_flight_max = connections, .ca_file = {}});
  std::atomic<std::uint64_t> acknowledged = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<std::uint64_t> in_flight = 0;
  const Time began = steady_clock::now();
  std::uint64_t placed = 0;
  while (std::chrono::duration<double>(steady_clock::now() - began).count() < seconds) {
    const double elapsed = std::chrono::duration<double>(steady_clock::now() - began).count();
    const bool may_place =
        per_second > 0 ? static_cast<double>(placed) < elapsed * per_second : in_flight < connections * 2;
    if (!may_place) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      continue;
    }
    const std::string caller = bench::caller(placed).text();
    ++in_flight;
    callers.send(a_call(url, token, run, placed++), [&, caller](const net::ClientResult& result) {
      const bool ok = result.kind == net::ClientResult::Kind::answered && result.response.status / 100 == 2;
      if (ok) journey.acknowledged(caller);
      ++(ok ? acknowledged : failed);
      --in_flight;
    });
  }
  const std::size_t texts_at_end = journey.arrivals();
  while (in_flight > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const bool all_arrived = journey.wait_for_arrivals(acknowledged, std::chrono::seconds(60));
  const double until_last = std::chrono::duration<double>(steady_clock::now() - began).count();
  const std::vector<double> latencies = journey.latencies();
  std::printf(
      "{\"calls\":%llu,\"failed\":%llu,\"texts\":%zu,\"all_arrived\":%s,\"calls_per_second\":%.0f,"
      "\"texts_per_second\":%.0f,\"texts_at_end\":%zu,\"ack_to_carrier_p50_ms\":%.2f,\"ack_to_carrier_p99_ms\":%."
      "2f}\n",
      static_cast<unsigned long long>(acknowledged), static_cast<unsigned long long>(failed), journey.arrivals(),
      all_arrived ? "true" : "false", static_cast<double>(acknowledged) / seconds,
      static_cast<double>(journey.arrivals()) / until_last, texts_at_end, percentile(latencies, 0.5),
      percentile(latencies, 0.99));
  carrier.stop();
  return all_arrived && failed == 0 ? 0 : 1;
}
