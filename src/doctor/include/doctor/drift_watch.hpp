// Asks the carrier every so often whether its numbers still point at us and the account behind them is open, paid
// for and brings texts on, and tells the operator when not.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/log_line.hpp"
#include "base/ports/carrier_account.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "doctor/checks.hpp"
#include "doctor/drift.hpp"

namespace jobrun::doctor {

/// Has no thread: pump() does what is due.
///
/// What is wrong is told once, again when something else is wrong, and again after a day. An answer that cannot be
/// had changes nothing that is known: the age of what is known grows, and it is asked again soon. What the account
/// does not tell stays as it was told last.
class DriftWatch {
 public:
  struct Ports {
    CarrierNumbers& numbers;
    Journal& journal;
    Meter& meter;
    Log& log;
    const Clock& clock;
    std::function<Expected()> expected;  ///< read when the carrier has answered; throws StoreFailure
    CarrierAccount* account = nullptr;   ///< null: only the numbers are looked at
    AccountRules rules{};
  };
  struct Options {
    Duration every{3'600'000};  ///< the first time a sixtieth of this after the start, and so after a failure
  };

  DriftWatch(Ports ports, Options options);

  /// One thread at a time. Never throws.
  void pump();

 private:
  /// Outlives the watch if an answer does.
  struct Inbox {
    std::mutex mutex;
    std::optional<NumbersAnswer> answer;
    std::optional<AccountFacts> account;
  };
  enum class Asked { nothing, numbers, account };

  void take_answers();
  void ask();
  void ask_account();
  void hear(NumbersAnswer answer);
  void learn(AccountFacts facts);
  void compare_with(const CarrierNumberList& list);
  void could_not_compare(const std::string& reason);
  void tell(const std::vector<Drift>& drifts, const std::vector<Check>& troubles);
  std::chrono::nanoseconds soon() const;

  Ports ports_;
  Options options_;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  Asked asked_ = Asked::nothing;
  CarrierNumberList list_;             ///< while the account is asked about
  std::optional<AccountFacts> known_;  ///< of each part what was told last
  std::chrono::nanoseconds due_{0};
  std::chrono::nanoseconds compared_at_{0};  ///< or the start
  std::chrono::nanoseconds told_at_{0};
  /// What was told last; 0: nothing. Shared with the journal, which may not have kept it.
  std::shared_ptr<std::atomic<std::uint64_t>> told_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace jobrun::doctor
