#include "pipeline.hpp"

#include <algorithm>
#include <utility>

#include "base/rare_path.hpp"
#include "flow/ring.hpp"

namespace jobrun::app {

/// The same rules wherever it is learned that a text did not leave, or is lost.
Pipeline::Pipeline(Ports ports, Options options)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      owner_time_(ports_.time_zones, options_.policy.time_zone) {
  options_.outbox.outcome_deadline = options_.policy.outcome_deadline;
  options_.look_ups.retry = options_.outbox.retry_rules();
  options_.policy.text_useful_for = options_.outbox.useful_for;
  options_.sweep.call_length_max = options_.policy.call_length_max;
}

Result<std::unique_ptr<Pipeline>> Pipeline::start(Ports ports, Options options) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(std::move(ports), std::move(options)));
  if (Result<void> opened = pipeline->open_store(); !opened) return std::unexpected(opened.error());
  pipeline->wire_outbox();
  pipeline->wire_look_ups();
  pipeline->wire_alerts();
  pipeline->wire_sweep();
  pipeline->wire_sign_up_watch();
  pipeline->wire_weekly_watch();
  pipeline->wire_contact_cards();
  pipeline->wire_housekeeping();
  return pipeline;
}

/// What was acknowledged earlier is decided earlier: so before any text is taken up, the spool is replayed.
Result<void> Pipeline::open_store() {
  const auto opened = [this]() -> Result<void> {
    const std::unique_ptr<StoreReader> reader = ports_.store.reader();
    directory_.emplace(directory::read_snapshot(*reader, options_.configured));
    read_guard();
    wire_ledger();
    if (Result<void> restored = ledger_->restore(); !restored) return restored;
    if (Result<void> replayed = ledger_->replay_all(); !replayed) return replayed;
    return take_up_former_texts();
  };
  if (!ports_.load_snapshot) return opened();
  Result<void> result;
  try {
    result = opened();
  } catch (const StoreFailure& failed) {
    result = failure(ErrorKind::unavailable, failed.message);
  }
  if (result) return result;
  return start_without_store(result.error());
}

Result<void> Pipeline::start_without_store(const Error& because) {
  const Result<std::shared_ptr<const directory::Snapshot>> saved = ports_.load_snapshot();
  if (!saved || ports_.guard == nullptr || ports_.spool == nullptr) return std::unexpected(because);
  seen(RarePath::started_without_store);
  ports_.log.write({LogLevel::critical,
                    "STARTED WITHOUT THE DATABASE: callers are served from the spool until it can be used",
                    "",
                    {{"error", because.message}}});
  directory_.reset();
  directory_.emplace(*saved);
  if (!ports_.guard->is_whole() && !ports_.guard->read_file()) {
    ports_.log.write({LogLevel::critical,
                      "NO GUARD: who has opted out or was texted of late is not known, so no text leaves to the "
                      "callers of any client until the database is back",
                      "",
                      {}});
  }
  wire_ledger();
  if (Result<void> restored = ledger_->restore(); !restored) return restored;
  ledger_->start_without_store(because, [this]() -> Result<void> {
    if (Result<void> taken_up = take_up_former_texts(); !taken_up) return taken_up;
    // Whoever mended the database may have written to it.
    read_guard();
    return {};
  });
  return {};
}

void Pipeline::read_guard() {
  if (ports_.guard == nullptr) return;
  const std::unique_ptr<StoreReader> reader = ports_.store.reader();
  ports_.guard->read_from(
      *reader, [this](E164 phone) { return ports_.numbering_plan.country_of(phone); }, ports_.clock.now());
}

/// Texts that were in flight when a former process ended: nobody knows whether they left.
Result<void> Pipeline::take_up_former_texts() {
  const std::unique_ptr<StoreBatch> batch = ports_.store.begin({});
  const std::int64_t unknown = batch->started_become_unknown(ports_.clock.now());
  if (Result<void> committed = batch->commit(); !committed) return committed;
  if (unknown > 0) {
    seen(RarePath::texts_in_flight_at_crash);
    ports_.log.write(
        {LogLevel::warning,
         "texts were in flight when the service last ended; they are unknown and looked for at the carrier",
         "",
         {{"texts", std::to_string(unknown)}}});
  }
  return {};
}

