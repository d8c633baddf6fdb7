// The practice carrier: Twilio as far as JobRun sees it, on this machine, with every fault at hand.
//
// Without it nobody can see a missed call become a text before a contract is signed, and no test can ask
// what happens when the carrier hangs, refuses, repeats or forgets. It answers Twilio's REST API, sends
// correctly signed webhooks, plays the TwiML it gets back, delivers message statuses, and keeps what each
// phone heard and received. Faults are set through `PUT /practice/knobs`; a page at `/` does the same by hand.
//
// It is for practice: it trusts whoever can reach it, so it listens on loopback by default.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/phone_number.hpp"
#include "base/ports/clock.hpp"
#include "base/result.hpp"

namespace jobrun::simulator {

/// One of the account's numbers.
struct OwnedNumber {
  E164 number;
  /// The service's base URL for this number, as `http://127.0.0.1:8080`; empty: Options::service_url.
  std::string service_url;
};

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: picked by the system
  /// `AC` and 32 hexadecimal digits, as Twilio's.
  std::string account_sid = "AC0123456789abcdef0123456789abcdef";
  /// Signs the webhooks and is the password of the REST API. Not empty.
  std::string auth_token = "practice-token";
  /// Where webhooks go: `/twilio/voice`, `/twilio/status` and `/twilio/sms` below it. Must be, character for
  /// character, the public URL that the service was told, or signatures will not match.
  std::string service_url = "http://127.0.0.1:8080";
  /// The account's numbers. Empty: every number called or texted from is ours.
  std::vector<OwnedNumber> numbers{};
  /// Same seed, same sequence of ids. 0: from the clock, so that a restart does not repeat the ids of calls
  /// that the service already knows.
  std::uint64_t seed = 0;
  /// nullptr: the machine's. Must outlive the carrier. Stamps records; waits are always real.
  const Clock* clock = nullptr;
  /// Start with the knob `fast` set: accept every valid text, call nobody back, keep nothing.
  bool fast = false;
};

/// How much is kept, each the newest; older ones are dropped. Records also have a bound in bytes.
inline constexpr std::size_t records_max = 10'000;

class PracticeCarrier {
 public:
  explicit PracticeCarrier(Options options);
  ~PracticeCarrier();  ///< stops
  PracticeCarrier(const PracticeCarrier&) = delete;
  PracticeCarrier& operator=(const PracticeCarrier&) = delete;

  /// Listens, on threads of its own. Fails, with nothing left running, when an option is malformed or the
  /// address is taken. Not to be called twice.
  Result<void> start();
  /// The bound port; 0 before start().
  std::uint16_t port() const;
  /// `http://address:port`, for JOBRUN_TWILIO_API_URL; empty before start().
  std::string url() const;
  /// Where webhooks go from now on: for a service that learns its port after this carrier did. Any thread.
  void set_service_url(std::string service_url);
  /// Ends calls in progress, answers or drops waiting requests, closes. Idempotent; not from a callback.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::simulator
