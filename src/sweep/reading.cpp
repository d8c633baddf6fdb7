#include "sweep/reading.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::sweep {
namespace {

/// Somebody called the account; what the call has dialled on belongs to it.
bool is_inbound_parent(const ListedCall& call) {
  return call.is_inbound && !call.parent;
}

}  // namespace

CallWindow window_to_sweep(std::optional<Instant> mark, Instant installed_at, Instant now, const Reach& reach) {
  const Instant from = mark.value_or(installed_at) - reach.overlap;
  return {.from = std::max({from, now - reach.window_max, installed_at}), .to = now + reach.window_max};
}

CallStatusChange end_of(const ListedCall& call, bool person_took_call) {
  return CallStatusChange{.call = {.call_sid = call.call_sid,
                                   .caller = call.caller,
                                   .number = call.number,
                                   .number_text = call.number_text,
                                   .forwarded_from = call.forwarded_from,
                                   .is_inbound_parent = is_inbound_parent(call),
                                   .parent = call.parent,
                                   .origin = Origin::sweep},
                          .status = call.status,
                          .status_text = call.status_text,
                          .at = ended_at(call),
                          .person_took_call = person_took_call};
}

std::optional<Instant> ended_at(const ListedCall& call) {
  if (!is_final(call.status)) return std::nullopt;
  return call.ended_at.value_or(call.started_at + call.duration);
}

bool is_taken(const ListedCall& leg) {
  const bool was_answered = leg.status == CallStatus::completed || leg.status == CallStatus::in_progress;
  return was_answered && !leg.machine_answered &&
         (leg.status == CallStatus::in_progress || leg.duration > Duration{0});
}

Reading read_list(std::vector<ListedCall> listed, const CallWindow& window, const HasEnded& has_ended, Instant now,
                  const Reach& reach) {
  std::ranges::stable_sort(listed, {}, &ListedCall::started_at);
  std::set<CallSid> taken;
  for (const ListedCall& leg : listed) {
    if (leg.parent && is_taken(leg)) taken.insert(*leg.parent);
  }
  Reading reading;
  if (!listed.empty()) reading.mark = listed.back().started_at;
  std::set<CallSid> lost;
  for (const ListedCall& call : listed) {
    // The carrier may list more than it was asked for.
    if (!is_inbound_parent(call) || call.started_at < std::chrono::floor<std::chrono::seconds>(window.from))
      continue;
    const std::optional<Instant> ended = ended_at(call);
    if (ended && has_ended(call.call_sid)) continue;
    if (ended && *ended + reach.grace <= now) {
      if (lost.insert(call.call_sid).second) reading.lost.push_back(end_of(call, taken.contains(call.call_sid)));
      continue;
    }
    reading.going_on.insert(call.call_sid);
    reading.mark = std::min(*reading.mark, call.started_at);
  }
  return reading;
}

TextReading read_texts(TextsList list, const TextsWindow& window, const HasText& has_text, Instant now,
                       const Reach& reach) {
  const auto came_at = [](const ListedText& listing) { return *listing.text.at; };
  std::erase_if(list.texts, [](const ListedText& listing) { return !listing.text.at; });
  std::ranges::stable_sort(list.texts, {}, came_at);
  TextReading reading{.lost = {}, .mark = list.newest};
  std::set<std::string> lost;
  for (ListedText& listing : list.texts) {
    const Instant at = came_at(listing);
    if (at < std::chrono::floor<std::chrono::seconds>(window.from)) continue;
    if (has_text(listing.text.message_sid)) continue;
    if (!listing.is_whole || at + reach.grace > now) {
      reading.mark = std::min(reading.mark.value_or(at), at);
    } else if (lost.insert(listing.text.message_sid).second) {
      reading.lost.push_back(std::move(listing.text));
    }
  }
  return reading;
}

OurNumbers::OurNumbers(const NumbersAnswer& answer, const std::string& public_url, IsKnown is_known)
    : is_known_(std::move(is_known)) {
  const auto* list = std::get_if<CarrierNumberList>(&answer);
  if (list == nullptr) return;
  is_told_ = true;
  const auto is_at_us = [base = public_url + "/"](const std::string& url) { return url.starts_with(base); };
  for (const CarrierNumber& number : list->numbers) {
    if (!number.voice_overridden_by.empty()) calls_.not_told.insert(number.number);
    if (is_at_us(number.voice.url) || is_at_us(number.status_callback.url)) calls_.at_us.insert(number.number);
    if (!number.sms_overridden_by.empty()) texts_.not_told.insert(number.number);
    if (is_at_us(number.sms_url)) texts_.at_us.insert(number.number);
  }
}

bool OurNumbers::contains(const Numbers& numbers, std::optional<E164> number) const {
  if (!number) return false;
  if (!is_told_ || numbers.not_told.contains(*number)) return is_known_(*number);
  return numbers.at_us.contains(*number);
}

}  // namespace jobrun::sweep
