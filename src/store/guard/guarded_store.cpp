#include "base/ports/forwarding_batch.hpp"
#include "guard/notes.hpp"
#include "store/guard.hpp"

namespace jobrun::store {
namespace {

class GuardedBatch final : public ForwardingBatch<> {
 public:
  GuardedBatch(std::unique_ptr<StoreBatch> inner, Guard& guard)
      : ForwardingBatch(std::move(inner)), guard_(guard) {}

  std::optional<TextRecord> write(const Commit& commit, Instant now) override {
    std::optional<TextRecord> promised = inner().write(commit, now);
    notes_.write(commit, promised);
    return promised;
  }
  void block_sender(const BlockedSender& sender) override {
    inner().block_sender(sender);
    notes_.block(sender);
  }
  Result<std::optional<ClientId>> change_directory(const DirectoryChange& change, Instant now) override {
    Result<std::optional<ClientId>> changed = inner().change_directory(change, now);
    if (changed) notes_.change(change);
    return changed;
  }
  void begin_item() override {
    inner().begin_item();
    notes_.begin_item();
  }
  void keep_item() override {
    inner().keep_item();
    notes_.keep_item();
  }
  void undo_item() override {
    inner().undo_item();
    notes_.undo_item();
  }

  Result<void> commit() override {
    Result<void> committed = inner().commit();
    if (committed) guard_.add(notes_.all());
    return committed;
  }

 private:
  Guard& guard_;
  GuardNotes notes_;
};

}  // namespace

std::unique_ptr<StoreBatch> GuardedStore::begin(std::span<const Event* const> events) {
  return std::make_unique<GuardedBatch>(store_.begin(events), guard_);
}

}  // namespace jobrun::store
