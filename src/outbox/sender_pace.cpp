#include "sender_pace.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace jobrun::outbox {
namespace {

constexpr std::size_t senders_most = 4'096;
constexpr std::int64_t toll_free_times = 3;

bool is_toll_free(E164 sender) {
  constexpr std::array<std::string_view, 7> prefixes = {"+1800", "+1833", "+1844", "+1855",
                                                        "+1866", "+1877", "+1888"};
  const std::string text = sender.text();
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

}  // namespace

std::int64_t SenderPace::rate_of(E164 sender) const {
  return segments_per_second_ * (is_toll_free(sender) ? toll_free_times : 1);
}

SenderPace::Nanoseconds SenderPace::reserve(E164 sender, std::size_t segments, Nanoseconds now) {
  if (!is_limited()) return now;
  if (free_at_.size() >= senders_most) {
    std::erase_if(free_at_, [now](const auto& entry) { return entry.second <= now; });
  }
  const std::int64_t rate = rate_of(sender);
  const auto [entry, is_new] = free_at_.try_emplace(sender, now);
  const Nanoseconds at = std::max(now, entry->second);
  entry->second = at + std::chrono::seconds{1} * static_cast<std::int64_t>(segments) / rate;
  return at;
}

}  // namespace jobrun::outbox
