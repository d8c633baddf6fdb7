#include "outbox/dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "base/rare_path.hpp"
#include "inbox.hpp"
#include "next_step.hpp"
#include "outbox/policy.hpp"
#include "send_gate.hpp"
#include "stack_trace.hpp"
#include "text_window.hpp"
#include "token_bucket.hpp"

namespace jobrun::outbox {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t refill_page = 1024;

LogLine line_about(const TextRecord& text, LogLevel level, std::string message) {
  LogLine line{level, std::move(message), text.promise.id.call_sid, {}};
  line.fields.push_back({"text", text.promise.id.text()});
  line.fields.push_back({"recipient", text.promise.pair.caller.text(), LogField::Privacy::customer});
  line.fields.push_back({"number", text.promise.pair.number.text()});
  return line;
}

// Marks one text started. When an earlier mark is in doubt and did become durable, the text is `started`
// although nothing was sent: only this dispatcher sends, so it may be promised and started again.
bool start_item(StoreBatch& batch, const StartGroup::Item& item, Instant now) {
  if (batch.mark_started(item.row, now)) return true;
  if (!item.in_doubt) return false;
  seen(RarePath::start_in_doubt);
  return batch.record_not_sent(item.row, "marked started, then not sent", item.way, now, now) &&
         batch.mark_started(item.row, now);
}

Result<void> write_starts(StoreBatch& batch, StartGroup& group, Instant now) {
  for (StartGroup::Item& item : group.items) item.started = start_item(batch, item, now);
  return {};
}

struct WriteStep {
  StoreBatch& batch;
  const TextRecord& text;
  Instant now;

  bool operator()(const KeepAccepted& step) const {
    return batch.record_accepted(text.row, step.message_sid, now);
  }
  bool operator()(const KeepUnknown& step) const { return batch.record_unknown(text.row, step.reason, now); }
  bool operator()(const TryAgain& step) const {
    return batch.record_not_sent(text.row, step.reason, step.way, now + step.delay, now);
  }
  bool operator()(const GiveUp& step) const {
    if (!batch.record_refused(text.row, step.code, step.reason, step.alert, now)) return false;
    if (!step.learned) return true;
    const SetPhoneFact fact{scope_of_learned(*step.learned, text), text.promise.pair.caller, *step.learned, true};
    // The refusal stands even if the fact cannot be kept: the next text to this phone is refused again.
    return batch.change_directory(fact, now).has_value() || true;
  }
};

Result<void> write_records(StoreBatch& batch, const RecordGroup& group, Instant now) {
  for (const RecordGroup::Item& item : group.items) {
    if (!std::visit(WriteStep{batch, item.text, now}, item.step)) continue;
    for (const AlertRequest& alert : item.more_alerts) batch.raise(alert, now);
  }
  return {};
}

void take_earlier(std::optional<nanoseconds>& earliest, std::optional<nanoseconds> candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

}  // namespace

struct Dispatcher::Impl : std::enable_shared_from_this<Dispatcher::Impl> {
  Impl(Ports ports_given, DispatcherOptions options_given)
      : ports(std::move(ports_given)),
        options(options_given),
        inbox(options.window),
        bucket(options.texts_per_second, options.burst),
        gate({options.failures_before_probing, options.back_off_min, options.probe_every_max,
              options.credentials_probe_every},
             ports.random) {}

  std::optional<Duration> pump();

  // The steps of a pump, in order.
  void hear_starts(std::vector<std::shared_ptr<StartGroup>> groups);
  void send(const StartGroup::Item& item, std::vector<std::pair<TextRow, OutgoingText>>& letters);
  void hand_to_carrier(std::vector<std::pair<TextRow, OutgoingText>> letters);
  void hear_answers(std::vector<Inbox::Answer> answers);
  void settle(const RecordGroup& group);
  void admit(std::vector<TextRecord> texts, bool overflowed);
  void refill();
  void give_up_useless();
  void start_due();
  void submit_records();
  std::optional<Duration> next_wanted();
  std::optional<nanoseconds> next_start_at(nanoseconds now) const;
  void show_levels();

