#include "exploration_journal.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace jobrun::exploration {
namespace {

/// Once there is an outcome nothing is overdue, and an incident that gathered the call has one call less.
void set_outcome(CallInJournal& call, Outcome outcome) {
  call.outcome = outcome;
  call.deadline = Deadline::none;
}

bool is_fate_known(const Journal& journal, Place text) {
  return std::ranges::any_of(
      journal.alerts, [text](const AlertInJournal& alert) { return alert.text == text && alert.is_accepted; });
}

/// A call that leans on a text which a person already knows to be refused is escalated at once.
void lean(Journal& journal, CallInJournal& call, Place text) {
  call.leans_on = text;
  if (is_fate_known(journal, text)) set_outcome(call, Outcome::escalated);
}

Place place_of_call(const Constants& constants, const std::string& call_sid) {
  const auto found = std::ranges::find_if(
      constants.calls, [&](const CallDetails& call) { return call.call_sid.text() == call_sid; });
  require(found != constants.calls.end(), "nothing is written about a call that never was");
  return static_cast<Place>(found - constants.calls.begin());
}

std::size_t bit_of(const Constants& constants, std::string_view event_key) {
  const auto found = std::ranges::find(constants.event_keys, event_key);
  require(found != constants.event_keys.end(), "an event has the key that was asked for");
  return static_cast<std::size_t>(found - constants.event_keys.begin());
}

void change_call(Journal& journal, Place place, const Commit& commit, const Constants& constants,
                 Library& library) {
  CallInJournal& call = journal.calls[place];
  call.events = static_cast<std::uint16_t>(call.events | 1U << bit_of(constants, commit.event_key));
  if (commit.greeting) {
    call.greeting = *commit.greeting;
    call.words = commit.answer ? library.keep(commit.answer->say) : Place{0};
  }
  if (commit.ended) {
    call.final_status = commit.ended->status;
    call.reason = commit.ended->row;
  }
  // A call already gathered by an incident stays there.
  if (commit.deadline && call.deadline == Deadline::none) call.deadline = Deadline::ahead;
  if (!commit.outcome) return;
  set_outcome(call, commit.outcome->outcome);
  if (commit.outcome->leans_on) lean(journal, call, static_cast<Place>(commit.outcome->leans_on->value - 1));
}

/// One that escalates nothing is kept once.
Place raise(Journal& journal, const AlertRequest& alert, Place call, Library& library) {
  const Place request = library.keep(alert);
  const auto kept = std::ranges::find(journal.alerts, request, &AlertInJournal::request);
  if (!alert.escalates && kept != journal.alerts.end()) return static_cast<Place>(kept - journal.alerts.begin());
  journal.alerts.push_back({.request = request, .call = call, .text = {}, .escalates = alert.escalates});
  return static_cast<Place>(journal.alerts.size() - 1);
}

std::size_t bit_of(const Constants& constants, const Way& way) {
  const auto found = std::ranges::find(constants.senders, way);
  require(found != constants.senders.end(), "a sender is one that is explored");
  return static_cast<std::size_t>(found - constants.senders.begin());
}

Place message_of_sid(std::string_view sid) {
  for (Place number = 1; number <= messages_max; ++number) {
    if (sid == sid_of_message(number)) return number;
  }
  throw RuleBroken("a message is one of the text's requests");
}

/// The text is that message, of which something may have been told already.
void accept(Journal& journal, TextInJournal& text, Place message) {
  text.state = TextState::accepted;
  text.message = message;
  text.way = text.message_of(message).way;
  text.status = text.message_of(message).furthest();
  CallInJournal& call = journal.calls[text.call];
  if (!call.outcome) set_outcome(call, Outcome::texted);
}

/// A person is told of the refused text.
void tell_a_person(Journal& journal, Place text, const AlertRequest& alert, Library& library) {
  journal.alerts[raise(journal, alert, journal.texts[text].call, library)].text = text;
}

void write_message(Journal& journal, const MessageNews& news, Library& library) {
  const auto place = static_cast<Place>(news.text.value - 1);
  TextInJournal& text = journal.texts[place];
  const Place number = message_of_sid(news.message_sid);
  MessageInJournal& message = text.message_of(number);
  message.told = static_cast<std::uint16_t>(message.told | 1U << static_cast<unsigned>(news.status));
  if (is_lost(news.status)) message.code = static_cast<std::uint16_t>(news.code);
  const bool is_open = text.state == TextState::unknown || text.state == TextState::promised;
  if (news.binds && is_open) {
    accept(journal, text, number);
  } else if (news.is_furthest) {
    text.status = news.status;
  }
  if (news.loss) record_lost(journal, place, *news.loss, library);
}

void learn(Journal& journal, PhoneFact fact) {
  if (fact == PhoneFact::opted_out) journal.facts.opted_out = true;
  if (fact == PhoneFact::landline) journal.facts.landline = true;
}

struct Record {
  Journal& journal;
  Place place;
  Library& library;

