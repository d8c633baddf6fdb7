#include "outbox/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/rare_path.hpp"
#include "counts.hpp"
#include "inbox.hpp"
#include "loss.hpp"
#include "next_step.hpp"
#include "outbox/policy.hpp"
#include "send_gate.hpp"
#include "sender_pace.hpp"
#include "stack_trace.hpp"
#include "text_window.hpp"
#include "token_bucket.hpp"

namespace jobrun::outbox {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t refill_page = 1024;
/// What a sender with a pace may hold here: what it sends in so many seconds, and no more than that part of the
/// window. Others must not wait for it, and the rest is read before it has run dry.
constexpr std::int64_t line_seconds = 16;
constexpr std::size_t senders_share = 4;
constexpr Duration left_in_store_for{5'000};

LogLine line_about(const TextRecord& text, LogLevel level, std::string message) {
  LogLine line{level, std::move(message), text.promise.id.cause, {}};
  line.fields.push_back({"text", text.promise.id.text()});
  line.fields.push_back({"recipient", text.promise.pair.caller.text(), LogField::Privacy::customer});
  line.fields.push_back({"number", text.promise.pair.number.text()});
  return line;
}

// Marks one text started. When an earlier mark is in doubt and did become durable, the text is `started`
// although nothing was sent: only this dispatcher sends, so it may be promised and started again.
bool start_item(StoreBatch& batch, StartGroup::Item& item, Instant now) {
  item.is_away = !batch.holds(item.row) || (item.client && !batch.are_facts_known());
  if (item.is_away) return false;
  if (item.in_doubt &&
      batch.record_not_sent(item.row, "marked started, then not sent", item.closed_ways, now, now)) {
    seen(RarePath::start_in_doubt);
  }
  item.is_blocked = batch.is_sender_blocked(item.taken);
  item.barred = barred_by(batch.phone_facts(FactScope::of(item.client), item.recipient));
  return !item.is_blocked && !item.barred && batch.mark_started(item.row, item.attempt, item.closed_ways, now);
}

Result<void> write_starts(StoreBatch& batch, StartGroup& group, Instant now) {
  for (StartGroup::Item& item : group.items) item.started = start_item(batch, item, now);
  return {};
}

struct WriteStep {
  StoreBatch& batch;
  RecordGroup::Item& item;
  const TextRecord& text;
  const Carrier& carrier;
  const RetryRules& rules;
  Random& random;
  Instant now;

  // The carrier may have told that the text is lost before it was recorded that it was accepted.
  bool operator()(const KeepAccepted& step) const {
    item.loss.reset();
    const bool is_accepted = batch.record_accepted(text.row, step.message_sid, now);
    if (!is_accepted && !batch.was_lost(text.row, step.message_sid)) return false;
    item.loss = told_loss(batch, text, step.message_sid, carrier, rules, now, random);
    if (item.loss && is_accepted) {
      write_loss(batch, text, *item.loss, now);
      item.has_written_loss = true;
    }
    return true;
  }
  bool operator()(const KeepUnknown& step) const { return batch.record_unknown(text.row, step.reason, now); }
  // A request before this one may have become a message, although the carrier did not list it: a status told so.
  bool is_there_already() const {
    const std::optional<std::string> told = batch.told_message(text.row);
    const bool is_there =
        told && (batch.record_accepted(text.row, *told, now) || batch.record_found(text.row, *told, now));
    item.told_message_sid = is_there ? *told : std::string();
    return is_there;
  }
  bool operator()(const TryAgain& step) const {
    if (is_there_already()) return true;
    return batch.record_not_sent(text.row, step.reason, step.closed_ways, now + step.delay, now);
  }
  bool operator()(const GiveUp& step) const {
    if (is_there_already()) return true;
    if (!batch.record_refused(text.row, step.code, step.reason, step.alert, now)) return false;
    if (!step.learned) return true;
    const SetPhoneFact fact{scope_of_learned(*step.learned, FactScope::of(text.promise.client)),
                            text.promise.pair.caller, *step.learned, true};
    // The refusal stands even if the fact cannot be kept: the next text to this phone is refused again.
    return batch.change_directory(fact, now).has_value() || true;
  }
};

/// Promised to the caller of a text that was stopped. Not to who called the sign-up number: he has been spoken to;
/// nor to who has had a first text of late.
std::optional<TextRecord> serve_instead(StoreBatch& batch, const TextRecord& stopped, Instant now) {
  constexpr Duration of_late = std::chrono::hours{1};
  std::optional<PromisedText> text = failsafe_instead_of(stopped);
  const Result<CallSid> sid = CallSid::parse(stopped.promise.id.cause);
  const std::optional<CallRecord> call = sid ? batch.find_call(*sid) : std::nullopt;
  if (!text || !call || call->role == NumberRole::onboarding) return std::nullopt;
  const std::optional<LastText> last = batch.last_first_text(text->pair);
  if (last && now - last->promised_at < of_late) return std::nullopt;
  Commit commit;
  commit.call = call->id;
  commit.text = std::move(text);
  return batch.write(commit, now);
}

Result<void> write_records(StoreBatch& batch, RecordGroup& group, const Carrier& carrier, const RetryRules& rules,
                           Random& random, Instant now) {
  for (RecordGroup::Item& item : group.items) {
    item.is_away = !batch.holds(item.text.row);
    if (item.is_away) continue;
    if (!std::visit(WriteStep{batch, item, item.text, carrier, rules, random, now}, item.step)) continue;
    for (const AlertRequest& alert : item.more_alerts) batch.raise(alert, now);
    write_consequences(batch, item.consequences, now);
    if (item.is_stopped_at_the_exit) item.instead = serve_instead(batch, item.text, now);
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
        pace(options.segments_per_second_and_sender),
        lanes{Lane(options, ports.random), Lane(options, ports.random)} {}

  /// What is kept of each account: its rate, its health, and what is under way by it.
  struct Lane {
    Lane(const DispatcherOptions& options, Random& random)
        : bucket(options.texts_per_second, options.burst),
          gate({options.failures_before_probing, options.away_after, options.back_off_min, options.probe_every_max,
                options.credentials_probe_every},
               random) {}
    TokenBucket bucket;
    SendGate gate;
    std::size_t starting = 0;   // texts in start groups under way
    std::size_t in_flight = 0;  // texts with the carrier
    bool was_away = false;      // as of the last pump
  };

  std::optional<Duration> pump();

  // The steps of a pump, in order.
  void change_store(bool is_standing_in);
  void hear_starts(const std::vector<std::shared_ptr<StartGroup>>& groups);
  void send(const StartGroup::Item& item, std::vector<std::pair<TextRow, OutgoingText>>& letters);
  void hand_to_carrier(std::vector<std::pair<TextRow, OutgoingText>> letters);
  void hear_answers(const std::vector<Inbox::Answer>& answers);
  void settle(const RecordGroup& group);
  void admit(std::vector<TextRecord> texts, bool overflowed);
  void refill();
  void give_up_useless();
  void go_round_what_is_away();
  void leave_lines_of(const Lane& lane, nanoseconds now);
  bool may_ways_differ(nanoseconds now) const;
  void start_due();
  void submit_records();
  std::optional<Duration> next_wanted();
  void show_levels();

  // Parts of the steps.
  bool may_leave(const TextRecord& text);
  void stop_forbidden(const TextRecord& text);
  void warn_unlisted(const TextRecord& text);
  void submit_start(std::shared_ptr<StartGroup> group);
  bool hold(TextRecord text);
  void renew(const TextRecord& text);
  void read_again_soon();
  void note_account_of(const TextRecord& text);
  Duration wait_of(const TextRecord& text) const;
  void let_go(TextRow row);
  void note_gone(const TextRecord& text);
  bool is_passed_over(E164 sender);
  std::optional<std::size_t> way_of(const TextRecord& text, nanoseconds now) const;
  void start_or_wait(TextRow row, std::size_t way, nanoseconds now, StartGroup& group);
  void try_again(const RecordGroup::Item& item, const TryAgain& again, nanoseconds now);
  void use_other_way(TextRow row, std::size_t blocked_way);
  void leave_in_its_store(const StartGroup::Item& item);
  void put_back_after_failed_start(const StartGroup& group);
  void gate_changed(Account account, SendGate::State before);
  void report(const RecordGroup::Item& item);
  std::size_t room_of(const Lane& lane, nanoseconds now) const;
  std::optional<nanoseconds> room_at(const Lane& lane, nanoseconds now) const;
  Lane& lane_by(Account account) { return lanes.at(static_cast<std::size_t>(account)); }
  const Lane& lane_by(Account account) const { return lanes.at(static_cast<std::size_t>(account)); }
  static Account account_of(const TextRecord& text) { return text.promise.ways.at(text.way).account; }
  std::size_t in_flight() const { return lanes[0].in_flight + lanes[1].in_flight; }
  std::size_t starting() const { return lanes[0].starting + lanes[1].starting; }
  nanoseconds now_monotonic() const { return ports.clock.monotonic(); }

  Ports ports;
  DispatcherOptions options;
  std::mutex pump_mutex;
  Inbox inbox;
  std::atomic<bool> stopping{false};

  // Everything below belongs to pump().
  TextWindow window;
  SenderPace pace;
  std::array<Lane, NamesOf<Account>::rows.size()> lanes;
  bool has_second = false;                               // some text has had a way by the second account
  std::optional<nanoseconds> start_again_at;             // when a ready text that had to wait may be started
  std::unordered_map<E164, std::size_t> held_of_sender;  // only where senders have a pace
  bool has_left_behind = false;                          // texts lie in the store before read_after
  bool some_go_second = false;  // some text held here since there was none takes the second account by itself
  std::unordered_set<E164> passed_over;  // senders of which texts were left in the store since it was last read
  bool is_standing_in = false;
  std::unordered_set<std::string> held_meanwhile;  // ids of texts held here by their rows of what stood in
  std::deque<RecordGroup::Item> to_record;
  std::deque<RecordGroup::Item> to_record_later;  // of texts in the store that is away
  std::size_t recording = 0;                      // texts in record groups under way
  std::size_t start_works = 0;
  std::size_t record_works = 0;
  nanoseconds records_not_before = nanoseconds::min();
  bool is_record_in_doubt = false;  ///< the last ones could not be written
  bool more_in_store = true;        // the store holds promised texts beyond read_after that are not held here
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
  for (const auto& [account, name] : NamesOf<Account>::rows) {
    Lane& lane = lane_by(account);
    if (!mail.credentials_replaced || lane.gate.state() != SendGate::State::credentials_refused) continue;
    lane.gate.open();
    gate_changed(account, SendGate::State::credentials_refused);
  }
  if (mail.is_standing_in) change_store(*mail.is_standing_in);
  for (const auto& group : mail.records) settle(*group);
  hear_starts(mail.starts);
  hear_answers(mail.answers);
  admit(std::move(mail.promised), mail.promised_overflowed);
  refill();
  give_up_useless();
  go_round_what_is_away();
  start_due();
  submit_records();
  show_levels();
  return next_wanted();
}

// --- taking texts in --------------------------------------------------------------------------------

/// Texts of a sender that has a slow line stay in the store while many of them are held; those after them too, for
/// the order's sake, until the store is read from the beginning.
bool Dispatcher::Impl::is_passed_over(E164 sender) {
  if (!pace.is_limited()) return false;
  if (passed_over.contains(sender)) return true;
  const auto line = static_cast<std::size_t>(pace.rate_of(sender) * line_seconds);
  const std::size_t share = std::max<std::size_t>(std::min(options.window / senders_share, line), 1);
  const auto held = held_of_sender.find(sender);
  if (held == held_of_sender.end() || held->second < share) return false;
  seen(RarePath::sender_passed_over);
  passed_over.insert(sender);
  read_again_soon();
  return true;
}

/// The store is read from the beginning before long.
void Dispatcher::Impl::read_again_soon() {
  has_left_behind = true;
  rescan_at = std::min(rescan_at, now_monotonic() + left_in_store_for);
}

/// How long a text has to wait. Not longer than it was to when that was decided: its date may be of a clock that
/// has been set back since.
Duration Dispatcher::Impl::wait_of(const TextRecord& text) const {
  return std::clamp(text.due_at - ports.clock.now(), Duration{0}, std::max(text.wait, Duration{0}));
}

void Dispatcher::Impl::note_account_of(const TextRecord& text) {
  const std::optional<std::size_t> way = first_open_way(text.promise, text.closed_ways);
  some_go_second = some_go_second || (way && text.promise.ways[*way].account == Account::second);
}

/// False: left in the store.
bool Dispatcher::Impl::hold(TextRecord text) {
  const bool is_meanwhile = text.row >= first_stand_in_row;
  if (!is_meanwhile && held_meanwhile.contains(text.promise.id.text())) return false;
  const E164 sender = text.promise.ways.front().sender;
  if (is_passed_over(sender)) return false;
  if (pace.is_limited()) ++held_of_sender[sender];
  const Instant now = ports.clock.now();
  const nanoseconds monotonic = now_monotonic();
  const Duration wait = wait_of(text);
  const Duration useful =
      std::clamp(text.useful_from() + options.useful_for - now, Duration{0}, options.useful_for);
  held_max = std::max(held_max, text.row);
  if (is_meanwhile) held_meanwhile.insert(text.promise.id.text());
  if (window.size() == 0) some_go_second = false;
  note_account_of(text);
  has_second = has_second || text.promise.ways.back().account == Account::second;
  window.add(std::move(text), monotonic + wait, monotonic + useful);
  return true;
}

void Dispatcher::Impl::note_gone(const TextRecord& text) {
  if (text.row >= first_stand_in_row && held_meanwhile.erase(text.promise.id.text()) > 0 && !is_standing_in)
    read_again_soon();
  const auto held = held_of_sender.find(text.promise.ways.front().sender);
  if (held != held_of_sender.end() && --held->second == 0) held_of_sender.erase(held);
}

/// The text is done with, or somebody else's.
void Dispatcher::Impl::let_go(TextRow row) {
  note_gone(window.at(row).text);
  window.finish(row);
}

/// What is idle is read from the store that is used now, if it is there.
void Dispatcher::Impl::change_store(bool now_standing_in) {
  is_standing_in = now_standing_in;
  window.forget_idle([this](const TextWindow::Held& held) { note_gone(held.text); });
  more_in_store = true;
  read_after = TextRow{};
  held_max = TextRow{};
  is_rescan = false;
  refill_not_before = nanoseconds::min();
  passed_over.clear();
  has_left_behind = false;
  to_record.insert(to_record.end(), to_record_later.begin(), to_record_later.end());
  to_record_later.clear();
}

void Dispatcher::Impl::admit(std::vector<TextRecord> texts, bool overflowed) {
  for (TextRecord& text : texts) {
    if (more_in_store && text.row > read_after) continue;  // read from there in its turn
    if (window.contains(text.row)) {
      renew(text);
      continue;
    }
    if (window.size() >= options.window) {
      overflowed = true;
      if (more_in_store || text.row <= held_max) read_again_soon();
      continue;
    }
    hold(std::move(text));
  }
  if (overflowed && !more_in_store) {
    seen(RarePath::promises_overflowed);
    more_in_store = true;
    read_after = held_max;
  }
}

/// A loss has been told of a text that waits here: what the store says of it now holds. One that is being started
/// is refused there.
void Dispatcher::Impl::renew(const TextRecord& text) {
  TextWindow::Held& held = window.at(text.row);
  if (held.place == TextWindow::Held::Place::busy) return;
  held.text.closed_ways = text.closed_ways;
  note_account_of(held.text);
  window.postpone(text.row, std::max(held.not_before, now_monotonic() + nanoseconds(wait_of(text))));
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
    passed_over.clear();
    has_left_behind = false;
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
      if (hold(std::move(text)) && is_rescan) seen(RarePath::promise_found_by_rescan);
    }
    if (!is_all) return;
    // Promises made since the read began are in the inbox, or overflowed it, which admit() will see.
    more_in_store = false;
    is_rescan = false;
    rescan_at = now + (has_left_behind ? left_in_store_for : options.rescan_every);
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

/// How many more texts may be started by an account.
std::size_t Dispatcher::Impl::room_of(const Lane& lane, nanoseconds now) const {
  const std::size_t under_way = lane.starting + lane.in_flight;
  const std::size_t room = options.in_flight_max > under_way ? options.in_flight_max - under_way : 0;
  const std::size_t tokens = lane.bucket.available(now);
  const std::size_t unreserved = tokens > lane.starting ? tokens - lane.starting : 0;
  return std::min({room, unreserved, lane.gate.allowance(now)});
}

/// When an account without room will have some; empty when an answer or the journal tells.
std::optional<nanoseconds> Dispatcher::Impl::room_at(const Lane& lane, nanoseconds now) const {
  const bool is_probing = lane.gate.state() != SendGate::State::open && !lane.gate.probe_at();
  if (is_probing || lane.starting + lane.in_flight >= options.in_flight_max) return std::nullopt;
  const std::size_t wanted = lane.starting + 1;
  if (wanted > lane.bucket.size()) return std::nullopt;
  return std::max({now, lane.gate.probe_at().value_or(now), lane.bucket.time_of(wanted)});
}

/// The way a text takes now: the first that is not closed and whose account is there, or may be probed. When all
/// are away, the first that is not closed. Empty: none is left.
std::optional<std::size_t> Dispatcher::Impl::way_of(const TextRecord& text, nanoseconds now) const {
  const std::vector<Way>& ways = text.promise.ways;
  for (std::size_t way = 0; way < ways.size(); ++way) {
    const SendGate& gate = lane_by(ways[way].account).gate;
    if (!text.closed_ways.contains(way) && (!gate.is_away(now) || gate.allowance(now) > 0)) return way;
  }
  return first_open_way(text.promise, text.closed_ways);
}

/// An account has been failing for so long: what waits for it and has another way need not wait.
void Dispatcher::Impl::go_round_what_is_away() {
  const nanoseconds now = now_monotonic();
  for (Lane& lane : lanes) {
    const bool is_away = lane.gate.is_away(now);
    if (is_away && !lane.was_away && has_second) {
      window.hurry();
      leave_lines_of(lane, now);
    }
    lane.was_away = is_away;
  }
}

/// Nobody waits for a place that leads nowhere.
void Dispatcher::Impl::leave_lines_of(const Lane& lane, nanoseconds now) {
  window.leave_lines([&](const TextWindow::Held& held) {
    const Way& waits_for = held.text.promise.ways[*held.place_taken_for];
    const std::optional<std::size_t> way = way_of(held.text, now);
    const bool is_elsewhere = way && held.text.promise.ways[*way].account != waits_for.account;
    if (&lane_by(waits_for.account) != &lane || !is_elsewhere) return false;
    pace.forget(waits_for.sender);
    return true;
  });
}

/// Whether some ready text may take another account's way than the first's.
bool Dispatcher::Impl::may_ways_differ(nanoseconds now) const {
  return has_second && (some_go_second || lane_by(Account::first).gate.is_away(now));
}

void Dispatcher::Impl::start_due() {
  start_again_at.reset();
  if (stopping || start_works >= options.works_max) return;
  const nanoseconds now = now_monotonic();
  auto group = std::make_shared<StartGroup>();
  std::optional<TextRow> next = window.first_ready(now);
  while (next) {
    const TextRow row = *next;
    next = window.ready_after(row);
    if (group->items.size() >= options.group_max) {
      start_again_at = now;
      break;
    }
    TextWindow::Held& held = window.at(row);
    const std::optional<std::size_t> way = way_of(held.text, now);
    if (!way) {
      window.take(row);
      to_record.push_back({held.text, give_up_without_sender(held.text)});
      continue;
    }
    Lane& lane = lane_by(held.text.promise.ways[*way].account);
    if (room_of(lane, now) == 0) {
      take_earlier(start_again_at, room_at(lane, now));
      const bool is_any_room = std::ranges::any_of(lanes, [&](const Lane& l) { return room_of(l, now) > 0; });
      if (may_ways_differ(now) && is_any_room) continue;
      break;
    }
    // Whatever could not be written together may be by itself.
    if (held.start_in_doubt && !group->items.empty()) {
      start_again_at = now;
      break;
    }
    const bool is_alone = held.start_in_doubt;
    start_or_wait(row, *way, now, *group);
    if (is_alone && !group->items.empty()) {
      start_again_at = now;
      break;
    }
  }
  if (group->items.empty()) return;
  ++start_works;
  submit_start(std::move(group));
}

void Dispatcher::Impl::start_or_wait(TextRow row, std::size_t way, nanoseconds now, StartGroup& group) {
  TextWindow::Held& held = window.at(row);
  const Way& taken = held.text.promise.ways[way];
  window.take(row);
  const bool is_probe = lane_by(taken.account).gate.state() != SendGate::State::open;
  if (held.place_taken_for != way && !is_probe) {
    held.place_taken_for = way;
    const nanoseconds at = pace.reserve(taken.sender, held.segments, now);
    if (at > now) return window.put_back(row, at, false);
  }
  if (!may_leave(held.text)) return;
  held.place_taken_for.reset();
  Lane& lane = lane_by(taken.account);
  held.is_probe = lane.gate.start();
  ++lane.starting;
  group.items.push_back({.row = row,
                         .attempt = {held.text.attempts + 1, way},
                         .taken = taken,
                         .closed_ways = held.text.closed_ways,
                         .recipient = held.text.promise.pair.caller,
                         .client = held.text.promise.client,
                         .in_doubt = held.start_in_doubt});
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
  if (!ports.numbering_plan.is_landline(text.promise.pair.caller)) return true;
  seen(RarePath::landline_at_the_exit);
  to_record.push_back({text, give_up_on_landline(text)});
  return false;
}

void Dispatcher::Impl::stop_forbidden(const TextRecord& text) {
  LogLine line = line_about(text, LogLevel::critical, "CRITICAL INVARIANT VIOLATION");
  line.fields.push_back({"purpose", std::string(name_of(text.promise.id.purpose))});
  line.fields.push_back({"origin", std::string(name_of(text.promise.origin))});
  line.fields.push_back({"stack_trace", stack_trace_here()});
  ports.log.write(line);
  ports.meter.count(Metric::exit_policy_refusals, name_of(text.promise.id.purpose), name_of(text.promise.origin));
  if (text.promise.id.purpose == Purpose::onboarding) ports.meter.count(Metric::onboarding_isolation_violations);
  RecordGroup::Item item{text, give_up_as_forbidden(text), {isolation_alert(text)}};
  item.is_stopped_at_the_exit = true;
  to_record.push_back(std::move(item));
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
  ports.journal.submit(
      {.write = [group](StoreBatch& batch, Instant now) { return write_starts(batch, *group, now); },
       .done =
           [group, weak = weak_from_this()](const Result<void>& durable) {
             group->durable = durable.has_value();
             if (const auto self = weak.lock()) {
               self->inbox.deliver([&](Inbox::Mail& mail) { mail.starts.push_back(group); });
             }
           },
       .may_stand_in = true});
}

// --- sending ------------------------------------------------------------------------------------------

void Dispatcher::Impl::hear_starts(const std::vector<std::shared_ptr<StartGroup>>& groups) {
  std::vector<std::pair<TextRow, OutgoingText>> letters;
  for (const auto& group : groups) {
    --start_works;
    for (const StartGroup::Item& item : group->items) --lane_by(item.taken.account).starting;
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
      lane_by(item.taken.account).gate.probe_lost(now);
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
    if (held.is_probe) lane_by(item.taken.account).gate.probe_lost(now_monotonic());
    if (item.is_away) return leave_in_its_store(item);
    if (item.barred) {
      seen(RarePath::recipient_barred_at_the_exit);
      to_record.push_back({held.text, give_up_on_barred(held.text, *item.barred)});
      return;
    }
    if (item.is_blocked) return use_other_way(item.row, item.attempt.way);
    // Somebody else has changed it: whatever it is now is read from the store.
    read_again_soon();
    ports.log.write(line_about(held.text, LogLevel::warning, "text was no longer promised, not sent"));
    return let_go(item.row);
  }
  const PromisedText& promise = held.text.promise;
  const std::optional<std::size_t> preferred = first_open_way(promise, held.text.closed_ways);
  if (preferred && promise.ways[*preferred].account != item.taken.account) {
    seen(RarePath::detour_taken);
    ports.meter.count(Metric::texts_detoured);
  }
  held.start_in_doubt = false;
  held.text.way = item.attempt.way;
  held.text.attempts = item.attempt.number;
  LogLine line = line_about(held.text, LogLevel::info, "text handed to the carrier");
  line.fields.push_back({"from", item.taken.sender.text()});
  line.fields.push_back({"attempt", std::to_string(item.attempt.number)});
  ports.log.write(line);
  letters.emplace_back(item.row,
                       OutgoingText{promise.id, item.taken.account, item.taken.sender, promise.pair.caller,
                                    promise.body_by(item.taken.account), item.attempt});
}

/// It is read from there again, but for one that may have been marked started there without being sent.
void Dispatcher::Impl::leave_in_its_store(const StartGroup::Item& item) {
  seen(RarePath::text_of_other_store);
  if (!item.in_doubt) return let_go(item.row);
  window.put_back(item.row, now_monotonic() + options.journal_retry, false);
}

/// The carrier has blocked the sender since the text was promised.
void Dispatcher::Impl::use_other_way(TextRow row, std::size_t blocked_way) {
  seen(RarePath::sender_blocked_at_the_exit);
  TextWindow::Held& held = window.at(row);
  held.start_in_doubt = false;
  held.text.closed_ways.add(blocked_way);
  note_account_of(held.text);
  window.put_back(row, now_monotonic(), false);
}

void Dispatcher::Impl::hand_to_carrier(std::vector<std::pair<TextRow, OutgoingText>> letters) {
  const nanoseconds now = now_monotonic();
  for (auto& [row, letter] : letters) {
    Lane& lane = lane_by(letter.account);
    ++lane.in_flight;
    lane.bucket.take(1, now);
    ports.carrier.send(permit(), std::move(letter), [row, weak = weak_from_this()](SendAnswer answer) {
      const auto self = weak.lock();
      if (!self) return;
      self->inbox.deliver([&](Inbox::Mail& mail) { mail.answers.push_back({row, std::move(answer)}); });
    });
  }
}

// --- answers ------------------------------------------------------------------------------------------

void Dispatcher::Impl::hear_answers(const std::vector<Inbox::Answer>& answers) {
  for (const auto& [row, answer] : answers) {
    TextWindow::Held& held = window.at(row);
    const Account account = account_of(held.text);
    Lane& lane = lane_by(account);
    --lane.in_flight;
    const SendGate::State before = lane.gate.state();
    lane.gate.hear(health_told_by(answer), held.is_probe, now_monotonic());
    const auto [meaning, code] = labels_of(answer);
    ports.meter.count(Metric::carrier_answers, meaning, code);
    const Instant now = ports.clock.now();
    RecordGroup::Item item{held.text,
                           decide_next_step(held.text, answer, options.retry_rules(), now, ports.random)};
    const bool is_news = before != SendGate::State::credentials_refused;
    if (const auto* refused = std::get_if<Refused>(&answer)) {
      item.consequences = consequences_of(held.text, *refused, now);
      if (is_news && lane.gate.state() == SendGate::State::credentials_refused) {
        item.more_alerts.push_back(credentials_alert(account, *refused));
      }
    }
    gate_changed(account, before);
    to_record.push_back(std::move(item));
  }
}

void Dispatcher::Impl::gate_changed(Account account, SendGate::State before) {
  const SendGate::State state = lane_by(account).gate.state();
  if (state == before) return;
  const auto tell = [&](LogLevel level, std::string message) {
    ports.log.write({level, std::move(message), "", {{"account", std::string(name_of(account))}}});
  };
  switch (state) {
    case SendGate::State::open:
      seen(RarePath::carrier_well_again);
      window.hurry();
      return tell(LogLevel::info, "the carrier takes texts again");
    case SendGate::State::failing:
      seen(RarePath::carrier_failing);
      return tell(LogLevel::error, "the carrier fails: texts are held, one at a time is tried");
    case SendGate::State::credentials_refused:
      seen(RarePath::credentials_refused);
      return tell(LogLevel::critical, "the carrier refuses our credentials: texts are held");
  }
}

void Dispatcher::Impl::give_up_useless() {
  if (stopping || to_record.size() >= options.group_max) return;
  for (const TextRow row : window.take_useless(options.group_max, now_monotonic())) {
    seen(RarePath::text_too_late);
    const TextRecord& text = window.at(row).text;
    to_record.push_back({text, give_up_as_too_late(text)});
  }
}

void Dispatcher::Impl::submit_records() {
  while (!to_record.empty() && record_works < options.works_max && now_monotonic() >= records_not_before) {
    auto group = std::make_shared<RecordGroup>();
    // Whatever could not be written together may be by itself.
    const std::size_t most = is_record_in_doubt ? 1 : options.group_max;
    while (!to_record.empty() && group->items.size() < most) {
      group->items.push_back(std::move(to_record.front()));
      to_record.pop_front();
    }
    recording += group->items.size();
    ++record_works;
    ports.journal.submit(
        {.write = [group, retry = options.retry_rules(), &carrier = ports.carrier, &random = ports.random](
                      StoreBatch& batch,
                      Instant now) { return write_records(batch, *group, carrier, retry, random, now); },
         .done =
             [group, weak = weak_from_this()](const Result<void>& durable) {
               group->durable = durable.has_value();
               if (const auto self = weak.lock()) {
                 self->inbox.deliver([&](Inbox::Mail& mail) { mail.records.push_back(group); });
               }
             },
         .may_stand_in = true});
  }
}

void Dispatcher::Impl::settle(const RecordGroup& group) {
  --record_works;
  recording -= group.items.size();
  if (!group.durable) {
    seen(RarePath::answers_not_durable);
    records_not_before = now_monotonic() + options.journal_retry;
    is_record_in_doubt = true;
    to_record.insert(to_record.end(), group.items.begin(), group.items.end());
    ports.log.write({LogLevel::error,
                     "the carrier's answers could not be recorded, will be tried again",
                     "",
                     {{"texts", std::to_string(group.items.size())}}});
    return;
  }
  is_record_in_doubt = false;
  const nanoseconds now = now_monotonic();
  for (const RecordGroup::Item& item : group.items) {
    if (item.is_away) {
      (is_standing_in ? to_record_later : to_record).push_back(item);
      continue;
    }
    report(item);
    if (item.instead) {
      ports.meter.count(Metric::texts_promised, name_of(item.instead->promise.id.purpose));
      inbox.put_promised({*item.instead});
    }
    if (!item.told_message_sid.empty()) {
      let_go(item.text.row);
      continue;
    }
    const NextStep step = item.loss ? step_after(item.loss->loss, ports.clock.now()) : item.step;
    if (const auto* again = std::get_if<TryAgain>(&step)) {
      try_again(item, *again, now);
    } else {
      let_go(item.text.row);
    }
  }
}

/// What waits for an account alone need not wait when it may go by another.
void Dispatcher::Impl::try_again(const RecordGroup::Item& item, const TryAgain& again, nanoseconds now) {
  TextWindow::Held& held = window.at(item.text.row);
  held.text.closed_ways = again.closed_ways;
  note_account_of(held.text);
  const std::optional<std::size_t> way = way_of(held.text, now);
  const bool is_elsewhere = way && held.text.promise.ways[*way].account != account_of(item.text);
  window.put_back(item.text.row, now + (is_elsewhere && again.may_hurry ? Duration{0} : again.delay),
                  again.may_hurry);
}

namespace {

struct StepReport {
  const RecordGroup::Item& item;
  Meter& meter;
  Instant now;

  LogLine answered(TextState state, LogLevel level, std::string message) const {
    meter.count(Metric::texts_answered, name_of(item.text.promise.id.purpose), name_of(state));
    return line_about(item.text, level, std::move(message));
  }
  LogLine operator()(const KeepAccepted& step) const {
    count_all(meter, counts_of_acceptance(item.text, now));
    LogLine line = line_about(item.text, LogLevel::info, "text accepted");
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
    count_all(meter, counts_of_lesson(step.learned));
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
  const NextStep accepted_before = KeepAccepted{item.told_message_sid};
  const NextStep& step = item.told_message_sid.empty() ? item.step : accepted_before;
  ports.log.write(std::visit(StepReport{item, ports.meter, ports.clock.now()}, step));
  // Else a status has told the loss after a record that was durable in secret, and was counted itself.
  if (item.loss && item.has_written_loss) {
    count_all(ports.meter, counts_of(*item.loss, item.text));
    ports.log.write(line_about(item.text, LogLevel::warning, "text accepted, and lost before that was recorded"));
  }
  if (item.consequences.alert) ports.meter.count(Metric::alerts_raised, name_of(item.consequences.alert->kind));
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
    if (start_works < options.works_max) take_earlier(at, start_again_at);
    take_earlier(at, window.next_ready_at());
    for (const Lane& lane : lanes) {
      if (has_second) take_earlier(at, lane.gate.away_at(now));
    }
  }
  if (!at) return std::nullopt;
  return *at <= now ? Duration{0} : std::chrono::ceil<Duration>(*at - now);
}

void Dispatcher::Impl::show_levels() {
  const std::lock_guard lock(levels_mutex);
  const auto is_any = [this](SendGate::State state) {
    return std::ranges::any_of(lanes, [state](const Lane& lane) { return lane.gate.state() == state; });
  };
  levels_shown = {window.size(),
                  starting(),
                  in_flight(),
                  recording + to_record.size() + to_record_later.size(),
                  more_in_store,
                  is_any(SendGate::State::failing),
                  is_any(SendGate::State::credentials_refused)};
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

void Dispatcher::store_changed(bool is_standing_in) {
  impl_->inbox.deliver([=](Inbox::Mail& mail) { mail.is_standing_in = is_standing_in; });
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
