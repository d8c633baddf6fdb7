// What a batch is to tell the guard once it is durable.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/commit.hpp"
#include "store/guard.hpp"

namespace jobrun::store {

class GuardNotes {
 public:
  void write(const Commit& commit, const std::optional<TextRecord>& promised) {
    if (commit.text && promised && promised->promise.id == commit.text->id) {
      notes_.push_back(GuardedPromise::of(*commit.text, commit.text->country, promised->promised_at));
    }
    notes_.insert(notes_.end(), commit.learned.begin(), commit.learned.end());
    notes_.insert(notes_.end(), commit.blocked_senders.begin(), commit.blocked_senders.end());
  }
  void block(const BlockedSender& sender) { notes_.emplace_back(sender); }
  void change(const DirectoryChange& change) {
    if (const auto* fact = std::get_if<SetPhoneFact>(&change)) notes_.emplace_back(*fact);
    if (const auto* unblocked = std::get_if<UnblockSender>(&change)) notes_.emplace_back(*unblocked);
  }

  void begin_item() { marks_.push_back(notes_.size()); }
  void keep_item() { marks_.pop_back(); }
  void undo_item() {
    notes_.erase(notes_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), notes_.end());
    marks_.pop_back();
  }
  const std::vector<GuardNote>& all() const { return notes_; }

 private:
  std::vector<GuardNote> notes_;
  std::vector<std::size_t> marks_;
};

}  // namespace jobrun::store