  // Parts of the steps.
  bool may_leave(const TextRecord& text);
  void stop_forbidden(const TextRecord& text);
  void warn_unlisted(const TextRecord& text);
  void submit_start(std::shared_ptr<StartGroup> group);
  void hold(TextRecord text);
  void put_back_after_failed_start(const StartGroup& group);
  void gate_changed(SendGate::State before);
  void report(const RecordGroup::Item& item);
  std::size_t starts_allowed(nanoseconds now) const;
  nanoseconds now_monotonic() const { return ports.clock.monotonic(); }

  Ports ports;
  DispatcherOptions options;
  std::mutex pump_mutex;
  Inbox inbox;
  std::atomic<bool> stopping{false};

  // Everything below belongs to pump().
  TextWindow window;
  TokenBucket bucket;
  SendGate gate;
  std::deque<RecordGroup::Item> to_record;
  std::size_t starting = 0;   // texts in start groups under way
  std::size_t in_flight = 0;  // texts with the carrier
  std::size_t recording = 0;  // texts in record groups under way
  std::size_t start_works = 0;
  std::size_t record_works = 0;
  nanoseconds records_not_before = nanoseconds::min();
  bool more_in_store = true;  // the store holds promised texts beyond read_after that are not held here
  TextRow read_after{};
  TextRow held_max{};  // the last row taken in
  nanoseconds refill_not_before = nanoseconds::min();
  nanoseconds rescan_at{};
  bool is_rescan = false;  // the store is read from the beginning, for promises that nobody told us of

