#include "store/holding_spool.hpp"

#include <algorithm>
#include <iterator>

#include "base/rare_path.hpp"

namespace jobrun::store {
namespace {

/// The text that the event promises, or that the step is taken by.
std::string text_of(const SpoolRecord& record) {
  if (const auto* step = std::get_if<SpooledStep>(&record)) return step->text ? step->text->text() : std::string();
  const auto& event = std::get<SpooledEvent>(record);
  return event.promised ? event.promised->id.text() : std::string();
}

}  // namespace

Result<void> HoldingSpool::append(std::span<const SpoolRecord> records) {
  const std::lock_guard lock(mutex_);
  if (held_.empty()) return inner_.append(records);
  std::vector<SpoolRecord> all(held_.begin(), held_.end());
  all.insert(all.end(), records.begin(), records.end());
  if (Result<void> kept = inner_.append(all); !kept) return kept;
  seen(RarePath::held_made_durable);
  let_go();
  return {};
}

Result<void> HoldingSpool::hold(std::span<const SpoolRecord> records) {
  const std::lock_guard lock(mutex_);
  if (held_.size() + records.size() > held_max) {
    return failure(ErrorKind::unavailable, "too much waits in memory for a disk that takes it");
  }
  const auto may_be_held = [this](const SpoolRecord& record) {
    const std::string text = text_of(record);
    if (std::holds_alternative<SpooledEvent>(record)) return !text.empty();
    return text.empty() || texts_.contains(text);
  };
  const auto is_about_text = [](const SpoolRecord& record) { return !text_of(record).empty(); };
  if (!std::ranges::all_of(records, may_be_held) || std::ranges::none_of(records, is_about_text)) {
    return failure(ErrorKind::unavailable, "neither the database nor the spool can be written; repeat later");
  }
  for (const SpoolRecord& record : records) {
    if (is_about_text(record)) texts_.insert(text_of(record));
    held_.push_back(record);
  }
  held_count_ = held_.size();
  return {};
}

Result<std::vector<SpoolRecord>> HoldingSpool::oldest(std::size_t most) {
  const std::lock_guard lock(mutex_);
  given_.reset();
  if (!inner_.is_empty()) return inner_.oldest(most);
  given_ = std::min(most, held_.size());
  return std::vector<SpoolRecord>(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(*given_));
}

void HoldingSpool::forget_oldest(std::size_t count) {
  const std::lock_guard lock(mutex_);
  if (!given_) return inner_.forget_oldest(count);
  const std::size_t gone = std::min(count, *given_);
  *given_ -= gone;
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(gone));
  if (gone > 0 && held_.empty()) return let_go();
  held_count_ = held_.size();
}

Result<std::vector<SpoolRecord>> HoldingSpool::all() {
  const std::lock_guard lock(mutex_);
  Result<std::vector<SpoolRecord>> all = inner_.all();
  if (all) all->insert(all->end(), held_.begin(), held_.end());
  return all;
}

std::unordered_set<std::string> HoldingSpool::texts_held() const {
  const std::lock_guard lock(mutex_);
  return texts_;
}

void HoldingSpool::let_go() {
  held_.clear();
  texts_.clear();
  held_count_ = 0;
  if (given_) given_ = 0;
}

}  // namespace jobrun::store
