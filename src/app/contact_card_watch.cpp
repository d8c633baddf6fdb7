#include "contact_card_watch.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::app {

ContactCardWatch::ContactCardWatch(Ports ports, Options options)
    : ports_(std::move(ports)), options_(std::move(options)) {}

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
  newest_ = last.front().id;
  query.limit = texts_at_once;
  query.kind = InboundQuery::Kind::cards;
  for (InboundListing& listing : ports_.reader->inbound_texts(query)) {
    InboundText& text = listing.inbound.text;
    const bool is_new = listing.reply.empty() && listing.received_at >= oldest &&
                        !readings_.contains(text.message_sid) && std::ranges::any_of(text.media, is_contact_card);
    if (!is_new) continue;
    Reading reading{.text = std::move(text), .received_at = listing.received_at};
    begin_again(reading);
    std::string id = reading.text.message_sid;
    readings_.emplace(std::move(id), std::move(reading));
  }
}

void ContactCardWatch::begin_again(Reading& reading) const {
  reading.urls.clear();
  reading.cards.clear();
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
  std::vector<std::pair<std::string, bool>> followed;
  {
    const std::lock_guard lock(answers_->mutex);
    fetched.swap(answers_->fetched);
    followed.swap(answers_->followed);
  }
  for (auto& [id, media] : fetched) {
    Reading& reading = readings_.at(id);
    reading.is_asking = false;
    if (media) {
      reading.cards.push_back(std::move(media->bytes));
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
  for (const auto& [id, is_durable] : followed) {
    Reading& reading = readings_.at(id);
    reading.is_asking = false;
    reading.is_done = is_durable;
    reading.due = ports_.clock.monotonic() + options_.retry_every;
    if (!is_durable) begin_again(reading);
  }
}

void ContactCardWatch::follow(const Reading& reading) {
  struct Made {
    std::optional<Commit> commit;
    std::vector<TextRecord> texts;
  };
  const auto made = std::make_shared<Made>();
  ports_.journal.submit(
      {.write = [this, made, text = reading.text, cards = reading.cards](StoreBatch& batch,
                                                                         Instant now) -> Result<void> {
         const std::shared_ptr<const directory::Snapshot> directory = ports_.directory.current();
         const texting::Surroundings around{*directory, ports_.numbering_plan, options_.policy, options_.sign_up,
                                            ports_.time_zones};
         *made = {.commit = texting::take_contact_cards(text, cards, around, batch, now), .texts = {}};
         if (!made->commit) return {};
         if (std::optional<TextRecord> promised = batch.write(*made->commit, now))
           made->texts.push_back(std::move(*promised));
         return {};
       },
       .done =
           [this, made, answers = answers_, id = reading.text.message_sid](const Result<void>& durable) {
             if (durable && made->commit) {
               tell(*made->commit);
               if (!made->texts.empty()) ports_.promised(std::move(made->texts));
             }
             const std::lock_guard lock(answers->mutex);
             answers->followed.emplace_back(id, durable.has_value());
           }});
}

void ContactCardWatch::tell(const Commit& commit) {
  count_all(ports_.meter, commit.counts);
  for (const AlertRequest& alert : commit.alerts) ports_.meter.count(Metric::alerts_raised, name_of(alert.kind));
  for (const LogLine& line : commit.logs) ports_.log.write(line);
}

}  // namespace jobrun::app