void Pipeline::wire_ledger() {
  decider_.emplace(EventDecider::Ports{.directory = *directory_,
                                       .numbering_plan = ports_.numbering_plan,
                                       .time_zones = ports_.time_zones,
                                       .carrier = ports_.carrier,
                                       .random = ports_.random},
                   options_.policy, options_.sign_up, options_.outbox.retry_rules());
  if (ports_.guard != nullptr) guarded_store_.emplace(ports_.store, *ports_.guard);
  if (ports_.spool != nullptr) {
    spool_.emplace(*ports_.spool);
    if (ports_.guard != nullptr) stand_in_.emplace(*spool_, *ports_.guard, ports_.clock);
  }
  ledger_.emplace(
      ledger::Ledger::Ports{.store = guarded_store_ ? static_cast<Store&>(*guarded_store_) : ports_.store,
                            .decider = *decider_,
                            .spool = spool_ ? &*spool_ : nullptr,
                            .stand_in = stand_in_ ? &*stand_in_ : nullptr,
                            .clock = ports_.clock,
                            .meter = ports_.meter,
                            .log = ports_.log},
      [this](ledger::MadeDue due) {
        if (!alerts_) return;  // before the start's end: they read the store then
        outbox_->promised(std::move(due.texts));
        if (due.alerts) alerts_->raised();
      },
      options_.ledger);
  ledger_->set_on_store_changed([this](bool is_standing_in) {
    if (outbox_) outbox_->store_changed(is_standing_in);
  });
}

void Pipeline::wire_outbox() {
  outbox_reader_ = ports_.store.reader();
  outbox_.emplace(outbox::Dispatcher::Ports{.journal = *ledger_,
                                            .carrier = ports_.carrier,
                                            .numbering_plan = ports_.numbering_plan,
                                            .meter = ports_.meter,
                                            .log = ports_.log,
                                            .clock = ports_.clock,
                                            .random = ports_.random,
                                            .refill =
                                                [this](TextRow after, std::int64_t limit) {
                                                  if (stand_in_ && ledger_->is_standing_in())
                                                    return stand_in_->promised_texts(after, limit);
                                                  return outbox_reader_->promised_texts(after, limit);
                                                }},
                  options_.outbox);
}

void Pipeline::wire_look_ups() {
  look_up_reader_ = ports_.store.reader();
  look_ups_.emplace(
      outbox::LookUps::Ports{
          .journal = *ledger_,
          .carrier = ports_.carrier,
          .meter = ports_.meter,
          .log = ports_.log,
          .clock = ports_.clock,
          .random = ports_.random,
          .unknown_texts_due =
              [this](Instant now, Duration first_look, std::int64_t limit) {
                return look_up_reader_->unknown_texts_due(now, first_look, limit);
              },
          .promised = [this](std::vector<TextRecord> texts) { outbox_->promised(std::move(texts)); }},
      options_.look_ups);
}

/// The ways to people look into the directory; those that were given do not.
void Pipeline::open_alert_channels() {
  alert_channels_ = ports_.alert_channels;
  if (options_.alert_mail) {
    email_channel_.emplace(
        ports_.mail, ports_.clock, [this](const AlertRequest& alert) { return mailed_owner(alert); },
        *options_.alert_mail);
    alert_channels_.push_back(&*email_channel_);
  }
  if (options_.alert_texting) {
    options_.alert_texting->is_email_set_up = ways_to_people().email;
    alert_texting_.emplace(AlertTexting::Ports{.carrier = ports_.carrier,
                                               .numbering_plan = ports_.numbering_plan,
                                               .directory = *directory_,
                                               .reader = ports_.store.reader(),
                                               .journal = *ledger_,
                                               .meter = ports_.meter,
                                               .log = ports_.log},
                           *options_.alert_texting);
    alert_channels_.push_back(&alert_texting_->channel());
  }
  warn_of_alert_channels();
}

std::optional<std::string> Pipeline::mailed_owner(const AlertRequest& alert) const {
  if (!alert.client) return std::nullopt;
  const auto snapshot = directory_->current();
  const ClientProfile* owner = snapshot->client(*alert.client);
  if (owner == nullptr || !alert::ways_of_owner(*owner, alert.kind, ways_to_people()).by_email)
    return std::nullopt;
  return owner->owner_email;
}

