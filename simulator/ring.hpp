// The newest records, bounded by count and by bytes: when either is exceeded, the oldest go.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace jobrun::simulator {

/// `T` has a member `sid`, by which it is found, when `T` is looked up by `find`.
template <class T>
class Ring {
 public:
  Ring(std::size_t count_max, std::size_t bytes_max) : count_max_(count_max), bytes_max_(bytes_max) {}

  /// `bytes` is what the item holds beyond its own size. The reference is good until the next push.
  T& push(T item, std::size_t bytes) {
    bytes += sizeof(T);
    items_.push_back({std::move(item), bytes});
    bytes_ += bytes;
    if constexpr (requires(T t) { t.sid; }) {
      by_sid_[items_.back().item.sid] = first_ + items_.size() - 1;
    }
    while (items_.size() > 1 && (items_.size() > count_max_ || bytes_ > bytes_max_)) drop_oldest();
    return items_.back().item;
  }

  /// nullptr when unknown or dropped by now.
  T* find(std::string_view sid) {
    const auto it = by_sid_.find(std::string(sid));
    return it == by_sid_.end() ? nullptr : &items_[it->second - first_].item;
  }

  /// The position of an item in the order of arrival, from 1; 0 when unknown.
  std::uint64_t position(std::string_view sid) const {
    const auto it = by_sid_.find(std::string(sid));
    return it == by_sid_.end() ? 0 : it->second + 1;
  }

  /// Newest first; `visit(item, position)` returns false to stop.
  template <class Visit>
  void newest_first(Visit visit) const {
    for (std::size_t i = items_.size(); i > 0; --i) {
      if (!visit(items_[i - 1].item, first_ + i)) return;
    }
  }

  /// Counts what an item has grown by, as notes are added to it.
  void grow(std::string_view sid, std::size_t bytes) {
    const auto it = by_sid_.find(std::string(sid));
    if (it == by_sid_.end()) return;
    items_[it->second - first_].bytes += bytes;
    bytes_ += bytes;
    while (items_.size() > 1 && bytes_ > bytes_max_) drop_oldest();
  }

  std::size_t size() const { return items_.size(); }
  std::size_t bytes() const { return bytes_; }

  void clear() {
    first_ += items_.size();
    items_.clear();
    by_sid_.clear();
    bytes_ = 0;
  }

 private:
  struct Kept {
    T item;
    std::size_t bytes;
  };

  void drop_oldest() {
    if constexpr (requires(T t) { t.sid; }) by_sid_.erase(items_.front().item.sid);
    bytes_ -= items_.front().bytes;
    items_.pop_front();
    ++first_;
  }

  std::size_t count_max_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::uint64_t first_ = 0;  ///< position of items_.front(), from 0
  std::deque<Kept> items_;
  std::unordered_map<std::string, std::uint64_t> by_sid_;
};

}  // namespace jobrun::simulator
