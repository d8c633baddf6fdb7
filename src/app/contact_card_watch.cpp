#include "contact_card_watch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "conversation/owner.hpp"

namespace jobrun::app {
void ContactCardWatch::pump() {
  take_answers();
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  if (now >= due_) {
    due_ = now + options_.look_every;
    find_more();
  }
  for (auto& [id, reading] : readings_) {
    if (!reading.is_done && !reading.is_asking && now >= reading.due) ask_for_next(reading);
  }
}

void ContactCardWatch::find_more() {
  constexpr std::int64_t texts_at_once = 50;
  const Instant oldest = ports_.clock.now() - options_.taken_up_for;
  std::erase_if(readings_, [&](const auto& one) { return one.second.is_done && one.second.received_at < oldest; });
  InboundQuery query;
  query.limit = 1;
  const std::vector<InboundListing> last = ports_.reader->inbound_texts(query);
  if (last.empty() || newest_ == last.front().id) return;
  query.limit = texts_at_once;
  query.after = newest_;
  query.kind = InboundQuery::Kind::cards;
  for (InboundListing& listing : ports_.reader->inbound_texts(query)) {
    InboundText& text = listing.inbound.text;
    const bool is_new = listing.received_at >= oldest && !readings_.contains(text.message_sid) &&
                        std::ranges::any_of(text.media, is_contact_card);
    if (!is_new) continue;
    Reading reading{.text = std::move(text), .received_at = listing.received_at};
    begin_again(reading);
    std::string id = reading.text.message_sid;
    readings_.emplace(std::move(id), std::move(reading));
  }
  newest_ = last.front().id;
}

void ContactCardWatch::begin_again(Reading& reading) const {
  reading.urls.clear();
  reading.numbers.clear();
  for (const MediaLink& link : reading.text.media) {
    if (is_contact_card(link) && reading.urls.size() < options_.cards_max) reading.urls.push_back(link.url);
  }
  std::ranges::reverse(reading.urls);
}

void ContactCardWatch::ask_for_next(Reading& reading) {
  reading.is_asking = true;
  if (reading.urls.empty() || ports_.media == nullptr) return follow(reading);
  std::string url = std::move(reading.urls.back());
  reading.urls.pop_back();
  ports_.media->fetch_media(std::move(url), options_.card_bytes_max,
                            [answers = answers_, id = reading.text.message_sid](Result<Media> media) {
                              const std::lock_guard lock(answers->mutex);
                              answers->fetched.emplace_back(id, std::move(media));
                            });
}

void ContactCardWatch::take_answers() {
  std::vector<std::pair<std::string, Result<Media>>> fetched;
  std::vector<std::pair<std::string, Result<void>>> followed;
  {
    const std::lock_guard lock(answers_->mutex);
    fetched.swap(answers_->fetched);
    followed.swap(answers_->followed);
  }
  for (auto& [id, media] : fetched) {
    Reading& reading = readings_.at(id);
    reading.is_asking = false;
    if (media) {
      std::ranges::move(conversation::numbers_of_card(media->bytes), std::back_inserter(reading.numbers));
      continue;
    }
    const bool is_given_up = ports_.clock.now() - reading.received_at >= options_.given_up_after;
    if (media.error().kind == ErrorKind::unavailable && !is_given_up) {
      begin_again(reading);
      reading.due = ports_.clock.monotonic() + options_.retry_every;
    }
    ports_.log.write(
        {LogLevel::warning, "a contact card could not be read", id, {{"error", media.error().message}}});
  }
  for (const auto& [id, durable] : followed) {
    Reading& reading = readings_.at(id);
    reading.is_asking = false;
    // What the store will never take is no better the next time.
    const bool is_hopeless = !durable && durable.error().kind == ErrorKind::internal;
    reading.is_done = durable.has_value() || is_hopeless;
    reading.due = ports_.clock.monotonic() + options_.retry_every;
    if (!durable) begin_again(reading);
    if (is_hopeless) {
      ports_.log.write(
          {LogLevel::error, "a contact card cannot be followed", id, {{"error", durable.error().message}}});
    }
  }
}

void ContactCardWatch::follow(const Reading& reading) {
  ports_.decisions.take(
      [text = reading.text, numbers = reading.numbers](const texting::Surroundings& around, StoreBatch& batch,
                                                       Instant now) {
        return texting::take_contact_cards(text, numbers, around, batch, now);
      },
      [answers = answers_, id = reading.text.message_sid](const Result<void>& durable) {
        const std::lock_guard lock(answers->mutex);
        answers->followed.emplace_back(id, durable);
      });
}

}  // namespace jobrun::app
