// Where the same events lead in another order.
//
// Message statuses come late, twice and in any order, so the order must not matter: two stories in which the same
// requests were made and answered alike, and the same was told, end alike. They are compared where nothing is left
// to do, each with the first that came there.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "exploration_journal.hpp"

namespace jobrun::exploration {

class Ends {
 public:
  /// What has happened to the text's requests, as a number: the past, and one more thing that happened.
  std::uint16_t past_after(std::uint16_t past, std::uint8_t what);

  /// The node of a story with the same events that ended otherwise; empty: there is none so far.
  std::optional<std::uint32_t> compare(std::uint16_t past, const Journal& journal, std::uint32_t node);

  std::size_t compared() const { return compared_; }

 private:
  struct End {
    std::string is;
    std::uint32_t node = 0;
  };

  std::unordered_map<std::uint32_t, std::uint16_t> pasts_;
  std::unordered_map<std::string, End> ends_;
  std::size_t compared_ = 0;
};

}  // namespace jobrun::exploration
