// A batch that is another one, for those who add something to a few of its functions.
#pragma once

#include <memory>
#include <utility>

#include "base/ports/store.hpp"

namespace jobrun {

template <class Base = StoreBatch>
class ForwardingBatch : public Base {
 public:
  explicit ForwardingBatch(std::unique_ptr<StoreBatch> inner) : inner_(std::move(inner)) {}

  std::optional<CallRecord> find_call(const CallSid& call_sid) override { return inner_->find_call(call_sid); }
  bool has_event(CallId call, std::string_view event_key) override { return inner_->has_event(call, event_key); }
  std::int64_t calls_rung_since(const Caller& caller, E164 number, Instant since) override {
    return inner_->calls_rung_since(caller, number, since);
  }
  PhoneFacts phone_facts(const FactScope& scope, E164 phone) override { return inner_->phone_facts(scope, phone); }
  bool are_facts_known() override { return inner_->are_facts_known(); }
  std::optional<LastText> last_first_text(const CallerPair& pair) override {
    return inner_->last_first_text(pair);
  }
  std::int64_t texts_since(const CallerPair& pair, Instant since) override {
    return inner_->texts_since(pair, since);
  }
  std::optional<Instant> last_promised(const CallerPair& pair, Purpose purpose, Instant since) override {
    return inner_->last_promised(pair, purpose, since);
  }
  TextCounts texts_on_day(std::optional<ClientId> client, std::string_view country,
                          std::int64_t utc_day) override {
    return inner_->texts_on_day(client, country, utc_day);
  }
  std::optional<TextOnRecord> find_text(const TextId& id) override { return inner_->find_text(id); }
  bool has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) override {
    return inner_->has_message_event(text, message_sid, status_text);
  }
  bool was_lost(TextRow text, std::string_view message_sid) override {
    return inner_->was_lost(text, message_sid);
  }
  std::optional<ToldLoss> told_lost(TextRow text, std::string_view message_sid) override {
    return inner_->told_lost(text, message_sid);
  }
  std::optional<std::string> told_message(TextRow text) override { return inner_->told_message(text); }
  bool is_sender_blocked(const Way& way) override { return inner_->is_sender_blocked(way); }
  bool has_inbound_text(std::string_view message_sid) override { return inner_->has_inbound_text(message_sid); }
  bool are_records_known() override { return inner_->are_records_known(); }
  std::optional<OnboardingRecord> find_onboarding(E164 owner_phone) override {
    return inner_->find_onboarding(owner_phone);
  }
  std::optional<E164> available_number(std::span<const std::string> prefixes) override {
    return inner_->available_number(prefixes);
  }
  std::optional<CallToNumber> call_to_number(E164 number, Instant since) override {
    return inner_->call_to_number(number, since);
  }
  std::optional<ConversationRecord> find_conversation(const CustomerContact& contact) override {
    return inner_->find_conversation(contact);
  }
  std::vector<ConversationRecord> recent_conversations(ClientId client, std::int64_t limit) override {
    return inner_->recent_conversations(client, limit);
  }
  std::optional<ClientProfile> find_client(ClientId client) override { return inner_->find_client(client); }
  std::optional<LastChoice> last_choice(const FactScope& scope, E164 phone) override {
    return inner_->last_choice(scope, phone);
  }
  std::optional<AlertId> waiting_lead(std::optional<ClientId> client, E164 caller, Instant now) override {
    return inner_->waiting_lead(client, caller, now);
  }
  std::optional<TextRecord> write(const Commit& commit, Instant now) override {
    return inner_->write(commit, now);
  }
  bool mark_started(TextRow text, SendAttempt attempt, ClosedWays closed_ways, Instant now) override {
    return inner_->mark_started(text, attempt, closed_ways, now);
  }
  bool record_accepted(TextRow text, std::string_view message_sid, Instant now) override {
    return inner_->record_accepted(text, message_sid, now);
  }
  bool record_unknown(TextRow text, std::string_view reason, Instant now) override {
    return inner_->record_unknown(text, reason, now);
  }
  bool record_not_sent(TextRow text, std::string_view reason, ClosedWays closed_ways, Instant due_at,
                       Instant now) override {
    return inner_->record_not_sent(text, reason, closed_ways, due_at, now);
  }
  bool record_refused(TextRow text, int code, std::string_view reason, const AlertRequest& alert,
                      Instant now) override {
    return inner_->record_refused(text, code, reason, alert, now);
  }
  std::optional<TextRecord> record_lost(TextRow text, const TextLoss& loss, Instant now) override {
    return inner_->record_lost(text, loss, now);
  }
  void block_sender(const BlockedSender& sender) override { inner_->block_sender(sender); }
  std::int64_t started_become_unknown(Instant now) override { return inner_->started_become_unknown(now); }
  bool belongs_to_another(TextRow text, std::string_view message_sid) override {
    return inner_->belongs_to_another(text, message_sid);
  }
  bool has_rival(TextRow text) override { return inner_->has_rival(text); }
  bool record_found(TextRow text, std::string_view message_sid, Instant now) override {
    return inner_->record_found(text, message_sid, now);
  }
  bool record_look(TextRow text, int looks, int absent, Instant due_at) override {
    return inner_->record_look(text, looks, absent, due_at);
  }
  std::optional<TextRecord> promise_again(TextRow text, std::string_view reason, Instant now) override {
    return inner_->promise_again(text, reason, now);
  }
  void raise(const AlertRequest& alert, Instant now) override { inner_->raise(alert, now); }
  bool has_raised_due_alerts() const override { return inner_->has_raised_due_alerts(); }
  bool record_alert_accepted(AlertId alert, AlertWay by, std::span<const AlertWay> others, Instant now) override {
    return inner_->record_alert_accepted(alert, by, others, now);
  }
  void record_alert_failed(AlertId alert, AlertWay by, std::string_view reason,
                           std::optional<Instant> due_at) override {
    inner_->record_alert_failed(alert, by, reason, due_at);
  }
  void postpone_alert(AlertId alert, AlertWay by, Instant due_at) override {
    inner_->postpone_alert(alert, by, due_at);
  }
  void record_telling(AlertWay by, std::string_view recipient, Instant now) override {
    inner_->record_telling(by, recipient, now);
  }
  bool claim_week(ClientId client, CivilDate monday) override { return inner_->claim_week(client, monday); }
  OverdueLook look_for_overdue_calls(Instant now, std::int64_t limit) override {
    return inner_->look_for_overdue_calls(now, limit);
  }
  void mend_dates(const LongestWaits& longest, Instant now) override { inner_->mend_dates(longest, now); }
  Result<void> approve_onboarding(E164 owner_phone, Instant now) override {
    return inner_->approve_onboarding(owner_phone, now);
  }
  Result<void> settle_text(InboundTextId text, const Settlement& settlement, Instant now) override {
    return inner_->settle_text(text, settlement, now);
  }
  std::int64_t empty_words(WordsIn place, std::span<const OldWords> rows) override {
    return inner_->empty_words(place, rows);
  }
  Result<void> erase_person(const Person& person, const PersonRows& rows) override {
    return inner_->erase_person(person, rows);
  }
  Result<void> close_incident(IncidentId incident, std::string_view reason, Instant now) override {
    return inner_->close_incident(incident, reason, now);
  }
  void set_sweep_mark(SweptList list, Instant mark) override { inner_->set_sweep_mark(list, mark); }
  void remove_canaries(std::int64_t /*kept*/ text) override { inner_->remove_canaries(text); }
  Result<std::optional<ClientId>> change_directory(const DirectoryChange& change, Instant now) override {
    return inner_->change_directory(change, now);
  }
  void begin_item() override { inner_->begin_item(); }
  void keep_item() override { inner_->keep_item(); }
  void undo_item() override { inner_->undo_item(); }
  Result<void> commit() override { return inner_->commit(); }
  bool holds(TextRow text) const override { return inner_->holds(text); }

 protected:
  StoreBatch& inner() { return *inner_; }

 private:
  std::unique_ptr<StoreBatch> inner_;
};

}  // namespace jobrun