  TextInJournal& started() const {
    TextInJournal& text = journal.texts[place];
    require(text.state == TextState::started, "only a started text is answered");
    return text;
  }
  void operator()(const outbox::KeepAccepted& step) const {
    accept(journal, started(), message_of_sid(step.message_sid));
  }
  void operator()(const outbox::KeepUnknown&) const { started().state = TextState::unknown; }
  /// A request before this one had become a message.
  bool is_there_already() const {
    TextInJournal& text = journal.texts[place];
    if (text.state != TextState::started || text.message_there() == 0) return false;
    accept(journal, text, text.message_there());
    return true;
  }
  void operator()(const outbox::TryAgain& again) const {
    if (is_there_already()) return;
    TextInJournal& text = started();
    text.state = TextState::promised;
    text.closed_ways = again.closed_ways;
  }
  void operator()(const outbox::GiveUp& step) const {
    if (is_there_already()) return;
    TextInJournal& text = journal.texts[place];
    require(text.state == TextState::started || text.state == TextState::promised,
            "only a promised or started text is refused");
    text.state = TextState::refused;
    tell_a_person(journal, place, step.alert, library);
    if (step.learned) learn(journal, *step.learned);
  }
};

void write_call(Journal& journal, const Commit& commit, const Constants& constants, Library& library) {
  const Place place = commit.call ? static_cast<Place>(commit.call->value - 1)
                                  : place_of_call(constants, commit.new_call->call_sid.text());
  CallInJournal& call = journal.calls[place];
  require(call.is_known == commit.call.has_value(), "a call is new once");
  if (commit.new_call) {
    call.is_known = true;
    call.role = commit.new_call->role;
    call.source = commit.new_call->role_source;
    call.client = commit.new_call->client;
  }
  change_call(journal, place, commit, constants, library);
  // The store would keep the first and say nothing.
  for (const TextInJournal& text : journal.texts) {
    require(!commit.text || !(library.text(text.promise).id == commit.text->id), "a text is promised once");
  }
  if (commit.text) {
    journal.texts.push_back(
        {.promise = library.keep(*commit.text), .call = place_of_call(constants, commit.text->id.cause)});
  }
  if (commit.contact) ++call.contacts;
}

void block(Journal& journal, const Way& way, const Constants& constants) {
  journal.blocked = static_cast<std::uint8_t>(journal.blocked | 1U << bit_of(constants, way));
}

template <class Value, class SameKey>
Place keep_in(std::vector<Value>& values, const Value& value, SameKey key) {
  const auto found = std::ranges::find_if(values, [&](const Value& kept) { return key(kept) == key(value); });
  if (found != values.end()) return static_cast<Place>(found - values.begin());
  require(values.size() < 250, "texts and alerts of one call differ in few ways");
  values.push_back(value);
  return static_cast<Place>(values.size() - 1);
}

template <class Enum>
char byte_of(std::optional<Enum> value) {
  return value ? static_cast<char>(static_cast<int>(*value) + 1) : '\0';
}

}  // namespace

