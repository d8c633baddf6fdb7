#include "exploration_rules.hpp"

#include <algorithm>

namespace jobrun::exploration {
namespace {

bool is_texting(Registration registration) {
  switch (registration) {
    case Registration::business:
    case Registration::orphan:
    case Registration::registered:
    case Registration::unregistered:
      return true;
    case Registration::sign_up:
      return false;
  }
  return false;
}

/// The outcomes a call of these worlds may go through. Nobody is dialled, so nobody answers.
bool may_follow(std::optional<Outcome> before, Outcome after) {
  switch (after) {
    case Outcome::texted:
    case Outcome::spoken:
    case Outcome::suppressed:
      return !before;
    case Outcome::escalated:
      return !before || before == Outcome::suppressed;
    case Outcome::answered:
      return false;
  }
  return false;
}

std::size_t times(const Commit& commit, Metric metric) {
  return static_cast<std::size_t>(std::ranges::count(commit.counts, metric, &Count::metric));
}

bool raises(const Commit& commit, AlertKind kind) {
  return std::ranges::find(commit.alerts, kind, &AlertRequest::kind) != commit.alerts.end();
}

bool was_kept(const Delivery& d) {
  const std::vector<std::string>& keys = d.world.constants.event_keys;
  const auto bit = std::ranges::find(keys, event_key(d.letter.event)) - keys.begin();
  return (d.before.calls[d.letter.call].events >> bit & 1U) != 0;
}

// --- what a webhook does -----------------------------------------------------------------------------

void check_nothing_changed(const Delivery& d) {
  require(key_of(d.before) == key_of(d.after), "what is repeated or not ours changes nothing");
}

void check_repeated_answer(const Delivery& d) {
  const CallInJournal& call = d.before.calls[d.letter.call];
  require(d.commit.answer.has_value(), "a repeated voice webhook is answered");
  require(d.commit.answer->greeting == call.greeting, "a repeated voice webhook is greeted like the first");
  // A client's name comes from the directory: with the same one, the words are the same.
  if (d.before.directory != 0) return;
  require(d.commit.answer->say == d.library.words(call.words), "a repeated voice webhook is told the same words");
}

void check_greeting(const Delivery& d) {
  require(d.commit.answer && !d.commit.answer->say.empty(), "a call that comes in is told something");
  const Greeting greeting = d.commit.answer->greeting;
  require(greeting != Greeting::none && d.commit.greeting == greeting, "what is said is what is recorded");
  const bool is_sign_up = d.world.registration() == Registration::sign_up;
  require((greeting == Greeting::texts_only) == is_sign_up, "the sign-up number, and no other, says: texts only");
  require(!d.commit.ended && !d.commit.text, "a call that comes in has not ended");
}

/// The counters by which a role's flow is watched: one of its own for each ended call, none of the others.
void check_flow_counted(const Delivery& d, const ClientProfile* client) {
  const CallInJournal& call = d.after.calls[d.letter.call];
  const bool is_business = call.role == NumberRole::operational && client;
  const bool is_orphan = call.role == NumberRole::operational && !client;
  const bool is_system = call.role == NumberRole::system;
  require(times(d.commit, Metric::voice_customer_intake) == (is_business ? 1 : 0), "intake counts with a client");
  require(times(d.commit, Metric::voice_operational_no_client) == (is_orphan ? 1 : 0), "an orphan is counted");
  require(raises(d.commit, AlertKind::operational_no_client) == is_orphan, "an orphan is told to the operator");
  require(times(d.commit, Metric::voice_system_failsafe_intake) == (is_system ? 1 : 0), "fail-safe is counted");
  require(times(d.commit, Metric::calls_ended) == 1, "an ended call is counted once");
}

void check_text(const Delivery& d, const ClientProfile* client) {
  const PromisedText& text = *d.commit.text;
  const CallDetails& called = d.world.constants.calls[d.letter.call];
  require(text.id.cause == called.call_sid.text(), "a text answers the call that caused it");
  require(text.pair.caller == called.caller.number() && text.pair.number == called.number, "the caller is texted");
  require(!text.ways.empty() && !text.body.empty(), "a text has words and a way out");
  require(text.id.purpose == (client ? Purpose::customer_intake : Purpose::failsafe),
          "a business's caller gets the intake text, any other the fail-safe text");
  const bool is_named = client && text.body.find(client->name) != std::string::npos;
  const bool is_nobodys = text.body.find("Smith") == std::string::npos && !text.client;
  require(client ? is_named : is_nobodys, "the business is named by its own text and by no other");
}

void check_end(const Delivery& d, CallStatus status) {
  const CallInJournal& call = d.after.calls[d.letter.call];
  const ClientProfile* client = d.world.client_of(d.after, call);
  require(call.final_status == status && call.reason, "the first final status ends the call, with a reason");
  require(d.commit.deadline.has_value(), "an ended call has a deadline for its outcome");
  require(call.outcome != Outcome::spoken || (call.greeting != Greeting::none && status != CallStatus::canceled),
          "only who was on the line has been spoken to");
  check_flow_counted(d, client);

  const bool is_first = d.before.texts.empty() && !d.before.facts.opted_out;
  const bool is_texted = is_first && d.world.may_be_texted && is_texting(d.world.registration());
  require(d.commit.text.has_value() || !is_texted, "every final status leads to a text");
  require(!d.commit.text || is_texted, "no text to a caller who cannot be, may not be or has been texted");
  require(d.commit.contact.has_value() == (client != nullptr && d.world.may_be_texted),
          "business records are written for a client's caller, and for nobody else");
  require(raises(d.commit, AlertKind::cannot_text_caller) || d.world.may_be_texted ||
              !is_texting(d.world.registration()),
          "a person is told of a caller who cannot be texted");
  require(call.outcome != Outcome::suppressed || call.leans_on, "a call is suppressed by the text it leans on");
  if (d.commit.text) check_text(d, client);
  if (d.commit.outcome || d.commit.text) return;
  require(std::ranges::any_of(d.commit.alerts, &AlertRequest::escalates),
          "an ended call has an outcome, a text or an alert that escalates it");
}

void check_no_end(const Delivery& d) {
  const Commit& commit = d.commit;
  require(!commit.ended && !commit.text && !commit.outcome && !commit.contact && commit.alerts.empty(),
          "only the first final status decides");
  require(times(commit, Metric::calls_ended) == 0, "only an ended call is counted as ended");
}

void check_status(const Delivery& d, CallStatus status) {
  require(!d.commit.answer, "a status webhook is told nothing");
  if (is_final(status) && !d.before.calls[d.letter.call].final_status) return check_end(d, status);
  check_no_end(d);
}

struct CheckKept {
  const Delivery& d;
  void operator()(const IncomingCall&) const { check_greeting(d); }
  void operator()(const CallStatusChange& change) const { check_status(d, change.status); }
  void operator()(const PhonePickedUp&) const { throw RuleBroken("no phone rings here"); }
  void operator()(const PhoneAnswered&) const { throw RuleBroken("no phone rings here"); }
  void operator()(const RingEnd&) const { throw RuleBroken("no phone rings here"); }
  void operator()(const RecordingNews&) const { throw RuleBroken("nobody leaves a message here"); }
  void operator()(const MessageStatusChange&) const { throw RuleBroken("a message is about no call"); }
  void operator()(const InboundText&) const { throw RuleBroken("a text is about no call"); }
};

struct CheckRepeated {
  const Delivery& d;
  void operator()(const IncomingCall&) const { check_repeated_answer(d); }
  void operator()(const CallStatusChange&) const { require(!d.commit.answer, "a status webhook is told nothing"); }
  void operator()(const PhonePickedUp&) const { throw RuleBroken("no phone rings here"); }
  void operator()(const PhoneAnswered&) const { throw RuleBroken("no phone rings here"); }
  void operator()(const RingEnd&) const { throw RuleBroken("no phone rings here"); }
  void operator()(const RecordingNews&) const { throw RuleBroken("nobody leaves a message here"); }
  void operator()(const MessageStatusChange&) const { throw RuleBroken("a message is about no call"); }
  void operator()(const InboundText&) const { throw RuleBroken("a text is about no call"); }
};

// --- what a call may be ------------------------------------------------------------------------------

void check_role(const World& world, const CallInJournal& call) {
  const directory::Resolution first = world.directories.front().snapshot->resolve(world.constants.calls[0].number);
  const auto client = first.client ? std::optional(first.client->id) : std::nullopt;
  require(call.role == first.role && call.source == first.source && call.client == client,
          "role and client are those of the first event, whatever the directory says later");
}

void check_call(const World& world, const Journal& journal, Place place) {
  const CallInJournal& call = journal.calls[place];
  if (!call.is_known) return;
  check_role(world, call);
  require(call.outcome || call.deadline != Deadline::none, "a call has an outcome or a deadline for it");
  require(!call.outcome || call.final_status, "only an ended call has an outcome");
  require(call.contacts <= 1, "a missed call leaves its business records once");
  require(call.contacts == 0 || world.registration() == Registration::business,
          "ONBOARDING, SYSTEM and orphans leave no business record");
  const auto is_own = [place](const TextInJournal& text) { return text.call == place; };
  require(std::ranges::count_if(journal.texts, is_own) <= 1, "at most one first text per call");
  const auto own = std::ranges::find_if(journal.texts, is_own);
  const bool is_accepted = own != journal.texts.end() && own->state == TextState::accepted;
  require((call.outcome == Outcome::texted) == is_accepted, "`texted` is what the carrier accepted");
  if (call.greeting == Greeting::will_text && call.final_status) {
    require(!journal.texts.empty(), "who was promised a text by voice is promised one");
  }
  if (call.outcome != Outcome::escalated) return;
  const auto tells = [](const AlertInJournal& alert) { return alert.escalates && alert.is_accepted; };
  require(std::ranges::any_of(journal.alerts, tells), "`escalated` means that a channel accepted an alert");
}

// --- what the carrier said -----------------------------------------------------------------------------

/// A text that may have arrived and is promised again breaks another rule: that of leaving again.
struct IsRecordOf {
  TextState recorded;

