#include "old_words.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace jobrun::app {

OldWordsWatch::OldWordsWatch(Ports ports, Options options)
    : ports_(std::move(ports)), options_(options), place_(places_of_words.size()) {}

void OldWordsWatch::pump() {
  if (*under_way_) return;
  if (!found_.empty()) return empty_some();
  if (place_ < places_of_words.size() && !next_) {
    ++place_;
    next_ = 0;
    if (place_ == places_of_words.size()) tell();
  }
  if (place_ < places_of_words.size()) return look();
  if (ports_.clock.monotonic() >= due_) begin();
}

void OldWordsWatch::begin() {
  due_ = ports_.clock.monotonic() + options_.every;
  began_at_ = ports_.clock.now();
  days_.clear();
  for (const ClientProfile& client : ports_.reader->clients()) {
    if (client.settings.retention_days) days_.emplace(client.id, *client.settings.retention_days);
  }
  place_ = 0;
  next_ = 0;
  *emptied_ = 0;
}

Instant OldWordsWatch::limit_of(const OldWords& row) const {
  const auto own = row.client ? days_.find(*row.client) : days_.end();
  return began_at_ - std::chrono::days{own == days_.end() ? options_.days : own->second};
}

/// What is older than the shortest limit is looked at, by whose limit it is.
void OldWordsWatch::look() {
  int shortest = options_.days;
  for (const auto& [client, days] : days_) shortest = std::min(shortest, days);
  OldWordsPage page =
      ports_.reader->old_words(places_of_words[place_], *next_, began_at_ - std::chrono::days{shortest});
  std::erase_if(page.rows, [this](const OldWords& row) { return row.at >= limit_of(row); });
  found_ = std::move(page.rows);
  next_ = page.next;
}

void OldWordsWatch::tell() {
  if (*emptied_ == 0) return;
  ports_.log.write({LogLevel::info, "old words were emptied", "", {{"rows", std::to_string(*emptied_)}}});
}

void OldWordsWatch::empty_some() {
  const std::size_t some = std::min(found_.size(), options_.rows_at_once);
  std::vector<OldWords> rows(found_.end() - static_cast<std::ptrdiff_t>(some), found_.end());
  found_.resize(found_.size() - some);
  *under_way_ = true;
  const auto changed = std::make_shared<std::int64_t>(0);
  ports_.journal.submit({.write = [place = places_of_words[place_], rows = std::move(rows), changed](
                                      StoreBatch& batch, Instant) -> Result<void> {
                           *changed = batch.empty_words(place, rows);
                           return {};
                         },
                         .done =
                             [under_way = under_way_, emptied = emptied_, changed](const Result<void>& durable) {
                               // What was not written is found again the next day.
                               if (durable) *emptied += *changed;
                               *under_way = false;
                             }});
}

}  // namespace jobrun::app
