#include "outbox/look_ups.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "base/rare_path.hpp"
#include "counts.hpp"
#include "loss.hpp"
#include "next_step.hpp"

namespace jobrun::outbox {
namespace {

/// What came back about one text.
struct Told {
  TextRow row;
  FindAnswer answer;
  std::optional<LookStep> found_before{};  ///< recorded once, perhaps durably
};

/// What reached the look-ups from other threads since their last pump.
struct Mail {
  std::vector<Told> told;
  std::vector<TextRow> settled;  ///< recorded, or to be asked about again later
};

LogLine line_about(const TextRecord& text, LogLevel level, std::string message) {
  LogLine line{level, std::move(message), text.promise.id.cause, {}};
  line.fields.push_back({"text", text.promise.id.text()});
  return line;
}

/// The message made nearest to when ours was sent, if that is near enough.
const FoundMessage* made_with(const UnknownText& unknown, const Found& found, Duration near_enough) {
  const FoundMessage* nearest = nullptr;
  Duration distance = near_enough;
  for (const FoundMessage& message : found.messages) {
    const Duration between = std::chrono::abs(message.created_at - unknown.started_at);
    if (between > distance) continue;
    nearest = &message;
    distance = between;
  }
  return nearest;
}

/// What one look came to, as it is recorded.
struct Look {
  UnknownText unknown;
  FindAnswer answer;
  std::optional<LookStep> found_before{};
  LookStep step{};
  bool is_done = false;
  std::optional<TextRecord> promised{};
  std::optional<Loss> loss{};  ///< found, and known to be lost
};

/// What a look may need besides the store.
struct LookAround {
  const LookUpOptions& options;
  const Carrier& carrier;
  Random& random;
};

/// The text is that message. Of one that statuses have told to be lost, the next way out is taken at once.
bool write_found(StoreBatch& batch, Look& look, const LookAround& around, Instant now) {
  const TextRecord& text = look.unknown.text;
  const std::string& sid = look.step.message_sid;
  const bool is_found = batch.record_found(text.row, sid, now);
  if (!is_found && !(look.found_before && batch.was_lost(text.row, sid))) return false;
  if (look.step.lost_with) {
    const Account account = text.promise.ways.at(text.way).account;
    look.loss = loss_of(text, around.carrier.why_lost(account, *look.step.lost_with), around.options.retry, now,
                        around.random);
  } else {
    look.loss = told_loss(batch, text, sid, around.carrier, around.options.retry, now, around.random);
  }
  if (look.loss && is_found) look.promised = write_loss(batch, text, *look.loss, now);
  return true;
}

Result<void> write_look(StoreBatch& batch, Look& look, const LookAround& around, Instant now) {
  const LookUpOptions& options = around.options;
  const TextRow row = look.unknown.text.row;
  look.promised.reset();
  look.loss.reset();
  const std::string& told = look.unknown.told_message_sid;
  if (look.found_before || !told.empty()) {
    look.step = look.found_before.value_or(
        LookStep{.kind = LookStep::Kind::found, .looks = look.unknown.looks, .message_sid = told});
    look.is_done = write_found(batch, look, around, now);
    return {};
  }
  if (auto* found = std::get_if<Found>(&look.answer)) {
    const auto is_anothers = [&](const FoundMessage& m) { return batch.belongs_to_another(row, m.message_sid); };
    std::erase_if(found->messages, is_anothers);
    if (!found->messages.empty() && batch.has_rival(row)) {
      look.answer = CannotTell{"another text in the same words is in doubt too"};
    }
  }
  look.step = decide_look(look.unknown, look.answer, options, now);
  switch (look.step.kind) {
    case LookStep::Kind::found:
      look.is_done = write_found(batch, look, around, now);
      return {};
    case LookStep::Kind::look_again:
      look.is_done = batch.record_look(row, look.step.looks, look.step.absent, now + look.step.delay);
      return {};
    case LookStep::Kind::send_again:
      look.promised = batch.promise_again(row, "the carrier has not got it", now);
      look.is_done = look.promised.has_value();
      return {};
    case LookStep::Kind::give_up: {
      const GiveUp step = give_up_as_unknown(look.unknown.text);
      look.is_done = batch.promise_again(row, step.reason, now) &&
                     batch.record_refused(row, step.code, step.reason, step.alert, now);
      return {};
    }
  }
  return {};
}

}  // namespace

LookStep decide_look(const UnknownText& unknown, const FindAnswer& answer, const LookUpOptions& options,
                     Instant now) {
  LookStep step;
  step.looks = unknown.looks + 1;
  const auto* found = std::get_if<Found>(&answer);
  if (found != nullptr) {
    if (const FoundMessage* message = made_with(unknown, *found, options.same_time)) {
      step.kind = LookStep::Kind::found;
      step.message_sid = message->message_sid;
      if (message->is_lost) step.lost_with = message->error_code;
      return step;
    }
    if (found->messages.empty()) step.absent = unknown.absent + 1;
  }
  const bool is_useful = now < unknown.text.useful_from() + options.useful_for;
  if (step.looks >= options.looks_min && step.absent >= options.absent_min && is_useful) {
    step.kind = LookStep::Kind::send_again;
    return step;
  }
  if (step.looks >= options.looks_min && !is_useful && !unknown.text.call) {
    step.kind = LookStep::Kind::give_up;
    return step;
  }
  step.delay = options.look_every;
  if (step.absent > 0) return step;
  for (int looks = options.looks_min; looks < step.looks && step.delay < options.look_every_max; ++looks) {
    step.delay *= 2;
  }
  step.delay = std::min(step.delay, options.look_every_max);
  return step;
}

struct LookUps::Impl : std::enable_shared_from_this<LookUps::Impl> {
  Impl(Ports ports_given, LookUpOptions options_given) : ports(std::move(ports_given)), options(options_given) {}