/// Of an alert that is no owner's, or whose owner is not known, nobody has quiet hours.
alert::AlertDispatcher::QuietUntil Pipeline::quiet_hours() const {
  return [this](const AlertRequest& alert, Instant now) -> std::optional<Instant> {
    if (alert.audience != Audience::owner || !alert.client) return std::nullopt;
    const auto snapshot = directory_->current();
    const ClientProfile* owner = snapshot->client(*alert.client);
    return owner != nullptr ? owner_time_.quiet_until(*owner, now) : std::nullopt;
  };
}

void Pipeline::warn_of_alert_channels() {
  if (const auto unkept = alert::unkept_choices(directory_->current()->clients(), ways_to_people());
      unkept.email + unkept.text > 0) {
    ports_.log.write(
        {LogLevel::warning,
         "OWNERS ARE NOT ALERTED AS THEY CHOSE: the way they chose is not set up",
         "",
         {{"chose_email", std::to_string(unkept.email)}, {"chose_text", std::to_string(unkept.text)}}});
  }
  if (alert_channels_.empty()) {
    ports_.log.write({LogLevel::warning,
                      "NO ALERT CHANNEL: nobody is told of what needs a person, and such calls stay open; set "
                      "JOBRUN_ALERT_WEBHOOK_URL, JOBRUN_SMTP_URL or JOBRUN_OPERATOR_PHONE",
                      "",
                      {}});
  } else if (alert_channels_.size() == 1) {
    ports_.log.write({LogLevel::warning,
                      "ONLY ONE ALERT CHANNEL: while it fails nobody is told; set up a second one",
                      "",
                      {{"channel", std::string(name_of(alert_channels_.front()->way()))}}});
  }
}

void Pipeline::wire_alerts() {
  open_alert_channels();
  alert_reader_ = ports_.store.reader();
  StoreReader& reader = *alert_reader_;
  alerts_.emplace(
      alert::AlertDispatcher::Ports{
          .journal = *ledger_,
          .meter = ports_.meter,
          .log = ports_.log,
          .clock = ports_.clock,
          .random = ports_.random,
          .due_alerts = [&reader](AlertWay by, Instant now,
                                  std::int64_t limit) { return reader.due_alerts(by, now, limit); },
          .tellings = [&reader](AlertWay by, std::string_view recipient, Instant since,
                                Instant now) { return reader.alert_tellings(by, recipient, since, now); },
          .channels = alert_channels_,
          .quiet_until = quiet_hours()},
      options_.alerts);
}

