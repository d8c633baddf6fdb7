#include "late_store.hpp"

#include <utility>

namespace jobrun::app {
namespace {

/// A reader of the store, from its first use after the store has been opened.
class LateReader final : public StoreReader {
 public:
  explicit LateReader(const LateStore& store) : store_(store) {}

  std::vector<TextRecord> promised_texts(TextRow after, std::int64_t limit) override {
    return opened().promised_texts(after, limit);
  }
  std::vector<UnknownText> unknown_texts_due(Instant now, Duration first_look, std::int64_t limit) override {
    return opened().unknown_texts_due(now, first_look, limit);
  }
  std::vector<AlertRecord> due_alerts(AlertWay by, Instant now, std::int64_t limit) override {
    return opened().due_alerts(by, now, limit);
  }
  std::vector<Instant> alert_tellings(AlertWay by, std::string_view recipient, Instant since,
                                      Instant now) override {
    return opened().alert_tellings(by, recipient, since, now);
  }
  PhoneFacts phone_facts(const FactScope& scope, E164 phone) override {
    return opened().phone_facts(scope, phone);
  }
  std::vector<BlockedSender> blocked_senders() override { return opened().blocked_senders(); }
  std::optional<Instant> next_alert_due() override { return opened().next_alert_due(); }
  std::vector<ClientProfile> clients() override { return opened().clients(); }
  std::optional<ClientProfile> client(ClientId id) override { return opened().client(id); }
  std::vector<PoolNumber> numbers(std::optional<E164> after, std::int64_t limit) override {
    return opened().numbers(after, limit);
  }
  void each_phone_fact(const std::function<void(const SetPhoneFact&)>& visit) override {
    opened().each_phone_fact(visit);
  }
  void each_text_since(Instant since, const std::function<void(const TextRecord&)>& visit) override {
    opened().each_text_since(since, visit);
  }
  void each_number(const std::function<void(const PoolNumber&)>& visit) override { opened().each_number(visit); }
  std::optional<OnboardingRecord> onboarding(E164 owner_phone) override {
    return opened().onboarding(owner_phone);
  }
  bool has_available_numbers() override { return opened().has_available_numbers(); }
  std::vector<OnboardingRecord> onboardings(const OnboardingQuery& query) override {
    return opened().onboardings(query);
  }
  std::vector<CallListing> calls(const CallQuery& query) override { return opened().calls(query); }
  std::optional<CallTimeline> call(const CallSid& call_sid) override { return opened().call(call_sid); }
  std::vector<IncidentRecord> incidents(bool open_only, std::int64_t limit) override {
    return opened().incidents(open_only, limit);
  }
  std::vector<InboundListing> inbound_texts(const InboundQuery& query) override {
    return opened().inbound_texts(query);
  }
  bool has_inbound_text(std::string_view message_sid) override { return opened().has_inbound_text(message_sid); }
  std::vector<ConversationListing> conversations(const ConversationQuery& query) override {
    return opened().conversations(query);
  }
  std::optional<ConversationTalk> conversation(ConversationId id) override { return opened().conversation(id); }
  std::vector<SetPhoneFact> facts_of_client(ClientId client, std::optional<E164> after,
                                            std::int64_t limit) override {
    return opened().facts_of_client(client, after, limit);
  }
  OldWordsPage old_words(WordsIn place, std::int64_t after, Instant before) override {
    return opened().old_words(place, after, before);
  }
  PersonRecords person(const Person& person) override { return opened().person(person); }
  PersonRows person_rows(const Person& person, std::int64_t limit) override {
    return opened().person_rows(person, limit);
  }
  StoreLevels levels() override { return opened().levels(); }
  std::vector<FailsafeNumber> failsafe_numbers(const FailsafeQuery& query) override {
    return opened().failsafe_numbers(query);
  }
  std::optional<Instant> sweep_mark(SweptList list) override { return opened().sweep_mark(list); }
  Instant installed_at() override { return opened().installed_at(); }
  bool has_ended(const CallSid& call_sid) override { return opened().has_ended(call_sid); }
  std::vector<CallSid> calls_without_end(Instant before, std::int64_t limit) override {
    return opened().calls_without_end(before, limit);
  }
  ClientWeek week_of(ClientId client, Instant from, Instant to) override {
    return opened().week_of(client, from, to);
  }
  std::int64_t directory_version() override { return opened().directory_version(); }

 private:
  StoreReader& opened() {
    if (!reader_) reader_ = store_.opened().reader();
    return *reader_;
  }

  const LateStore& store_;
  std::unique_ptr<StoreReader> reader_;
};

}  // namespace

Result<void> LateStore::open() {
  if (opened_ != nullptr) return {};
  Result<std::unique_ptr<Store>> opened = open_();
  if (!opened) {
    const std::lock_guard lock(mutex_);
    why_not_ = opened.error().message;
    return std::unexpected(opened.error());
  }
  store_ = std::move(*opened);
  opened_ = store_.get();
  return {};
}

Store& LateStore::opened() const {
  Store* const store = opened_;
  if (store != nullptr) return *store;
  const std::lock_guard lock(mutex_);
  throw StoreFailure(why_not_);
}

std::unique_ptr<StoreBatch> LateStore::begin(std::span<const Event* const> events) {
  return opened().begin(events);
}

std::unique_ptr<StoreReader> LateStore::reader() {
  return std::make_unique<LateReader>(*this);
}

void LateStore::tidy() {
  if (Store* const store = opened_; store != nullptr) store->tidy();
}

Result<void> LateStore::probe() {
  if (Result<void> is_open = open(); !is_open) return is_open;
  return opened().probe();
}

}  // namespace jobrun::app