  void pump();
  void ask(UnknownText unknown);
  void take_told(UnknownText unknown);
  void hear(Told told);
  void report(const Look& look);

  Ports ports;
  LookUpOptions options;
  std::mutex mail_mutex;
  Mail mail;
  std::map<std::int64_t, UnknownText> under_way;  ///< of pump(): asked about, or being recorded
};

void LookUps::Impl::pump() {
  Mail letters;
  {
    const std::lock_guard lock(mail_mutex);
    letters = std::exchange(mail, Mail{});
  }
  for (const TextRow row : letters.settled) under_way.erase(row.value);
  for (Told& told : letters.told) hear(std::move(told));
  if (under_way.size() >= options.in_flight_max) return;
  // What is under way is still due in the store, and counts among these.
  const auto limit = static_cast<std::int64_t>(options.in_flight_max);
  for (UnknownText& unknown : ports.unknown_texts_due(ports.clock.now(), options.first_look, limit)) {
    if (under_way.size() >= options.in_flight_max) return;
    if (under_way.contains(unknown.text.row.value)) continue;
    unknown.told_message_sid.empty() ? ask(std::move(unknown)) : take_told(std::move(unknown));
  }
}

void LookUps::Impl::ask(UnknownText unknown) {
  const PromisedText& promise = unknown.text.promise;
  const TextRow row = unknown.text.row;
  const Way& way = promise.ways.at(std::min(unknown.text.way, promise.ways.size() - 1));
  const Instant now = ports.clock.now();
  FindQuery query{.id = promise.id,
                  .account = way.account,
                  .sender = way.sender,
                  .recipient = promise.pair.caller,
                  .body = promise.body_by(way.account),
                  .from = std::min(unknown.text.promised_at, now) - options.query_margin,
                  .to = std::max(unknown.text.promised_at, now) + options.query_margin,
                  .attempt = {unknown.text.attempts, unknown.text.way}};
  under_way.emplace(row.value, std::move(unknown));
  ports.carrier.find(std::move(query), [row, weak = weak_from_this()](FindAnswer answer) {
    const auto self = weak.lock();
    if (!self) return;
    const std::lock_guard lock(self->mail_mutex);
    self->mail.told.push_back({row, std::move(answer)});
  });
}

/// A status has told of it already: nothing has to be asked.
void LookUps::Impl::take_told(UnknownText unknown) {
  seen(RarePath::unknown_text_told);
  const TextRow row = unknown.text.row;
  under_way.emplace(row.value, std::move(unknown));
  hear({row, Found{}});
}

/// Records what a look means. When that fails, it is recorded with the next pump: it may be durable all the same.
void LookUps::Impl::hear(Told told) {
  const auto found = under_way.find(told.row.value);
  if (found == under_way.end()) return;
  auto look = std::make_shared<Look>(Look{
      .unknown = found->second, .answer = std::move(told.answer), .found_before = std::move(told.found_before)});
  ports.journal.submit(
      {[look, rules = options, &carrier = ports.carrier, &random = ports.random](StoreBatch& batch, Instant now) {
         return write_look(batch, *look, {rules, carrier, random}, now);
       },
       [look, weak = weak_from_this()](const Result<void>& durable) {
         const auto self = weak.lock();
         if (!self) return;
         if (durable && look->is_done) self->report(*look);
         if (durable && look->promised) self->ports.promised({*look->promised});
         const std::lock_guard lock(self->mail_mutex);
         if (durable) {
           self->mail.settled.push_back(look->unknown.text.row);
         } else {
           const bool is_found = look->step.kind == LookStep::Kind::found;
           self->mail.told.push_back({look->unknown.text.row, std::move(look->answer),
                                      is_found ? std::optional(look->step) : std::nullopt});
         }
       }});
}

void LookUps::Impl::report(const Look& look) {
  const TextRecord& text = look.unknown.text;
  if (look.loss) count_all(ports.meter, counts_of(*look.loss, text));
  switch (look.step.kind) {
    case LookStep::Kind::found:
      seen(RarePath::unknown_text_found);
      ports.meter.count(Metric::texts_looked_for, look.unknown.told_message_sid.empty() ? "found" : "told");
      count_all(ports.meter, counts_of_acceptance(text, ports.clock.now()));
      ports.log.write(line_about(text, LogLevel::info, "unknown text found at the carrier: accepted"));
      return;
    case LookStep::Kind::look_again: {
      const bool is_absent = look.step.absent > 0;
      ports.meter.count(Metric::texts_looked_for, is_absent ? "absent" : "cannot_tell");
      if (is_absent) return;
      seen(RarePath::unknown_text_not_told);
      LogLine line = line_about(text, LogLevel::warning, "the carrier does not tell whether it has a text");
      const auto* cannot = std::get_if<CannotTell>(&look.answer);
      line.fields.push_back(
          {"reason", cannot ? cannot->reason : "messages of another time", LogField::Privacy::foreign});
      ports.log.write(line);
      return;
    }
    case LookStep::Kind::give_up:
      ports.meter.count(Metric::texts_looked_for, "given_up");
      ports.meter.count(Metric::texts_answered, name_of(text.promise.id.purpose), name_of(TextState::refused));
      ports.meter.count(Metric::alerts_raised, name_of(AlertKind::text_refused));
      ports.log.write(
          line_about(text, LogLevel::warning, "a text that answers no call stays unknown, a person is alerted"));
      return;
    case LookStep::Kind::send_again:
      seen(RarePath::unknown_text_sent_again);
      ports.meter.count(Metric::texts_looked_for, "absent");
      ports.meter.count(Metric::outbox_possible_duplicates);
      ports.log.write(
          line_about(text, LogLevel::warning, "unknown text not found at the carrier: it is sent again"));
      return;
  }
}

LookUps::LookUps(Ports ports, LookUpOptions options) : impl_(std::make_shared<Impl>(std::move(ports), options)) {}

LookUps::~LookUps() = default;

void LookUps::pump() {
  impl_->pump();
}

}  // namespace jobrun::outbox
