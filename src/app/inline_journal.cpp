#include "inline_journal.hpp"

namespace jobrun::app {

void InlineJournal::submit(JournalWork work) {
  before_writing_();
  const Result<void> written = write(work);
  work.done(written);
  store_.tidy();
}

Result<void> InlineJournal::write(const JournalWork& work) {
  try {
    const std::unique_ptr<StoreBatch> batch = store_.begin({});
    if (Result<void> written = work.write(*batch, clock_.now()); !written) return written;
    return batch->commit();
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, "the database does not answer: " + failed.message);
  }
}

}  // namespace jobrun::app
