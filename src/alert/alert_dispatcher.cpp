#include "alert/alert_dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "base/rare_path.hpp"
#include "lane.hpp"

namespace jobrun::alert {
namespace {

using std::chrono::nanoseconds;

/// What one channel said of one letter.
struct Answer {
  std::size_t lane = 0;
  std::int64_t number = 0;
  AlertWord word;
};

struct SettlementGroup {
  std::vector<Settlement> items;
  std::vector<AlertWay> ways;  ///< all there are
  bool durable = false;
};

/// What reached the dispatcher from other threads since its last pump.
struct Mail {
  std::vector<Answer> answers;
  std::vector<std::shared_ptr<SettlementGroup>> settled;
  bool raised = false;
};

void write_settlement(StoreBatch& batch, Settlement& item, std::span<const AlertWay> ways, Instant now) {
  for (const std::string& recipient : item.told) batch.record_telling(item.way, recipient, now);
  switch (item.kind) {
    case Settlement::Kind::accepted: {
      std::vector<AlertWay> others(ways.begin(), ways.end());
      std::erase(others, item.way);
      // Said again because the first record was in doubt, it is first still.
      item.is_first = batch.record_alert_accepted(item.alert.id, item.way, others, now) || item.is_first;
      return;
    }
    case Settlement::Kind::failed:
      return batch.record_alert_failed(item.alert.id, item.way, item.reason,
                                       item.again ? std::optional(now + *item.again) : std::nullopt);
    case Settlement::Kind::postponed:
      return batch.postpone_alert(item.alert.id, item.way, now + item.again.value_or(Duration{0}));
  }
}

Result<void> write_settlements(StoreBatch& batch, SettlementGroup& group, Instant now) {
  for (Settlement& item : group.items) write_settlement(batch, item, group.ways, now);
  return {};
}

LogLine line_about(const AlertRecord& alert, AlertWay way, LogLevel level, std::string message) {
  LogLine line{level, std::move(message), alert.request.call_sid, {}};
  line.fields.push_back({"alert", std::to_string(alert.id.value)});
  line.fields.push_back({"kind", std::string(name_of(alert.request.kind))});
  line.fields.push_back({"channel", std::string(name_of(way))});
  return line;
}

}  // namespace

struct AlertDispatcher::Impl : std::enable_shared_from_this<AlertDispatcher::Impl> {
  Impl(Ports ports_given, AlertDispatcherOptions options_given)
      : ports(std::move(ports_given)), options(options_given) {
    ports.meter.set(Metric::alert_channels, static_cast<double>(ports.channels.size()));
    for (AlertChannel* channel : ports.channels) {
      lanes.emplace_back(ports, options, *channel);
      ways.push_back(channel->way());
    }
  }

  Duration pump();
  void deliver(const std::function<void(Mail&)>& put);
  Mail take_mail();
  void hear(const Answer& answer);
  void settle(const SettlementGroup& group);
  void look_for_due(std::size_t lane);
  void send(std::size_t lane, AlertLetter letter);
  void submit_settlements();
  void warn_without_channels();
  Duration next_wanted();
  void show_levels();
  Lane& lane_of(AlertWay way) { return *std::ranges::find(lanes, way, &Lane::way); }

  Ports ports;
  AlertDispatcherOptions options;
  std::mutex pump_mutex;
  std::mutex mail_mutex;
  Mail mail;
  std::shared_ptr<const std::function<void()>> wake;
  std::atomic<bool> stopping{false};

  // Everything below belongs to pump().
  std::deque<Lane> lanes;
  std::vector<AlertWay> ways;
  std::deque<Settlement> to_record;
  std::size_t recording = 0;
  nanoseconds record_not_before{};
  nanoseconds warn_look_at{};
  bool has_warned = false;