  mutable std::mutex levels_mutex;
  DispatcherLevels levels_shown;
};

std::optional<Duration> Dispatcher::Impl::pump() {
  const std::lock_guard lock(pump_mutex);
  Inbox::Mail mail = inbox.take();
  if (mail.credentials_replaced && gate.state() == SendGate::State::credentials_refused) {
    const SendGate::State before = gate.state();
    gate.open();
    gate_changed(before);
  }
  for (const auto& group : mail.records) settle(*group);
  hear_starts(std::move(mail.starts));
  hear_answers(std::move(mail.answers));
  admit(std::move(mail.promised), mail.promised_overflowed);
  refill();
  give_up_useless();
  start_due();
  submit_records();
  show_levels();
  return next_wanted();
}

// --- taking texts in --------------------------------------------------------------------------------

void Dispatcher::Impl::hold(TextRecord text) {
  const Instant now = ports.clock.now();
  const nanoseconds monotonic = now_monotonic();
  const Duration wait_max = std::max(options.back_off_max, options.retry_after_max);
  const Duration wait =
      text.due_at <= text.promised_at ? Duration{0} : std::clamp(text.due_at - now, Duration{0}, wait_max);
  const Duration useful = std::clamp(text.promised_at + options.useful_for - now, Duration{0}, options.useful_for);
  held_max = std::max(held_max, text.row);
  window.add(std::move(text), monotonic + wait, monotonic + useful);
}

void Dispatcher::Impl::admit(std::vector<TextRecord> texts, bool overflowed) {
  for (TextRecord& text : texts) {
    if (more_in_store) return;  // in the store, and read from there in its turn
    if (window.contains(text.row)) continue;
    if (window.size() >= options.window) {
      overflowed = true;
      break;
    }
    hold(std::move(text));
  }
  if (overflowed && !more_in_store) {
    seen(RarePath::promises_overflowed);
    more_in_store = true;
    read_after = held_max;
  }
}

// Reads on where the window ended, once there is room for half of it; from the beginning now and then, for
// promises whose batch became durable although the ledger could not know it.
void Dispatcher::Impl::refill() {
  if (stopping) return;
  const nanoseconds now = now_monotonic();
  if (!more_in_store && now >= rescan_at) {
    more_in_store = true;
    is_rescan = true;
    read_after = TextRow{};
  }
  if (!more_in_store || now < refill_not_before || window.size() > options.window / 2) return;
  const auto room = static_cast<std::int64_t>(options.window - window.size());
  const std::int64_t limit = std::min(room, refill_page);
  try {
    std::vector<TextRecord> texts = ports.refill(read_after, limit);
    const bool is_all = static_cast<std::int64_t>(texts.size()) < limit;
    for (TextRecord& text : texts) {
      read_after = text.row;
      if (window.contains(text.row)) continue;
      if (is_rescan) seen(RarePath::promise_found_by_rescan);
      hold(std::move(text));
    }
    if (!is_all) return;
    // Promises made since the read began are in the inbox, or overflowed it, which admit() will see.
    more_in_store = false;
    is_rescan = false;
    rescan_at = now + options.rescan_every;
  } catch (const StoreFailure& store_failure) {
    seen(RarePath::promises_not_readable);
    refill_not_before = now + options.journal_retry;
    ports.log.write({LogLevel::error,
                     "promised texts could not be read, will be tried again",
                     "",
                     {{"reason", store_failure.message}}});
  }
}

// --- starting -----------------------------------------------------------------------------------------

std::size_t Dispatcher::Impl::starts_allowed(nanoseconds now) const {
  if (stopping || start_works >= options.works_max) return 0;
  const std::size_t under_way = starting + in_flight;
  const std::size_t room = options.in_flight_max > under_way ? options.in_flight_max - under_way : 0;
  const std::size_t tokens = bucket.available(now);
  const std::size_t unreserved = tokens > starting ? tokens - starting : 0;
  return std::min({options.group_max, room, unreserved, gate.allowance(now)});
}

void Dispatcher::Impl::start_due() {
  const nanoseconds now = now_monotonic();
  const std::size_t allowed = starts_allowed(now);
  if (allowed == 0) return;
  auto group = std::make_shared<StartGroup>();
  for (const TextRow row : window.take_ready(allowed, now)) {
    TextWindow::Held& held = window.at(row);
    if (!may_leave(held.text)) continue;
    held.is_probe = gate.start();
    group->items.push_back({row, held.text.way, held.start_in_doubt});
  }
  if (group->items.empty()) return;
  starting += group->items.size();
  ++start_works;
  submit_start(std::move(group));
}

bool Dispatcher::Impl::may_leave(const TextRecord& text) {
  switch (rule_on(text.promise.id.purpose, text.promise.origin)) {
    case Ruling::forbidden:
      stop_forbidden(text);
      return false;
    case Ruling::unlisted:
      if (text.attempts == 0) warn_unlisted(text);
      break;
    case Ruling::allowed:
      break;
  }
  if (text.way >= text.promise.senders.size()) {
    to_record.push_back({text, give_up_without_sender(text), {}, false});
    return false;
  }
  if (!ports.numbering_plan.is_landline(text.promise.pair.caller)) return true;
  seen(RarePath::landline_at_the_exit);
  to_record.push_back({text, give_up_on_landline(text), {}, false});
  return false;
}

void Dispatcher::Impl::stop_forbidden(const TextRecord& text) {
  LogLine line = line_about(text, LogLevel::critical, "CRITICAL INVARIANT VIOLATION");
  line.fields.push_back({"purpose", std::string(name_of(text.promise.id.purpose))});
  line.fields.push_back({"origin", std::string(name_of(text.promise.origin))});
  line.fields.push_back({"stack_trace", stack_trace_here()});
  ports.log.write(line);
  ports.meter.count(Metric::exit_policy_refusals, name_of(text.promise.id.purpose), name_of(text.promise.origin));
  to_record.push_back({text, give_up_as_forbidden(text), {isolation_alert(text)}, false});
}

void Dispatcher::Impl::warn_unlisted(const TextRecord& text) {
  LogLine line =
      line_about(text, LogLevel::warning, "the exit policy does not list this text's purpose and origin");
  line.fields.push_back({"purpose", std::string(name_of(text.promise.id.purpose))});
  line.fields.push_back({"origin", std::string(name_of(text.promise.origin))});
  ports.log.write(line);
  ports.meter.count(Metric::exit_policy_unlisted, name_of(text.promise.id.purpose), name_of(text.promise.origin));
}

void Dispatcher::Impl::submit_start(std::shared_ptr<StartGroup> group) {
  ports.journal.submit({[group](StoreBatch& batch, Instant now) { return write_starts(batch, *group, now); },
                        [group, weak = weak_from_this()](const Result<void>& durable) {
                          group->durable = durable.has_value();
                          if (const auto self = weak.lock()) {
                            self->inbox.deliver([&](Inbox::Mail& mail) { mail.starts.push_back(group); });
                          }
                        }});
}

// --- sending ------------------------------------------------------------------------------------------

void Dispatcher::Impl::hear_starts(std::vector<std::shared_ptr<StartGroup>> groups) {
  std::vector<std::pair<TextRow, OutgoingText>> letters;
  for (const auto& group : groups) {
    --start_works;
    starting -= group->items.size();
    if (!group->durable) {
      put_back_after_failed_start(*group);
      continue;
    }
    for (const StartGroup::Item& item : group->items) send(item, letters);
  }
  hand_to_carrier(std::move(letters));
}

void Dispatcher::Impl::put_back_after_failed_start(const StartGroup& group) {
  seen(RarePath::start_not_durable);
  const nanoseconds now = now_monotonic();
  for (const StartGroup::Item& item : group.items) {
    TextWindow::Held& held = window.at(item.row);
    held.start_in_doubt = true;
    if (held.is_probe) {
      seen(RarePath::probe_lost);
      gate.probe_lost(now);
    }
    window.put_back(item.row, now + options.journal_retry, false);
  }
  ports.log.write({LogLevel::error,
                   "texts could not be marked started, will be tried again",
                   "",
                   {{"texts", std::to_string(group.items.size())}}});
}

// The only sends there are: of a text whose `started` is durable.
void Dispatcher::Impl::send(const StartGroup::Item& item, std::vector<std::pair<TextRow, OutgoingText>>& letters) {
  TextWindow::Held& held = window.at(item.row);
  if (!item.started) {
    // Somebody else changed its state: whatever it is now, it is not ours to send.
    ports.log.write(line_about(held.text, LogLevel::warning, "text was no longer promised, not sent"));
    if (held.is_probe) gate.probe_lost(now_monotonic());
    window.finish(item.row);
    return;
  }
  held.start_in_doubt = false;
  ++held.text.attempts;
  const PromisedText& promise = held.text.promise;
  letters.emplace_back(
      item.row, OutgoingText{promise.id, promise.senders[held.text.way], promise.pair.caller, promise.body});
}

void Dispatcher::Impl::hand_to_carrier(std::vector<std::pair<TextRow, OutgoingText>> letters) {
  if (letters.empty()) return;
  in_flight += letters.size();
  bucket.take(letters.size(), now_monotonic());
  for (auto& [row, letter] : letters) {
    ports.carrier.send(permit(), std::move(letter), [row, weak = weak_from_this()](SendAnswer answer) {
      const auto self = weak.lock();
      if (!self) return;
      self->inbox.deliver([&](Inbox::Mail& mail) { mail.answers.push_back({row, std::move(answer)}); });
    });
  }
}

// --- answers ------------------------------------------------------------------------------------------

void Dispatcher::Impl::hear_answers(std::vector<Inbox::Answer> answers) {
  const RetryRules rules{.back_off_min = options.back_off_min,
                         .back_off_max = options.back_off_max,
                         .retry_after_max = options.retry_after_max,
                         .useful_for = options.useful_for};
  for (const auto& [row, answer] : answers) {
    --in_flight;
    TextWindow::Held& held = window.at(row);
    const SendGate::State before = gate.state();
    gate.hear(health_told_by(answer), held.is_probe, now_monotonic());
    const Instant now = ports.clock.now();
    RecordGroup::Item item{held.text, decide_next_step(held.text, answer, rules, now, ports.random), {}, true};
    const bool is_news = before != SendGate::State::credentials_refused;
    if (is_news && gate.state() == SendGate::State::credentials_refused) {
      item.more_alerts.push_back(credentials_alert(std::get<Refused>(answer)));
    }
    gate_changed(before);
    to_record.push_back(std::move(item));
  }
}

void Dispatcher::Impl::gate_changed(SendGate::State before) {
  if (gate.state() == before) return;
  switch (gate.state()) {
    case SendGate::State::open:
      seen(RarePath::carrier_well_again);
      window.hurry();
      ports.log.write({LogLevel::info, "the carrier takes texts again", "", {}});
      return;
    case SendGate::State::failing:
      seen(RarePath::carrier_failing);
      ports.log.write({LogLevel::error, "the carrier fails: texts are held, one at a time is tried", "", {}});
      return;
    case SendGate::State::credentials_refused:
      seen(RarePath::credentials_refused);
      ports.log.write({LogLevel::critical, "the carrier refuses our credentials: texts are held", "", {}});
      return;
  }
}

void Dispatcher::Impl::give_up_useless() {
  if (stopping || to_record.size() >= options.group_max) return;
  for (const TextRow row : window.take_useless(options.group_max, now_monotonic())) {
    seen(RarePath::text_too_late);
    const TextRecord& text = window.at(row).text;
    to_record.push_back({text, give_up_as_too_late(text), {}, false});
  }
}

void Dispatcher::Impl::submit_records() {
  while (!to_record.empty() && record_works < options.works_max && now_monotonic() >= records_not_before) {
    auto group = std::make_shared<RecordGroup>();
    while (!to_record.empty() && group->items.size() < options.group_max) {
      group->items.push_back(std::move(to_record.front()));
      to_record.pop_front();
    }
    recording += group->items.size();
    ++record_works;
    ports.journal.submit({[group](StoreBatch& batch, Instant now) { return write_records(batch, *group, now); },
                          [group, weak = weak_from_this()](const Result<void>& durable) {
                            group->durable = durable.has_value();
                            if (const auto self = weak.lock()) {
                              self->inbox.deliver([&](Inbox::Mail& mail) { mail.records.push_back(group); });
                            }
                          }});
  }
}

void Dispatcher::Impl::settle(const RecordGroup& group) {
  --record_works;
  recording -= group.items.size();
  if (!group.durable) {
    seen(RarePath::answers_not_durable);
    records_not_before = now_monotonic() + options.journal_retry;
    to_record.insert(to_record.begin(), group.items.begin(), group.items.end());
    ports.log.write({LogLevel::error,
                     "the carrier's answers could not be recorded, will be tried again",
                     "",
                     {{"texts", std::to_string(group.items.size())}}});
    return;
  }
  const nanoseconds now = now_monotonic();
  for (const RecordGroup::Item& item : group.items) {
    report(item);
    if (const auto* again = std::get_if<TryAgain>(&item.step)) {
      window.at(item.text.row).text.way = again->way;
      window.put_back(item.text.row, now + again->delay, again->may_hurry);
    } else {
      window.finish(item.text.row);
    }
  }
}

namespace {

struct StepReport {
  const RecordGroup::Item& item;
  Meter& meter;