  bool is_again() const { return recorded == TextState::promised; }
  bool operator()(const Accepted&) const { return recorded == TextState::accepted || is_again(); }
  bool operator()(const Unknown&) const { return recorded == TextState::unknown || is_again(); }
  bool operator()(const NotSent&) const { return is_again(); }
  bool operator()(const Refused& refused) const {
    switch (refused.because) {
      case Refused::Because::later:
      case Refused::Because::credentials:
      case Refused::Because::suspended:
        return is_again();
      case Refused::Because::sender:
      case Refused::Because::account:
      case Refused::Because::next_day:
      case Refused::Because::once_more:
        return is_again() || recorded == TextState::refused;
      case Refused::Because::recipient:
      case Refused::Because::filtered:
      case Refused::Because::loop:
      case Refused::Because::our_mistake:
      case Refused::Because::other:
        return recorded == TextState::refused;
    }
    return false;
  }
};

/// Where another way is tried, those that the refusal speaks of are closed.
void check_closed(const Refused& refused, const TextInJournal& before, const TextInJournal& after,
                  const Library& library) {
  if (after.state != TextState::promised) return;
  const std::vector<Way>& ways = library.text(after.promise).ways;
  const bool closes_account = refused.because == Refused::Because::account;
  if (!closes_account && refused.because != Refused::Because::sender) return;
  for (std::size_t way = 0; way < ways.size(); ++way) {
    const bool is_meant = closes_account ? ways[way].account == ways[before.way].account : way == before.way;
    require(!is_meant || after.closed_ways.contains(way), "a way that the carrier closes is closed");
  }
}

void check_message(const TextInJournal& text) {
  if (text.state != TextState::accepted) {
    return require(text.message == 0 && !text.status, "only an accepted text is a message, with a summary");
  }
  require(text.message >= 1 && text.message <= text.attempts, "an accepted text is the message of a request");
  const MessageInJournal& message = text.message_of(text.message);
  require(text.status == message.furthest(), "the summary is the furthest that was told of the message");
  require(!message.is_told_lost() || message.is_told_delivered(), "what is known to be lost is not accepted");
}

/// A message that the text became, or may have become, is lost by this change.
bool is_lost_by(const TextInJournal& was, const TextInJournal& is) {
  for (std::size_t i = 0; i < messages_max; ++i) {
    if (!was.messages[i].is_lost && is.messages[i].is_lost) return true;
  }
  return false;
}

void check_text_change(const TextInJournal& was, const TextInJournal& is) {
  require((was.closed_ways.bits() & ~is.closed_ways.bits()) == 0, "a way that is closed stays closed");
  if (was.state == TextState::promised && is.state == TextState::started) {
    require(!was.closed_ways.contains(is.way), "no way is taken after it was closed");
  }
  require(was.state != TextState::refused || is.state == TextState::refused, "a refused text stays refused");
  if (was.state == TextState::accepted) {
    require(is.state == TextState::accepted || is_lost_by(was, is), "an accepted text stays so unless it is lost");
  }
  if (was.state == TextState::unknown && is.state != TextState::unknown && is.state != TextState::accepted) {
    require(is_lost_by(was, is) || is.message_of(is.attempts).is_missing,
            "an unknown text stays so unless it is looked for or lost");
  }
  if (was.message == is.message) {
    require(!was.status || (is.status && *was.status <= *is.status), "the summary only advances");
  } else if (is.message != 0) {
    const MessageInJournal& message = is.message_of(is.message);
    require(was.message == 0, "a text that is a message does not become another");
    require(!message.is_lost || message.is_told_delivered(),
            "what was lost is the text again only once delivered");
  }
}

/// A call that was texted is pending again, with the time for another try.
void check_taken_back(const Journal& before, const Journal& after, Place place) {
  const auto own = std::ranges::find(after.texts, place, &TextInJournal::call);
  require(before.calls[place].outcome == Outcome::texted && own != after.texts.end() &&
              own->state != TextState::accepted,
          "an outcome is taken back only when the text is lost");
  require(after.calls[place].deadline == Deadline::ahead, "a call whose text is lost has a deadline again");
}

}  // namespace

void check_delivery(const Delivery& d) {
  if (!call_details(d.letter.event).is_inbound_parent) {
    require(d.commit.is_ignored && !d.commit.answer, "a child leg belongs to its parent");
    return check_nothing_changed(d);
  }
  require(!d.commit.is_ignored, "an inbound call is never ignored");
  require(d.commit.is_duplicate == was_kept(d), "a webhook is a duplicate exactly when it was kept before");
  if (d.commit.is_duplicate) {
    check_nothing_changed(d);
    return std::visit(CheckRepeated{d}, d.letter.event);
  }
  std::visit(CheckKept{d}, d.letter.event);
}

void check_recorded(const SendAnswer& answer, const TextInJournal& before, const TextInJournal& after,
                    const Library& library) {
  const bool is_told = std::holds_alternative<Refused>(answer) || std::holds_alternative<NotSent>(answer);
  if (is_told && before.message_there() != 0) {
    return require(after.state == TextState::accepted && after.message == before.message_there(),
                   "a text that a status told to be there is not sent again");
  }
  require(std::visit(IsRecordOf{after.state}, answer), "an answer is recorded as what it says, and as no more");
  if (const auto* refused = std::get_if<Refused>(&answer)) check_closed(*refused, before, after, library);
}

void check_lost(const Refused& why, const TextInJournal& before, const TextInJournal& after,
                const Library& library) {
  require(IsRecordOf{after.state}(why), "a loss means what its reason says, and no more");
  check_closed(why, before, after, library);
}

void check_news(const Delivery& d, const Carrier& carrier) {
  const auto& told = std::get<MessageStatusChange>(d.letter.event);
  const TextInJournal& was = d.before.texts[0];
  const TextInJournal& is = d.after.texts[0];
  const MessageInJournal& before = was.message_of(d.letter.message);
  require(!d.commit.is_ignored, "a message of a text of ours is never ignored");
  require(d.commit.is_duplicate == before.is_told(told.status),
          "a status is a duplicate exactly when it was kept");
  if (d.commit.is_duplicate) return check_nothing_changed(d);
  require(is.message_of(d.letter.message).is_told(told.status), "what is told of a message is kept");
  const bool is_open = was.state == TextState::unknown || was.state == TextState::promised;
  const bool is_earlier_loss = d.letter.message != was.attempts && is.message_of(d.letter.message).is_told_lost();
  require(!is_open || before.is_lost || is_earlier_loss || is.message == d.letter.message ||
              is.message_of(d.letter.message).is_lost,
          "a text whose fate is open is settled by what is told of its message");
  const std::vector<Way>& ways = d.library.text(was.promise).ways;
  const std::uint8_t way = before.way;
  for (const BlockedSender& sender : d.commit.blocked_senders) {
    require(sender.way == ways[way], "a sender is blocked for what became of its own message");
  }
  const bool is_lost_now = !before.is_lost && is.message_of(d.letter.message).is_lost;
  if (!is_lost_now) return;
  require(is.message_of(d.letter.message).is_told_lost(), "a text is lost when its message was told to be");
  TextInJournal bound = was;
  bound.way = way;
  check_lost(carrier.why_lost(told.account, is.message_of(d.letter.message).code), bound, is, d.library);
}

void check_journal(const World& world, const Library& library, const Journal& journal) {
  for (Place place = 0; place < journal.calls.size(); ++place) check_call(world, journal, place);
  require(journal.texts.size() <= 1, "at most one first text per caller and number within the cool-down");
  if (!is_texting(world.registration())) require(journal.texts.empty(), "ONBOARDING never promises a text");
  for (Place place = 0; place < journal.texts.size(); ++place) {
    const TextInJournal& text = journal.texts[place];
    require(text.way < library.text(text.promise).ways.size(), "a way out is one of the text's");
    check_message(text);
    if (text.state != TextState::refused) continue;
    const auto tells = [place](const AlertInJournal& alert) { return alert.text == place && alert.escalates; };
    require(std::ranges::any_of(journal.alerts, tells), "a refused text is told to a person");
  }
}

void check_change(const Journal& before, const Journal& after) {
  for (Place place = 0; place < before.calls.size(); ++place) {
    const CallInJournal& was = before.calls[place];
    const CallInJournal& is = after.calls[place];
    require(was.is_known <= is.is_known, "a call is never forgotten");
    if (was.outcome && !is.outcome) check_taken_back(before, after, place);
    if (is.outcome && is.outcome != was.outcome) {
      require(may_follow(was.outcome, *is.outcome), "an outcome follows another only by the rules");
    }
    require(!was.final_status || was.final_status == is.final_status, "a call ends once");
    require(was.greeting == Greeting::none || was.greeting == is.greeting, "what the caller heard stays heard");
    require((was.events & ~is.events) == 0, "an event is never forgotten");
  }
  for (Place place = 0; place < before.texts.size(); ++place) {
    check_text_change(before.texts[place], after.texts[place]);
  }
}

void check_rest(const Journal& journal, bool is_carrier_mute) {
  for (Place place = 0; place < journal.calls.size(); ++place) {
    const CallInJournal& call = journal.calls[place];
    if (!call.final_status) continue;
    const auto own = std::ranges::find(journal.texts, place, &TextInJournal::call);
    const bool is_unknown = own != journal.texts.end() && own->state == TextState::unknown;
    const bool is_held = own != journal.texts.end() && own->state == TextState::promised && is_carrier_mute;
    require(call.outcome || is_unknown || is_held, "an ended call has its outcome, or a text unknown or held");
    if (!call.leans_on || call.outcome != Outcome::suppressed) continue;
    require(journal.texts[*call.leans_on].state != TextState::refused, "who leans on a text shares its fate");
  }
}

}  // namespace jobrun::exploration