std::string key_of(const Journal& journal) {
  std::array<char, 256> bytes_of_key;
  std::size_t size = 0;
  const auto add = [&](auto... bytes) { ((bytes_of_key[size++] = static_cast<char>(bytes)), ...); };
  const PhoneFacts& facts = journal.facts;
  add(journal.directory, facts.opted_out, facts.blocked, facts.do_not_text, facts.landline, journal.blocked,
      journal.texts.size(), journal.alerts.size());
  for (const CallInJournal& call : journal.calls) {
    add(call.is_known, call.role, call.source, call.client ? call.client->value : 0, call.greeting, call.words,
        call.events, call.events >> 8, byte_of(call.final_status), byte_of(call.reason), byte_of(call.outcome),
        byte_of(call.leans_on), call.deadline, call.contacts);
  }
  for (const TextInJournal& text : journal.texts) {
    add(text.promise, text.call, text.state, text.way, text.closed_ways.bits(), text.attempts, text.message,
        byte_of(text.status));
    for (Place number = 1; number <= text.attempts; ++number) {
      const MessageInJournal& message = text.message_of(number);
      add(message.way, message.told, message.told >> 8U, message.code, message.code >> 8U, message.is_lost,
          message.is_missing);
    }
  }
  for (const AlertInJournal& alert : journal.alerts) {
    add(alert.request, alert.call, byte_of(alert.text), alert.escalates, alert.is_accepted);
  }
  return {bytes_of_key.data(), size};
}

bool MessageInJournal::is_told_lost() const {
  return is_told(MessageStatus::undelivered) || is_told(MessageStatus::failed) || is_told(MessageStatus::canceled);
}

std::optional<MessageStatus> MessageInJournal::furthest() const {
  std::optional<MessageStatus> furthest;
  for (const auto& [status, name] : NamesOf<MessageStatus>::rows) {
    if (is_told(status) && advances(furthest, status)) furthest = status;
  }
  return furthest;
}

Place TextInJournal::told_message() const {
  for (Place number = 1; number <= attempts; ++number) {
    const MessageInJournal& made = message_of(number);
    const bool settles = number == attempts || !made.is_told_lost();
    if (made.told != 0 && !made.is_lost && settles) return number;
  }
  return 0;
}

Place TextInJournal::message_there() const {
  for (Place number = 1; number <= attempts; ++number) {
    const MessageInJournal& made = message_of(number);
    if (made.told != 0 && !made.is_lost && !made.is_told_lost()) return number;
  }
  return 0;
}

std::string sid_of_message(Place number) {
  return "SM" + std::to_string(number);
}

bool is_blocked(const Journal& journal, const Way& way, const Constants& constants) {
  return (journal.blocked >> bit_of(constants, way) & 1U) != 0;
}

Place Library::keep(const PromisedText& text) {
  return keep_in(texts_, text, [](const PromisedText& kept) {
    std::vector<std::pair<Account, E164>> ways;
    ways.reserve(kept.ways.size());
    for (const Way& way : kept.ways) ways.emplace_back(way.account, way.sender);
    return std::tuple(kept.id.text(), kept.origin, kept.pair.caller, kept.pair.number, std::move(ways), kept.body,
                      kept.second_body, kept.client, kept.country);
  });
}

Place Library::keep(const AlertRequest& alert) {
  return keep_in(alerts_, alert, [](const AlertRequest& kept) {
    return std::tuple(kept.kind, kept.audience, kept.client, kept.group, kept.escalates, kept.call_sid);
  });
}

Place Library::keep(const std::string& words) {
  return keep_in(words_, words, [](const std::string& kept) { return kept; });
}

