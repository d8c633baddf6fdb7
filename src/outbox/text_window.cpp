#include "text_window.hpp"

#include "base/text_encoding.hpp"

namespace jobrun::outbox {
namespace {

/// Somebody waits for a reply, and has just written.
int rank_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::customer_reply:
    case Purpose::owner_reply:
    case Purpose::onboarding:
    case Purpose::triage_reply:
      return 0;
    case Purpose::customer_intake:
    case Purpose::failsafe:
    case Purpose::canary:
    case Purpose::alert:
      return 1;
  }
  return 1;
}

}  // namespace

void TextWindow::add(TextRecord text, Nanoseconds not_before, Nanoseconds useless_at) {
  const std::int64_t row = text.row.value;
  const auto [line, is_head] = last_in_line_.try_emplace(text.promise.pair, row);
  Held& held = held_.emplace(row, Held{std::move(text), not_before, useless_at}).first->second;
  held.segments = measure_text(held.text.promise.body).segments;
  if (is_head) return make_eligible(row, held);
  held_.at(line->second).next_in_line = row;
  line->second = row;
}

TextWindow::Turn TextWindow::turn_of(std::int64_t row, const Held& held) {
  return {rank_of(held.text.promise.id.purpose), row};
}

void TextWindow::make_ready(std::int64_t row, Held& held) {
  held.place = Held::Place::ready;
  ready_.insert(turn_of(row, held));
}

std::optional<TextRow> TextWindow::first_ready(Nanoseconds now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    const std::int64_t row = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    make_ready(row, held_.at(row));
  }
  if (ready_.empty()) return std::nullopt;
  return TextRow{ready_.begin()->second};
}

std::optional<TextRow> TextWindow::ready_after(TextRow row) const {
  const auto next = ready_.upper_bound(turn_of(row.value, held_.at(row.value)));
  if (next == ready_.end()) return std::nullopt;
  return TextRow{next->second};
}

void TextWindow::take(TextRow row) {
  make_busy(row.value, at(row));
}

std::vector<TextRow> TextWindow::take_useless(std::size_t limit, Nanoseconds now) {
  std::vector<TextRow> taken;
  while (taken.size() < limit && !useless_.empty() && useless_.begin()->first <= now) {
    const std::int64_t row = useless_.begin()->second;
    make_busy(row, held_.at(row));
    taken.push_back(TextRow{row});
  }
  return taken;
}

void TextWindow::put_back(TextRow row, Nanoseconds not_before, bool may_hurry) {
  Held& held = at(row);
  held.not_before = not_before;
  held.may_hurry = may_hurry;
  held.is_probe = false;
  make_eligible(row.value, held);
}

void TextWindow::finish(TextRow row) {
  const auto place = held_.find(row.value);
  const std::optional<std::int64_t> next = place->second.next_in_line;
  if (next) {
    make_eligible(*next, held_.at(*next));
  } else {
    last_in_line_.erase(place->second.text.promise.pair);
  }
  held_.erase(place);
}

void TextWindow::hurry() {
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    Held& held = held_.at(waiting->second);
    if (!held.may_hurry) {
      ++waiting;
      continue;
    }
    make_ready(waiting->second, held);
    waiting = waiting_.erase(waiting);
  }
}

void TextWindow::leave_lines(const std::function<bool(const Held&)>& leave) {
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    Held& held = held_.at(waiting->second);
    if (!held.place_taken_for || !leave(held)) {
      ++waiting;
      continue;
    }
    held.place_taken_for.reset();
    make_ready(waiting->second, held);
    waiting = waiting_.erase(waiting);
  }
}

void TextWindow::postpone(TextRow row, Nanoseconds not_before) {
  Held& held = at(row);
  if (held.place == Held::Place::in_line) {
    held.not_before = not_before;
    return;
  }
  take(row);
  put_back(row, not_before, false);
}

/// What stays stands first in its line: of these only the first is ever started.
void TextWindow::forget_idle(const std::function<void(const Held&)>& forgotten) {
  last_in_line_.clear();
  for (auto entry = held_.begin(); entry != held_.end();) {
    auto& [row, held] = *entry;
    if (held.place == Held::Place::busy || held.start_in_doubt) {
      held.next_in_line.reset();
      last_in_line_.emplace(held.text.promise.pair, row);
      ++entry;
      continue;
    }
    make_busy(row, held);
    forgotten(held);
    entry = held_.erase(entry);
  }
}

std::optional<TextWindow::Nanoseconds> TextWindow::next_ready_at() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first;
}

std::optional<TextWindow::Nanoseconds> TextWindow::next_useless_at() const {
  if (useless_.empty()) return std::nullopt;
  return useless_.begin()->first;
}

void TextWindow::make_eligible(std::int64_t row, Held& held) {
  held.place = Held::Place::waiting;
  waiting_.emplace(held.not_before, row);
  useless_.emplace(held.useless_at, row);
}

void TextWindow::make_busy(std::int64_t row, Held& held) {
  ready_.erase(turn_of(row, held));
  waiting_.erase({held.not_before, row});
  useless_.erase({held.useless_at, row});
  held.place = Held::Place::busy;
}

}  // namespace jobrun::outbox
