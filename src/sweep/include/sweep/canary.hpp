// The canary: a call of our own making that goes the whole way, so that it is known whether callers would be
// answered while nobody calls.
//
// Every so often two webhooks are posted to the public URL, as the carrier would: a call came in, a call has
// ended. They pass the proxy, the gate with its signature, the ledger, the decision and the outbox; the text is
// swallowed at the carrier's port, once the carrier has let our credentials in. What does not come through is
// told.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/log_line.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"

namespace jobrun::sweep {

enum class CanaryStep { voice, status };

/// Where the step's webhook is posted, below the public URL.
const char* path_of(CanaryStep step);

/// How a canary is sent and seen.
struct CanaryPorts {
  /// A call's id that the gate knows for a canary's.
  std::function<CallSid()> new_call_sid;
  /// Posts the webhook to the public URL. `done` once, on any thread: whether it was answered as the carrier
  /// needs.
  std::function<void(CanaryStep step, const CallSid& call_sid, std::function<void(Result<void>)> done)> post;
  /// Whether the call has ended as a caller's would who was texted. Throws StoreFailure.
  std::function<bool(const CallSid& call_sid)> is_texted;
};

/// One canary, from its first webhook to its text.
class CanaryCall {
 public:
  CanaryCall(const CanaryPorts& ports, const Clock& clock, Duration within);

  const CallSid& call_sid() const { return call_sid_; }

  /// Goes on as far as it can; empty while it waits. An error says in a sentence how far it came. One thread at a
  /// time; throws what `is_texted` throws.
  std::optional<Result<void>> pump();

 private:
  /// Outlives the call if an answer does.
  struct Inbox {
    std::mutex mutex;
    std::optional<Result<void>> answer;
  };

  void post(CanaryStep step);
  std::optional<Result<void>> hear();

  const CanaryPorts& ports_;
  const Clock& clock_;
  CallSid call_sid_;
  std::chrono::nanoseconds give_up_at_;
  std::shared_ptr<Inbox> inbox_;
  std::optional<CanaryStep> asked_;  ///< empty: both are answered, the text is awaited
};

struct CanaryOptions {
  Duration every{5 * 60'000};  ///< the first a tenth of this after the start
  Duration within{30'000};     ///< one that takes longer, or longer than that, has failed
  std::int64_t kept = 100;     ///< of which the story can be looked up
};

/// Sends one canary after another, and tells the operator when none has come through for three times that long.
/// Has no thread: pump() does what is due.
class Canary {
 public:
  struct Ports {
    CanaryPorts way;
    /// False while what happens goes to the spool: the operator knows, and nobody counts canaries then.
    std::function<bool()> can_be_kept;
    Journal& journal;
    Meter& meter;
    Log& log;
    const Clock& clock;
  };

  Canary(Ports ports, CanaryOptions options);
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;

  /// One thread at a time. Never throws.
  void pump();

 private:
  void go_on();
  void came_through();
  void failed(const std::string& because);
  void watch();

  Ports ports_;
  CanaryOptions options_;
  std::optional<CanaryCall> under_way_;
  std::string failed_because_ = "none has come to its end yet";
  std::chrono::nanoseconds due_{0};
  std::chrono::nanoseconds came_through_at_{0};  ///< or the start
  /// Shared with the journal, which may not have kept the alert.
  std::shared_ptr<std::atomic<bool>> told_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace jobrun::sweep
