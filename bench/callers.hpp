#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "bench/calls.hpp"
#include "bench/journey.hpp"
#include "gate/signature.hpp"
#include "net/form_encoding.hpp"
#include "net/http_client.hpp"

namespace jobrun::bench {

/// The callers' side: posts signed final statuses, one caller each. One thread places them.
class Callers {
 public:
  Callers(std::string url, std::string token, std::size_t connections, Journey& journey)
      : url_(std::move(url)),
        token_(std::move(token)),
        connections_(connections),
        journey_(journey),
        client_({.connections_per_host_max = connections, .in_flight_max = connections, .ca_file = {}}) {}

  /// Places calls while that is wanted. `per_second` 0: as fast as the connections allow; otherwise whatever the
  /// service does, so that one that stalls is not spared the calls meanwhile.
  void place_while(const std::function<bool()>& is_wanted, double per_second) {
    const Clock::time_point began = Clock::now();
    for (std::uint64_t count = 0; is_wanted();) {
      const double elapsed = std::chrono::duration<double>(Clock::now() - began).count();
      const bool may_place =
          per_second > 0 ? static_cast<double>(count) < elapsed * per_second : in_flight_ < connections_ * 2;
      if (may_place) {
        place();
        ++count;
      } else {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    }
  }
  void place_many(std::uint64_t count) {
    const std::uint64_t last = placed_ + count;
    place_while([this, last] { return placed_ < last; }, 0);
  }
  void wait_for_answers() const {
    while (in_flight_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t failed() const { return failed_; }

 private:
  using Clock = std::chrono::steady_clock;

  void place() {
    const std::uint64_t i = placed_++;
    const std::string caller = bench::caller(i).text();
    net::ClientRequest request = a_call(caller, i);
    ++in_flight_;
    journey_.placed(caller);
    client_.send(std::move(request), [this, caller](const net::ClientResult& result) {
      const bool ok = result.kind == net::ClientResult::Kind::answered && result.response.status / 100 == 2;
      if (ok) journey_.acknowledged(caller);
      ++(ok ? acknowledged_ : failed_);
      --in_flight_;
    });
  }

  net::ClientRequest a_call(const std::string& caller, std::uint64_t i) const {
    const gate::Parameters parameters = {{"CallSid", bench::call_sid(run_, i)},
                                         {"CallStatus", "completed"},
                                         {"Direction", "inbound"},
                                         {"From", caller},
                                         {"To", bench::business_number.text()}};
    net::ClientRequest request;
    request.url = url_;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"X-Twilio-Signature", gate::sign_form(token_, url_, parameters)}};
    request.body = net::form_encoded(parameters);
    return request;
  }

  const std::string url_;
  const std::string token_;
  const std::size_t connections_;
  const std::uint64_t run_ = static_cast<std::uint64_t>(std::time(nullptr)) & 0xFFFF;
  Journey& journey_;
  std::uint64_t placed_ = 0;
  std::atomic<std::uint64_t> acknowledged_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::uint64_t> in_flight_ = 0;
  net::HttpClient client_;  ///< last: its callbacks use the others
};

}  // namespace jobrun::bench