  mutable std::mutex levels_mutex;
  AlertDispatcherLevels levels_shown;
};

void AlertDispatcher::Impl::deliver(const std::function<void(Mail&)>& put) {
  std::shared_ptr<const std::function<void()>> to_wake;
  {
    const std::lock_guard lock(mail_mutex);
    put(mail);
    to_wake = wake;
  }
  if (to_wake) (*to_wake)();
}

Mail AlertDispatcher::Impl::take_mail() {
  const std::lock_guard lock(mail_mutex);
  return std::exchange(mail, Mail{});
}

Duration AlertDispatcher::Impl::pump() {
  const std::lock_guard lock(pump_mutex);
  const Mail letters = take_mail();
  if (letters.raised) {
    for (Lane& lane : lanes) lane.look_now();
  }
  for (const auto& group : letters.settled) settle(*group);
  for (const Answer& answer : letters.answers) hear(answer);
  for (std::size_t lane = 0; lane < lanes.size() && !stopping; ++lane) look_for_due(lane);
  warn_without_channels();
  submit_settlements();
  show_levels();
  return next_wanted();
}

void AlertDispatcher::Impl::show_levels() {
  AlertDispatcherLevels levels;
  for (const Lane& lane : lanes) {
    levels.in_flight += lane.in_flight();
    levels.in_flight_max = std::max(levels.in_flight_max, lane.in_flight());
  }
  levels.recording = to_record.size() + recording;
  const std::lock_guard levels_lock(levels_mutex);
  levels_shown = levels;
}

void AlertDispatcher::Impl::look_for_due(std::size_t lane) {
  try {
    for (AlertLetter& letter : lanes[lane].take_due(to_record)) send(lane, std::move(letter));
  } catch (const StoreFailure& store_failure) {
    seen(RarePath::due_alerts_not_readable);
    lanes[lane].look_later(options.journal_retry);
    ports.log.write({LogLevel::error,
                     "due alerts could not be read, will be tried again",
                     "",
                     {{"reason", store_failure.message}}});
  }
}

void AlertDispatcher::Impl::warn_without_channels() {
  if (!lanes.empty() || has_warned || ports.clock.monotonic() < warn_look_at) return;
  warn_look_at = ports.clock.monotonic() + options.look_every;
  try {
    if (ports.due_alerts(AlertWay::webhook, ports.clock.now(), 1).empty()) return;
  } catch (const StoreFailure&) {
    return;  // there is time
  }
  has_warned = true;
  ports.log.write({LogLevel::warning, "alerts wait and nobody is told: no alert channel is configured", "", {}});
}

void AlertDispatcher::Impl::send(std::size_t lane, AlertLetter letter) {
  const std::int64_t number = lanes[lane].start(letter);
  lanes[lane].channel().send(std::move(letter), [lane, number, weak = weak_from_this()](AlertWord word) {
    const auto self = weak.lock();
    if (!self) return;
    self->deliver([&](Mail& letters) { letters.answers.push_back({lane, number, std::move(word)}); });
  });
}

void AlertDispatcher::Impl::hear(const Answer& answer) {
  Lane& lane = lanes[answer.lane];
  const std::optional<AlertLetter> letter = lane.hear(answer.number, answer.word, to_record);
  if (!letter) return;
  ports.meter.count(Metric::alert_attempts, name_of(lane.way()), name_of(answer.word.answer));
  if (answer.word.answer != AlertAnswer::accepted) {
    LogLine line = line_about(letter->alerts.front(), lane.way(), LogLevel::warning,
                              "an alert channel did not accept an alert");
    line.fields.push_back({"answer", std::string(name_of(answer.word.answer))});
    line.fields.push_back({"reason", answer.word.reason, LogField::Privacy::foreign});
    if (letter->alerts.size() > 1) line.fields.push_back({"alerts", std::to_string(letter->alerts.size())});
    ports.log.write(line);
  }
}

void AlertDispatcher::Impl::submit_settlements() {
  if (to_record.empty() || recording > 0 || ports.clock.monotonic() < record_not_before) return;
  auto group = std::make_shared<SettlementGroup>();
  group->ways = ways;
  while (!to_record.empty() && group->items.size() < options.group_max) {
    group->items.push_back(std::move(to_record.front()));
    to_record.pop_front();
  }
  recording = group->items.size();
  ports.journal.submit({[group](StoreBatch& batch, Instant now) { return write_settlements(batch, *group, now); },
                        [group, weak = weak_from_this()](const Result<void>& durable) {
                          group->durable = durable.has_value();
                          if (const auto self = weak.lock()) {
                            self->deliver([&](Mail& letters) { letters.settled.push_back(group); });
                          }
                        }});
}

void AlertDispatcher::Impl::settle(const SettlementGroup& group) {
  recording = 0;
  if (!group.durable) {
    seen(RarePath::alert_results_not_durable);
    record_not_before = ports.clock.monotonic() + options.journal_retry;
    to_record.insert(to_record.begin(), group.items.begin(), group.items.end());
    ports.log.write({LogLevel::error, "results of alerts could not be recorded, will be tried again", "", {}});
    return;
  }
  for (const Settlement& item : group.items) {
    lane_of(item.way).settled(item);
    if (item.kind != Settlement::Kind::accepted) continue;
    if (item.is_first) ports.meter.count(Metric::alerts_sent);
    ports.log.write(line_about(item.alert, item.way, LogLevel::info, "alert accepted"));
  }
  // What one way has told is the others' now.
  for (Lane& lane : lanes) lane.look_now();
}

// The wall clock says when alerts are due, and may step: so a look is never further away than look_every.
Duration AlertDispatcher::Impl::next_wanted() {
  const nanoseconds now = ports.clock.monotonic();
  nanoseconds at = now + options.look_every;
  if (!to_record.empty() && recording == 0) at = std::min(at, std::max(now, record_not_before));
  for (const Lane& lane : lanes) {
    if (stopping) break;
    if (const std::optional<nanoseconds> wanted = lane.wants_at()) at = std::min(at, *wanted);
  }
  return at <= now ? Duration{0} : std::chrono::ceil<Duration>(at - now);
}

AlertDispatcher::AlertDispatcher(Ports ports, AlertDispatcherOptions options)
    : impl_(std::make_shared<Impl>(std::move(ports), options)) {}

AlertDispatcher::~AlertDispatcher() = default;

void AlertDispatcher::set_wake(std::function<void()> wake) {
  auto shared = wake ? std::make_shared<const std::function<void()>>(std::move(wake)) : nullptr;
  const std::lock_guard lock(impl_->mail_mutex);
  impl_->wake = std::move(shared);
}

void AlertDispatcher::raised() {
  impl_->deliver([](Mail& letters) { letters.raised = true; });
}

Duration AlertDispatcher::pump() {
  return impl_->pump();
}

void AlertDispatcher::stop_starting() {
  impl_->stopping = true;
  impl_->deliver([](Mail&) {});
}

AlertDispatcherLevels AlertDispatcher::levels() const {
  const std::lock_guard lock(impl_->levels_mutex);
  return impl_->levels_shown;
}

}  // namespace jobrun::alert
