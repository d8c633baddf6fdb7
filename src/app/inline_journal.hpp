#pragma once

#include <functional>
#include <utility>

#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/store.hpp"

namespace jobrun::app {

/// The journal of a command that runs without a server: each piece of work is its own transaction, done when
/// submit() returns. One thread.
class InlineJournal : public Journal {
 public:
  /// Store and clock must outlive this. `before_writing` is called before each piece of work.
  InlineJournal(Store& store, const Clock& clock, std::function<void()> before_writing)
      : store_(store), clock_(clock), before_writing_(std::move(before_writing)) {}
  void submit(JournalWork work) override;

 private:
  Result<void> write(const JournalWork& work);

  Store& store_;
  const Clock& clock_;
  std::function<void()> before_writing_;
};

}  // namespace jobrun::app