  LogLine answered(TextState state, LogLevel level, std::string message) const {
    meter.count(Metric::texts_answered, name_of(item.text.promise.id.purpose), name_of(state));
    return line_about(item.text, level, std::move(message));
  }
  LogLine operator()(const KeepAccepted& step) const {
    LogLine line = answered(TextState::accepted, LogLevel::info, "text accepted");
    line.fields.push_back({"message_sid", step.message_sid});
    return line;
  }
  LogLine operator()(const KeepUnknown& step) const {
    LogLine line = answered(TextState::unknown, LogLevel::warning, "text unknown: it may or may not have left");
    line.fields.push_back({"reason", step.reason, LogField::Privacy::foreign});
    return line;
  }
  LogLine operator()(const GiveUp& step) const {
    LogLine line = answered(TextState::refused, LogLevel::warning, "text refused, a person is alerted");
    line.fields.push_back({"reason", step.reason, LogField::Privacy::foreign});
    meter.count(Metric::alerts_raised, name_of(step.alert.kind));
    return line;
  }
  LogLine operator()(const TryAgain& step) const {
    meter.count(Metric::texts_retried);
    LogLine line = line_about(item.text, LogLevel::info, "text not sent, will be tried again");
    line.fields.push_back({"reason", step.reason, LogField::Privacy::foreign});
    line.fields.push_back({"attempts", std::to_string(item.text.attempts)});
    return line;
  }
};

}  // namespace

void Dispatcher::Impl::report(const RecordGroup::Item& item) {
  ports.log.write(std::visit(StepReport{item, ports.meter}, item.step));
  for (const AlertRequest& alert : item.more_alerts) ports.meter.count(Metric::alerts_raised, name_of(alert.kind));
}

// --- when next ----------------------------------------------------------------------------------------

std::optional<Duration> Dispatcher::Impl::next_wanted() {
  const nanoseconds now = now_monotonic();
  std::optional<nanoseconds> at;
  if (!to_record.empty() && record_works < options.works_max) take_earlier(at, records_not_before);
  if (!stopping) {
    if (!more_in_store) take_earlier(at, rescan_at);
    if (more_in_store && window.size() <= options.window / 2) take_earlier(at, refill_not_before);
    if (to_record.size() < options.group_max) take_earlier(at, window.next_useless_at());
    take_earlier(at, next_start_at(now));
  }
  if (!at) return std::nullopt;
  return *at <= now ? Duration{0} : std::chrono::ceil<Duration>(*at - now);
}

// When the next text may be started; empty when none may before an answer or the journal wakes us.
std::optional<nanoseconds> Dispatcher::Impl::next_start_at(nanoseconds now) const {
  const std::optional<nanoseconds> ready = window.has_ready() ? now : window.next_ready_at();
  const bool is_probing = gate.state() != SendGate::State::open && !gate.probe_at();
  if (!ready || is_probing || start_works >= options.works_max) return std::nullopt;
  if (starting + in_flight >= options.in_flight_max) return std::nullopt;
  const std::size_t wanted = starting + 1;
  if (wanted > bucket.size()) return std::nullopt;
  return std::max({*ready, gate.probe_at().value_or(now), bucket.time_of(wanted)});
}

void Dispatcher::Impl::show_levels() {
  const std::lock_guard lock(levels_mutex);
  levels_shown = {window.size(),
                  starting,
                  in_flight,
                  recording + to_record.size(),
                  more_in_store,
                  gate.state() == SendGate::State::failing,
                  gate.state() == SendGate::State::credentials_refused};
}

// --- the outside --------------------------------------------------------------------------------------

Dispatcher::Dispatcher(Ports ports, DispatcherOptions options)
    : impl_(std::make_shared<Impl>(std::move(ports), options)) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::set_wake(std::function<void()> wake) {
  impl_->inbox.set_wake(std::move(wake));
}

void Dispatcher::promised(std::vector<TextRecord> texts) {
  if (!texts.empty()) impl_->inbox.put_promised(std::move(texts));
}

std::optional<Duration> Dispatcher::pump() {
  return impl_->pump();
}

void Dispatcher::stop_starting() {
  impl_->stopping = true;
  impl_->inbox.deliver([](Inbox::Mail&) {});
}

void Dispatcher::credentials_replaced() {
  impl_->inbox.deliver([](Inbox::Mail& mail) { mail.credentials_replaced = true; });
}

DispatcherLevels Dispatcher::levels() const {
  const std::lock_guard lock(impl_->levels_mutex);
  return impl_->levels_shown;
}

}  // namespace jobrun::outbox
