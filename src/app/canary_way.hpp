// The way of a canary: to the public URL over the network, as the carrier comes, and back from the ledger.
#pragma once

#include <mutex>
#include <string>

#include "base/ports/store.hpp"
#include "net/http_client.hpp"
#include "settings.hpp"
#include "sweep/canary.hpp"

namespace jobrun::app {

class CanaryWay {
 public:
  /// Its answers come until it is destroyed.
  explicit CanaryWay(const Settings& settings);

  /// `reader` is used by whoever pumps the canary, and outlives it, as this does.
  sweep::CanaryPorts ports(StoreReader& reader);

  /// From the next canary on, or one with the old token would pass for a caller's; any thread.
  void replace_auth_token(std::string auth_token);

 private:
  CallSid new_call_sid();
  void post(sweep::CanaryStep step, const CallSid& call_sid, std::function<void(Result<void>)> done);
  std::string auth_token();

  std::string public_url_;
  std::string account_sid_;
  E164 number_;
  std::mutex token_mutex_;
  std::string auth_token_;
  std::string token_of_canary_;  ///< of the one under way
  net::HttpClient http_{net::HttpClient::Options{}};
};

struct CanaryReport {
  CallSid call_sid;
  Result<void> came_through;
  Duration took{0};
};

/// Sends one, beside the running service, and waits for its end, at most 30 s. Fails when the database cannot be
/// read.
Result<CanaryReport> send_one_canary(const Settings& settings, const Clock& clock);

}  // namespace jobrun::app