Journal an_empty_journal(const Constants& constants) {
  Journal journal;
  for (std::size_t i = 0; i < constants.calls.size(); ++i) journal.calls.push_back({});
  return journal;
}

std::optional<CallRecord> JournalFacts::find_call(const CallSid& call_sid) {
  const Place place = place_of_call(constants_, call_sid.text());
  const CallInJournal& call = journal_.calls[place];
  if (!call.is_known) return std::nullopt;
  const CallDetails& details = constants_.calls[place];
  return CallRecord{.id = CallId{place + 1},
                    .call_sid = details.call_sid,
                    .caller = details.caller,
                    .number = details.number,
                    .role = call.role,
                    .role_source = call.source,
                    .client = call.client,
                    .greeting = call.greeting,
                    .first_event_at = constants_.now,
                    .final_status = call.final_status,
                    .ended_at = call.final_status ? std::optional(constants_.now) : std::nullopt,
                    .outcome = call.outcome};
}

bool JournalFacts::has_event(CallId call, std::string_view event_key) {
  const std::size_t bit = bit_of(constants_, event_key);
  return (journal_.calls[static_cast<std::size_t>(call.value - 1)].events >> bit & 1U) != 0;
}

std::optional<LastText> JournalFacts::last_first_text(const CallerPair& pair) {
  for (std::size_t i = journal_.texts.size(); i > 0; --i) {
    const TextInJournal& text = journal_.texts[i - 1];
    if (library_.text(text.promise).pair == pair) {
      return LastText{TextRow{static_cast<std::int64_t>(i)}, constants_.now, text.state};
    }
  }
  return std::nullopt;
}

std::int64_t JournalFacts::texts_since(const CallerPair&, Instant) {
  return static_cast<std::int64_t>(journal_.texts.size());
}

TextCounts JournalFacts::texts_on_day(std::optional<ClientId> client, std::string_view, std::int64_t) {
  const auto texts = static_cast<std::int64_t>(journal_.texts.size());
  return {.client = client ? texts : 0, .country = texts, .service = texts};
}

std::optional<TextOnRecord> JournalFacts::find_text(const TextId& id) {
  for (Place place = 0; place < journal_.texts.size(); ++place) {
    const TextInJournal& text = journal_.texts[place];
    if (!(library_.text(text.promise).id == id)) continue;
    return TextOnRecord{.text = record_of(journal_, place, constants_, library_),
                        .message_sid = text.message == 0 ? "" : sid_of_message(text.message),
                        .status = text.status};
  }
  return std::nullopt;
}

const MessageInJournal& JournalFacts::message(TextRow text, std::string_view message_sid) const {
  return journal_.texts[static_cast<std::size_t>(text.value - 1)].message_of(message_of_sid(message_sid));
}

bool JournalFacts::has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) {
  const std::optional<MessageStatus> status = parse_name<MessageStatus>(status_text);
  require(status.has_value(), "a message's status is one that is explored");
  return message(text, message_sid).is_told(*status);
}

bool JournalFacts::was_lost(TextRow text, std::string_view message_sid) {
  return message(text, message_sid).is_lost;
}

std::optional<std::string> JournalFacts::told_message(TextRow text) {
  const Place number = journal_.texts[static_cast<std::size_t>(text.value - 1)].message_there();
  return number == 0 ? std::nullopt : std::optional(sid_of_message(number));
}

std::optional<ToldLoss> JournalFacts::told_lost(TextRow text, std::string_view message_sid) {
  const MessageInJournal& told = message(text, message_sid);
  if (!told.is_told_lost() || told.is_told_delivered()) return std::nullopt;
  return ToldLoss{told.code, {message_of_sid(message_sid), told.way}};
}

TextRecord record_of(const Journal& journal, Place text, const Constants& constants, const Library& library) {
  const TextInJournal& kept = journal.texts[text];
  return TextRecord{.row = TextRow{text + 1},
                    .call = CallId{kept.call + 1},
                    .promise = library.text(kept.promise),
                    .state = kept.state,
                    .way = kept.way,
                    .closed_ways = kept.closed_ways,
                    .attempts = kept.attempts,
                    .promised_at = constants.now,
                    .due_at = constants.now};
}

