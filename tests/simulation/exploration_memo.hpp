// Which states were seen before, looked up some twenty million times a run: the most of an exploration's time goes
// into this, and the standard maps, with a node for each entry, take longer still.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace jobrun::exploration {

/// Numbers by 60-bit keys, in open addressing, at most half full. Nothing is ever taken out.
class Memo {
 public:
  /// The number kept for the key, and whether it is this one because there was none. The reference is good until
  /// the next call.
  std::pair<std::uint32_t&, bool> try_emplace(std::uint64_t key, std::uint32_t number) {
    if (2 * size_ >= slots_.size()) grow();
    Slot& slot = find(key);
    const bool is_new = slot.tag == 0;
    if (is_new) {
      slot = {key + 1, number};
      ++size_;
    }
    return {slot.number, is_new};
  }

 private:
  struct Slot {
    std::uint64_t tag = 0;  ///< the key plus one; 0: free
    std::uint32_t number = 0;
  };

  Slot& find(std::uint64_t key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (key * 0x9E3779B97F4A7C15ULL) >> 32U & mask;
    while (slots_[at].tag != 0 && slots_[at].tag != key + 1) at = (at + 1) & mask;
    return slots_[at];
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 1024 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.tag != 0) find(slot.tag - 1) = slot;
    }
  }

  std::vector<Slot> slots_;  ///< a power of two
  std::size_t size_ = 0;
};

}  // namespace jobrun::exploration
