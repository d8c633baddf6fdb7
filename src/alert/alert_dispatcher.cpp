#include "alert/alert_dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/back_off.hpp"
#include "base/rare_path.hpp"

namespace jobrun::alert {
namespace {

using std::chrono::nanoseconds;

/// What one channel said of one alert.
struct Word {
  AlertId alert;
  std::size_t channel = 0;
  Result<void> verdict;
};

/// What is to be recorded of one alert: that it was accepted, or when it is tried again.
struct Settlement {
  AlertRecord alert;
  bool is_accepted = false;
  std::string reason;  // why not
  Duration retry_after{0};
};

struct SettlementGroup {
  std::vector<Settlement> items;
  bool durable = false;
};

/// What reached the dispatcher from other threads since its last pump.
struct Mail {
  std::vector<Word> words;
  std::vector<std::shared_ptr<SettlementGroup>> settled;
  bool raised = false;
};

Result<void> write_settlements(StoreBatch& batch, const SettlementGroup& group, Instant now) {
  for (const Settlement& item : group.items) {
    if (item.is_accepted) {
      batch.record_alert_accepted(item.alert.id, now);
    } else {
      batch.record_alert_failed(item.alert.id, item.reason, now + item.retry_after);
    }
  }
  return {};
}

LogLine line_about(const AlertRecord& alert, LogLevel level, std::string message) {
  LogLine line{level, std::move(message), alert.request.call_sid, {}};
  line.fields.push_back({"alert", std::to_string(alert.id.value)});
  line.fields.push_back({"kind", std::string(name_of(alert.request.kind))});
  return line;
}

}  // namespace

struct AlertDispatcher::Impl : std::enable_shared_from_this<AlertDispatcher::Impl> {
  Impl(Ports ports_given, AlertDispatcherOptions options_given)
      : ports(std::move(ports_given)), options(options_given) {
    ports.meter.set(Metric::alert_channels, static_cast<double>(ports.channels.size()));
  }

  struct InFlight {
    AlertRecord alert;
    std::size_t words_expected = 0;
    bool is_settled = false;  // accepted by a channel; the others may still be at it
    std::string reasons;      // of the channels that refused
  };

  Duration pump();
  void deliver(const std::function<void(Mail&)>& put);
  Mail take_mail();
  void hear(const Word& word);
  void settle(const SettlementGroup& group);
  void look_for_due();
  void send(AlertRecord alert);
  void submit_settlements();
  void accepted(const AlertRecord& alert);
  void all_refused(const InFlight& refused);
  std::size_t allowance(nanoseconds now) const;
  Duration next_wanted();

  bool is_probing() const { return failures >= options.failures_before_probing; }

  Ports ports;
  AlertDispatcherOptions options;
  std::mutex pump_mutex;
  std::mutex mail_mutex;
  Mail mail;
  std::shared_ptr<const std::function<void()>> wake;
  std::atomic<bool> stopping{false};