LongestWaits Pipeline::longest_waits() const {
  constexpr Duration alert_groups{10 * 60'000};  // at_most_every of the dispatchers' own alerts
  const flow::Policy& policy = options_.policy;
  return {.deadline = policy.call_length_max + flow::longest_of_all() +
                      std::max(policy.outcome_deadline, policy.looked_for_deadline),
          .alert = std::max({policy.lead_delay, policy.repeated_call_alert_every, alert_groups}),
          .telling = std::max({options_.alerts.back_off_max, options_.alerts.limit_window,
                               options_.alerts.quiet_look_every, options_.alerts.others_first_for}),
          .retry = options_.alerts.back_off_max,
          .looked_for = policy.looked_for_deadline};
}

void Pipeline::wire_sweep() {
  if (ports_.carrier_calls == nullptr || ports_.carrier_numbers == nullptr) return;
  sweep_reader_ = ports_.store.reader();
  StoreReader& reader = *sweep_reader_;
  sweep_.emplace(
      sweep::Sweep::Ports{
          .calls = *ports_.carrier_calls,
          .texts = ports_.carrier_texts,
          .numbers = *ports_.carrier_numbers,
          .events = *ledger_,
          .journal = *ledger_,
          .known = {.mark = [&reader](SweptList list) { return reader.sweep_mark(list); },
                    .installed_at = [&reader] { return reader.installed_at(); },
                    .has_ended = [&reader](const CallSid& call_sid) { return reader.has_ended(call_sid); },
                    .calls_without_end =
                        [&reader](Instant before, std::int64_t limit) {
                          return reader.calls_without_end(before, limit);
                        },
                    .has_text = [&reader](const std::string& sid) { return reader.has_inbound_text(sid); },
                    .number = [this](E164 number) { return directory_->current()->is_ours(number); },
                    .can_be_kept = [this] { return !ledger_->is_spooling(); }},
          .meter = ports_.meter,
          .log = ports_.log,
          .clock = ports_.clock,
          .random = ports_.random},
      options_.sweep);
}

Result<Commit> Pipeline::reply_to_customer(const texting::OperatorsWords& reply, FactReader& facts, Instant now) {
  const std::shared_ptr<const directory::Snapshot> directory = directory_->current();
  const texting::Surroundings around{*directory, ports_.numbering_plan, options_.policy, options_.sign_up,
                                     ports_.time_zones};
  return texting::reply_as_operator(reply, around, facts, now);
}

void Pipeline::promised(const Commit& commit, std::vector<TextRecord> texts) {
  count_all(ports_.meter, commit.counts);
  outbox_->promised(std::move(texts));
}

void Pipeline::wire_sign_up_watch() {
  decisions_.emplace(
      WriterDecisions::Ports{
          .journal = *ledger_,
          .directory = *directory_,
          .numbering_plan = ports_.numbering_plan,
          .time_zones = ports_.time_zones,
          .meter = ports_.meter,
          .log = ports_.log,
          .promised = [this](std::vector<TextRecord> texts) { outbox_->promised(std::move(texts)); }},
      WriterDecisions::Rules{.policy = options_.policy, .sign_up = options_.sign_up});
  sign_up_watch_.emplace(
      SignUpWatch::Ports{.reader = ports_.store.reader(), .decisions = *decisions_, .clock = ports_.clock});
}

void Pipeline::wire_weekly_watch() {
  weekly_watch_.emplace(WeeklyWatch::Ports{.reader = ports_.store.reader(),
                                           .journal = *ledger_,
                                           .directory = *directory_,
                                           .owner_time = owner_time_,
                                           .meter = ports_.meter,
                                           .clock = ports_.clock,
                                           .can_be_told = [this](const ClientProfile& owner) {
                                             const alert::OwnerWays ways = alert::ways_of_owner(
                                                 owner, AlertKind::weekly_summary, ways_to_people());
                                             return ways.by_email || ways.by_text;
                                           }});
}

void Pipeline::wire_contact_cards() {
  contact_cards_.emplace(ContactCardWatch::Ports{.reader = ports_.store.reader(),
                                                 .decisions = *decisions_,
                                                 .media = ports_.carrier_media,
                                                 .log = ports_.log,
                                                 .clock = ports_.clock});
}

void Pipeline::wire_housekeeping() {
  if (ledger_->is_standing_in()) outbox_->store_changed(true);
  store_watch_.emplace(StoreWatch::Ports{.ledger = *ledger_,
                                         .store = ports_.store,
                                         .spool = ports_.spool,
                                         .guard = ports_.guard,
                                         .alert_channels = alert_channels_,
                                         .meter = ports_.meter,
                                         .clock = ports_.clock});
  old_words_.emplace(
      OldWordsWatch::Ports{
          .reader = ports_.store.reader(), .journal = *ledger_, .log = ports_.log, .clock = ports_.clock},
      options_.old_words);
  housekeeping_.emplace(
      Housekeeping::Ports{
          .reader = ports_.store.reader(),
          .directory = *directory_,
          .look_ups = *look_ups_,
          .sweep = sweep_ ? &*sweep_ : nullptr,
          .sign_up_watch = *sign_up_watch_,
          .weekly_watch = *weekly_watch_,
          .contact_cards = *contact_cards_,
          .store_watch = *store_watch_,
          .old_words = *old_words_,
          .journal = *ledger_,
          .meter = ports_.meter,
          .log = ports_.log,
          .clock = ports_.clock,
          .save_snapshot = ports_.save_snapshot,
      },
      Housekeeping::Options{.configured = options_.configured,
                            .longest_waits = longest_waits(),
                            .overdue_every = options_.overdue_every,
                            .texts_waiting_alert_above = options_.texts_waiting_alert_above});
}

}  // namespace jobrun::app
