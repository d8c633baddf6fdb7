// What people wrote and said is not kept for ever: once a day what is older than its limit is emptied.
//
// Calls, texts and conversations stay, with their times, states and outcomes: the proof that everybody was served.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"

namespace jobrun::app {

class OldWordsWatch {
 public:
  struct Ports {
    std::unique_ptr<StoreReader> reader;
    Journal& journal;
    Log& log;
    const Clock& clock;
  };
  struct Options {
    int days = 365;  ///< of whoever has not set a limit of his own
    Duration every = std::chrono::hours{24};
    std::size_t rows_at_once = 500;  ///< a few milliseconds of the writer's
  };

  OldWordsWatch(Ports ports, Options options);

  /// Does the next small piece of what is due: a look through some rows, or the emptying of some. One thread at a
  /// time; throws StoreFailure.
  void pump();

 private:
  void begin();
  void look();
  void empty_some();
  void tell();
  Instant limit_of(const OldWords& row) const;

  Ports ports_;
  Options options_;
  std::chrono::nanoseconds due_{0};
  std::map<ClientId, int> days_;  ///< of clients that have set some
  Instant began_at_{};
  std::size_t place_;                 ///< in places_of_words; behind its end: nothing is looked through
  std::optional<std::int64_t> next_;  ///< looked through up to this row; empty: to the end
  std::vector<OldWords> found_;       ///< in that place, to be emptied
  std::shared_ptr<std::atomic<bool>> under_way_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<std::atomic<std::int64_t>> emptied_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace jobrun::app
