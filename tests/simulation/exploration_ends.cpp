#include "exploration_ends.hpp"

#include <algorithm>
#include <limits>

namespace jobrun::exploration {
namespace {

template <class Enum>
char letter_of(std::optional<Enum> value) {
  return static_cast<char>(value ? 'a' + static_cast<int>(*value) : '-');
}

/// What happened to the requests, what was told of their messages, and how the calls ended: which call has the
/// text is a matter of the order of their own webhooks.
std::string events_of(std::uint16_t past, const Journal& journal) {
  std::string events = std::to_string(past);
  for (const CallInJournal& call : journal.calls) {
    events += "," + std::to_string(call.events) + letter_of(call.reason);
  }
  for (const TextInJournal& text : journal.texts) {
    for (const MessageInJournal& message : text.messages) {
      events += "," + std::to_string(message.told) + ":" + std::to_string(message.code);
    }
  }
  return events;
}

std::string end_of(const Journal& journal) {
  std::string end;
  for (const TextInJournal& text : journal.texts) {
    end += letter_of(std::optional(text.state));
    end += letter_of(text.status);
  }
  for (const CallInJournal& call : journal.calls) end += letter_of(call.outcome);
  return end;
}

/// A message was lost, something was done about that, and then it arrived after all. What was done stands: a
/// person was told to call back, or the text may be the message of a later request.
bool is_delivered_too_late(const Journal& journal) {
  return std::ranges::any_of(journal.texts, [](const TextInJournal& text) {
    if (text.attempts == 1 && text.state != TextState::refused) return false;
    return std::ranges::any_of(text.messages, [](const MessageInJournal& message) {
      return message.is_lost && message.is_told_delivered();
    });
  });
}

}  // namespace

std::uint16_t Ends::past_after(std::uint16_t past, std::uint8_t what) {
  const std::uint32_t key = std::uint32_t{past} << 8U | what;
  const std::size_t next = pasts_.size() + 1;
  require(next <= std::numeric_limits<std::uint16_t>::max(), "few things happen to a text's requests");
  return pasts_.try_emplace(key, static_cast<std::uint16_t>(next)).first->second;
}

std::optional<std::uint32_t> Ends::compare(std::uint16_t past, const Journal& journal, std::uint32_t node) {
  if (is_delivered_too_late(journal)) return std::nullopt;
  std::string is = end_of(journal);
  const auto [first, is_new] = ends_.try_emplace(events_of(past, journal), End{is, node});
  if (is_new) return std::nullopt;
  ++compared_;
  if (first->second.is == is) return std::nullopt;
  return first->second.node;
}

}  // namespace jobrun::exploration