void write(Journal& journal, const Commit& commit, const Constants& constants, Library& library) {
  if (commit.is_duplicate || commit.is_ignored) return;
  require(commit.call || commit.new_call || commit.message, "an event that is kept is about a call or a message");
  if (commit.message) write_message(journal, *commit.message, library);
  if (commit.call || commit.new_call) write_call(journal, commit, constants, library);
  for (const SetPhoneFact& fact : commit.learned) learn(journal, fact);
  for (const BlockedSender& sender : commit.blocked_senders) block(journal, sender.way, constants);
  for (const AlertRequest& alert : commit.alerts) {
    raise(journal, alert, alert.call_sid.empty() ? Place{0} : place_of_call(constants, alert.call_sid), library);
  }
}
void mark_started(Journal& journal, Place place, std::size_t way, ClosedWays closed_ways) {
  TextInJournal& text = journal.texts[place];
  require(text.state == TextState::promised, "only a promised text becomes started");
  text.state = TextState::started;
  text.way = static_cast<std::uint8_t>(way);
  text.closed_ways = closed_ways;
  text.message_of(++text.attempts).way = text.way;
}

void record(Journal& journal, Place text, const outbox::NextStep& step, Library& library) {
  std::visit(Record{journal, text, library}, step);
}

void record_lost(Journal& journal, Place place, const TextLoss& loss, Library& library) {
  TextInJournal& text = journal.texts[place];
  if (text.state != TextState::accepted) return;
  text.message_of(std::exchange(text.message, Place{0})).is_lost = true;
  text.status.reset();
  text.state = loss.gives_up ? TextState::refused : TextState::promised;
  CallInJournal& call = journal.calls[text.call];
  if (call.outcome == Outcome::texted) {
    call.outcome.reset();
    call.deadline = Deadline::ahead;
  }
  if (loss.gives_up) return tell_a_person(journal, place, *loss.gives_up, library);
  text.closed_ways = loss.closed_ways;
}

void write_consequences(Journal& journal, const outbox::Consequences& consequences, const Constants& constants,
                        Library& library) {
  if (consequences.blocked) block(journal, consequences.blocked->way, constants);
  if (consequences.alert) raise(journal, *consequences.alert, 0, library);
}

void learn(Journal& journal, const SetPhoneFact& fact) {
  learn(journal, fact.fact);
}

void record_found(Journal& journal, Place place, Place message) {
  TextInJournal& text = journal.texts[place];
  require(text.state == TextState::unknown, "only an unknown text is found");
  accept(journal, text, message);
}

void promise_again(Journal& journal, Place place) {
  TextInJournal& text = journal.texts[place];
  require(text.state == TextState::unknown, "only an unknown text is promised again unasked");
  text.state = TextState::promised;
  text.message_of(text.attempts).is_missing = true;
}

void started_become_unknown(Journal& journal) {
  for (TextInJournal& text : journal.texts) {
    if (text.state == TextState::started) text.state = TextState::unknown;
  }
}

void accept_alert(Journal& journal, Place alert) {
  AlertInJournal& accepted = journal.alerts[alert];
  accepted.is_accepted = true;
  if (!accepted.escalates) return;
  set_outcome(journal.calls[accepted.call], Outcome::escalated);
  if (!accepted.text) return;
  for (CallInJournal& call : journal.calls) {
    // A call that got better meanwhile does not lean any more.
    if (call.leans_on == accepted.text && call.outcome == Outcome::suppressed) {
      set_outcome(call, Outcome::escalated);
    }
  }
}

void pass_deadline(Journal& journal, Place call) {
  journal.calls[call].deadline = Deadline::passed;
}

}  // namespace jobrun::exploration
