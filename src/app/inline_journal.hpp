#pragma once

#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/store.hpp"

namespace jobrun::app {

/// The journal of a command that runs without a server: each piece of work is its own transaction, done when
/// submit() returns. One thread.
class InlineJournal : public Journal {
 public:
  /// Both must outlive this.
  InlineJournal(Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  void submit(JournalWork work) override;

 private:
  Result<void> write(const JournalWork& work);

  Store& store_;
  const Clock& clock_;
};

}  // namespace jobrun::app