  // Everything below belongs to pump().
  std::unordered_map<std::int64_t, InFlight> in_flight;  // until every channel has spoken
  std::unordered_set<std::int64_t> not_due_for_us;       // in flight, or settled and not yet durable
  std::deque<Settlement> to_record;
  std::size_t recording = 0;
  int failures = 0;  // alerts refused by all channels, in a row
  nanoseconds probe_at{};
  nanoseconds look_at{};
  nanoseconds record_not_before{};
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
  if (letters.raised) look_at = ports.clock.monotonic();
  for (const auto& group : letters.settled) settle(*group);
  for (const Word& word : letters.words) hear(word);
  look_for_due();
  submit_settlements();
  {
    const std::lock_guard levels_lock(levels_mutex);
    levels_shown = {in_flight.size(), to_record.size() + recording};
  }
  return next_wanted();
}

std::size_t AlertDispatcher::Impl::allowance(nanoseconds now) const {
  if (stopping) return 0;
  if (is_probing()) return in_flight.empty() && now >= probe_at ? 1 : 0;
  return options.in_flight_max > in_flight.size() ? options.in_flight_max - in_flight.size() : 0;
}

// The store lists oldest first, and what is under way is still due there: so as many more are asked for.
void AlertDispatcher::Impl::look_for_due() {
  const nanoseconds now = ports.clock.monotonic();
  std::size_t allowed = allowance(now);
  if (now < look_at || allowed == 0) return;
  try {
    const std::size_t limit = allowed + not_due_for_us.size();
    std::vector<AlertRecord> due = ports.due_alerts(ports.clock.now(), static_cast<std::int64_t>(limit));
    look_at = now + options.look_every;
    if (ports.channels.empty()) {
      if (!due.empty() && !std::exchange(has_warned, true)) {
        ports.log.write(
            {LogLevel::warning, "alerts wait and nobody is told: no alert channel is configured", "", {}});
      }
      return;
    }
    if (due.size() >= limit) look_at = now;
    for (AlertRecord& alert : due) {
      if (allowed == 0) break;
      if (not_due_for_us.contains(alert.id.value)) continue;
      --allowed;
      send(std::move(alert));
    }
  } catch (const StoreFailure& store_failure) {
    seen(RarePath::due_alerts_not_readable);
    look_at = now + options.journal_retry;
    ports.log.write({LogLevel::error,
                     "due alerts could not be read, will be tried again",
                     "",
                     {{"reason", store_failure.message}}});
  }
}

void AlertDispatcher::Impl::send(AlertRecord alert) {
  const AlertId id = alert.id;
  not_due_for_us.insert(id.value);
  const AlertRecord& kept =
      in_flight.emplace(id.value, InFlight{std::move(alert), ports.channels.size(), false, {}})
          .first->second.alert;
  for (std::size_t channel = 0; channel < ports.channels.size(); ++channel) {
    ports.channels[channel]->send(kept, [id, channel, weak = weak_from_this()](Result<void> verdict) {
      const auto self = weak.lock();
      if (!self) return;
      self->deliver([&](Mail& letters) { letters.words.push_back({id, channel, std::move(verdict)}); });
    });
  }
}

void AlertDispatcher::Impl::hear(const Word& word) {
  const auto found = in_flight.find(word.alert.value);
  if (found == in_flight.end()) return;
  InFlight& held = found->second;
  --held.words_expected;
  if (word.verdict) {
    if (!std::exchange(held.is_settled, true)) accepted(held.alert);
  } else {
    const std::string channel = ports.channels[word.channel]->name();
    ports.meter.count(Metric::alerts_failed);
    LogLine line = line_about(held.alert, LogLevel::warning, "an alert channel did not accept an alert");
    line.fields.push_back({"channel", channel});
    line.fields.push_back({"reason", word.verdict.error().message});
    ports.log.write(line);
    if (!held.reasons.empty()) held.reasons += "; ";
    held.reasons += channel + ": " + word.verdict.error().message;
  }
  if (held.words_expected > 0) return;
  if (!held.is_settled) all_refused(held);
  in_flight.erase(found);
}

void AlertDispatcher::Impl::accepted(const AlertRecord& alert) {
  failures = 0;
  look_at = ports.clock.monotonic();
  to_record.push_back({alert, true, {}, Duration{0}});
}

void AlertDispatcher::Impl::all_refused(const InFlight& refused) {
  seen(RarePath::alert_refused_by_all);
  ++failures;
  if (is_probing()) {
    seen(RarePath::alerts_probing);
    const int probes = failures - options.failures_before_probing + 1;
    probe_at =
        ports.clock.monotonic() + back_off(probes, options.back_off_min, options.probe_every_max, ports.random);
  }
  const Duration wait =
      back_off(refused.alert.attempts + 1, options.back_off_min, options.back_off_max, ports.random);
  to_record.push_back({refused.alert, false, refused.reasons, wait});
}

void AlertDispatcher::Impl::submit_settlements() {
  if (to_record.empty() || recording > 0 || ports.clock.monotonic() < record_not_before) return;
  auto group = std::make_shared<SettlementGroup>();
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
    not_due_for_us.erase(item.alert.id.value);
    if (!item.is_accepted) continue;
    ports.meter.count(Metric::alerts_sent);
    ports.log.write(line_about(item.alert, LogLevel::info, "alert accepted"));
  }
}

// The wall clock says when alerts are due, and may step: so a look is never further away than look_every.
Duration AlertDispatcher::Impl::next_wanted() {
  const nanoseconds now = ports.clock.monotonic();
  nanoseconds at = now + options.look_every;
  if (!to_record.empty() && recording == 0) at = std::min(at, std::max(now, record_not_before));
  const bool may_send =
      !stopping && !ports.channels.empty() && (is_probing() ? in_flight.empty() : allowance(now) > 0);
  if (may_send) at = std::min(at, std::max(look_at, is_probing() ? probe_at : look_at));
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
