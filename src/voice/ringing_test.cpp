#include <gtest/gtest.h>

#include <tuple>

#include "flow/ring.hpp"
#include "voice_test_support.hpp"

namespace jobrun::voice {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr E164 van_phone = E164::from_digits(14155550151);
constexpr E164 office_phone = E164::from_digits(14155550152);
const CallSid leg = *CallSid::parse("CA000000000000000000000000000000AA");

CallStatusChange an_end(CallStatus status) {
  return {a_call_to(business_number), status, std::string(name_of(status))};
}

/// A call that is told of step by step; what is decided is what the next step knows.
class Ringing : public testing::Test {
 protected:
  Ringing() {
    client.settings.voice_mode = VoiceMode::ring_first;
    client.settings.ring_phones = {owner_phone, van_phone};
    client.settings.ring_time = seconds{18};
  }

  template <class CallEvent>
  Commit decide(const CallEvent& event) {
    const auto directory = a_directory(client);
    return voice::decide(event, {*directory, plan, policy, zones}, facts, now);
  }

  template <class CallEvent>
  Commit happens(const CallEvent& event) {
    Commit commit = decide(event);
    if (commit.is_duplicate || commit.is_ignored) return commit;
    write(commit);
    return commit;
  }

  void write(const Commit& commit) {
    if (commit.new_call) {
      facts.calls.emplace(call_sid.text(), CallRecord{.id = {5},
                                                      .call_sid = call_sid,
                                                      .caller = commit.new_call->caller,
                                                      .number = business_number,
                                                      .role = commit.new_call->role,
                                                      .role_source = commit.new_call->role_source,
                                                      .client = commit.new_call->client,
                                                      .final_status = {},
                                                      .ended_at = {},
                                                      .outcome = {},
                                                      .forwarded_from = commit.new_call->forwarded_from,
                                                      .verification = commit.new_call->verification});
    }
    CallRecord& call = facts.calls.at(call_sid.text());
    facts.events.push_back(commit.event_key);
    if (commit.greeting) call.greeting = *commit.greeting;
    if (commit.rings && !call.rung_at) call.rung_at = now;
    if (commit.acceptance) call.taken_by = commit.acceptance->leg;
    if (commit.ended) call.final_status = commit.ended->status;
    if (commit.recording) call.message = MessageLeft{commit.recording->url, commit.recording->duration};
  }

  static PhoneAnswered answered(bool is_accepted) { return {a_call_to(business_number), leg, is_accepted}; }
  static RingEnd rung(RingStatus status, std::size_t phones_behind) {
    return {.call = a_call_to(business_number),
            .status = status,
            .leg = leg.text() + std::to_string(phones_behind),
            .phones_behind = phones_behind};
  }
  static std::vector<E164> phones_of(const Commit& commit) {
    if (!commit.answer) return {};
    const auto* ring = std::get_if<RingPhones>(&commit.answer->then);
    return ring ? ring->phones : std::vector<E164>{};
  }
  std::vector<E164> phones_rung(const CallDetails& call = a_call_to(business_number)) {
    facts.calls.clear();
    facts.events.clear();
    return phones_of(decide(IncomingCall{call}));
  }

  ClientProfile client = a_client();
  AlmostEverybodyInTheUs plan;
  testing_support::FixedTimeZones zones;
  flow::Policy policy;
  FakeFacts facts;
  Instant now = noon;
};

// Goal: the client's phones ring before anything is said, one after the other or all at once; whose turn comes is
// said by what comes back.
TEST_F(Ringing, ThePhonesRingInOrderOrAtOnce) {
  const Commit first = happens(IncomingCall{a_call_to(business_number)});
  EXPECT_EQ(phones_of(first), (std::vector{owner_phone}));
  EXPECT_EQ(first.answer->say, "");
  EXPECT_FALSE(first.greeting) << "nobody has been greeted";
  EXPECT_TRUE(first.rings);
  EXPECT_EQ(std::get<RingPhones>(first.answer->then).ring_time, seconds{18});
  EXPECT_EQ(first.answer->call_sid, call_sid.text());
  EXPECT_EQ(first.answer->number, business_number);
  const std::size_t behind = std::get<RingPhones>(first.answer->then).phones_behind;
  const Commit second = happens(rung(RingStatus::no_answer, behind));
  EXPECT_EQ(phones_of(second), (std::vector{van_phone}));
  const Commit last = happens(rung(RingStatus::busy, std::get<RingPhones>(second.answer->then).phones_behind));
  EXPECT_TRUE(phones_of(last).empty());
  EXPECT_EQ(last.greeting, Greeting::will_text);

  client.settings.ring_order = RingOrder::at_once;
  EXPECT_EQ(phones_rung(), (std::vector{owner_phone, van_phone}));
  client.settings.ring_phones.clear();
  EXPECT_EQ(phones_rung(), (std::vector{owner_phone})) << "without a list it is the owner's";
  client.settings.voice_mode = VoiceMode::text_only;
  EXPECT_TRUE(phones_rung().empty());
}

// Goal: nobody is rung who does not want to be, or who would only ring himself; a pause stops texts alone.
// Method: one reason at a time; each caller is greeted instead.
TEST_F(Ringing, SomeCallersAndTimesRingNobody) {
  EXPECT_EQ(phones_rung().size(), 1U);
  client.settings.busy_until = now + minutes{1};
  EXPECT_TRUE(phones_rung().empty());
  client.settings.busy_until = now;
  EXPECT_EQ(phones_rung().size(), 1U);
  client.paused = true;
  EXPECT_EQ(phones_rung().size(), 1U);
  client.paused = false;
  for (const E164 caller : {owner_phone, van_phone, business_number}) {
    CallDetails call = a_call_to(business_number);
    call.caller = Caller::parse(caller.text());
    EXPECT_TRUE(phones_rung(call).empty()) << caller.text();
  }
  facts.phone.blocked = true;
  EXPECT_TRUE(phones_rung().empty());
  facts.phone.blocked = false;
  CallDetails withheld = a_call_to(business_number);
  withheld.caller = Caller::parse("anonymous");
  EXPECT_EQ(phones_rung(withheld).size(), 1U);
}

// Goal: the phone that sent a call on is not rung for it, nor is a number of ours: the others are; and when none
// is left the owner is told, once in a while, and the caller is greeted.
TEST_F(Ringing, APhoneThatSendsCallsBackIsNotRung) {
  CallDetails call = a_call_to(business_number);
  call.forwarded_from = owner_phone;
  EXPECT_EQ(phones_rung(call), (std::vector{van_phone}));
  EXPECT_TRUE(decide(IncomingCall{call}).alerts.empty());
  client.settings.ring_phones = {business_number, owner_phone};
  const Commit none = decide(IncomingCall{call});
  EXPECT_TRUE(phones_of(none).empty());
  EXPECT_EQ(none.greeting, Greeting::will_text);
  ASSERT_EQ(none.alerts.size(), 1U);
  EXPECT_EQ(none.alerts[0].kind, AlertKind::ring_loop);
  EXPECT_EQ(none.alerts[0].audience, Audience::owner);
  EXPECT_GE(none.alerts[0].at_most_every, hours{1});
  EXPECT_FALSE(none.alerts[0].group.empty());
}

// Goal: when the next phone has its turn, which one sent the call on is still known, although that webhook does
// not say it again.
TEST_F(Ringing, WhoSentTheCallOnIsRememberedWhileItRings) {
  CallDetails call = a_call_to(business_number);
  call.forwarded_from = office_phone;
  client.settings.ring_phones = {owner_phone, office_phone, van_phone};
  happens(IncomingCall{call});
  EXPECT_EQ(phones_of(happens(rung(RingStatus::no_answer, 1))), (std::vector{van_phone}));
}

// Goal: phones that bring a call back unseen, again and again, ring no more.
// Method: one call fewer than the limit, and the limit.
TEST_F(Ringing, ALoopNobodyTellsOfIsBroken) {
  facts.rung = policy.ring_loop_calls - 1;
  EXPECT_EQ(phones_rung().size(), 1U);
  facts.rung = policy.ring_loop_calls;
  const Commit commit = decide(IncomingCall{a_call_to(business_number)});
  EXPECT_TRUE(phones_of(commit).empty());
  ASSERT_EQ(commit.alerts.size(), 1U);
  EXPECT_EQ(commit.alerts[0].kind, AlertKind::ring_loop);
}

// Goal: a repeated webhook rings the same phones again and changes nothing.
TEST_F(Ringing, RepeatedWebhooksAreAnsweredTheSame) {
  const Commit first = happens(IncomingCall{a_call_to(business_number)});
  const Commit again = decide(IncomingCall{a_call_to(business_number)});
  EXPECT_TRUE(again.is_duplicate);
  EXPECT_EQ(phones_of(again), phones_of(first));
  const Commit second = happens(rung(RingStatus::no_answer, 1));
  const Commit second_again = decide(rung(RingStatus::no_answer, 1));
  EXPECT_TRUE(second_again.is_duplicate);
  EXPECT_EQ(phones_of(second_again), phones_of(second));
  const PhonePickedUp picked_up{a_call_to(business_number), leg};
  EXPECT_TRUE(std::holds_alternative<AskToAccept>(happens(picked_up).answer->then));
  const Commit asked_again = decide(picked_up);
  EXPECT_TRUE(asked_again.is_duplicate);
  EXPECT_TRUE(std::holds_alternative<AskToAccept>(asked_again.answer->then));
  happens(answered(true));
  const Commit accepted_again = decide(answered(true));
  EXPECT_TRUE(accepted_again.is_duplicate);
  EXPECT_TRUE(std::holds_alternative<Connect>(accepted_again.answer->then));
}

// Goal: whoever presses anything but 1, or nothing, is let go, and has not taken the call.
TEST_F(Ringing, OnlyWhoAcceptsIsConnected) {
  happens(IncomingCall{a_call_to(business_number)});
  const Commit refused = happens(answered(false));
  EXPECT_TRUE(std::holds_alternative<EndCall>(refused.answer->then));
  EXPECT_NE(refused.answer->say, "");
  EXPECT_FALSE(refused.acceptance);
  const Commit accepted = happens(answered(true));
  EXPECT_TRUE(std::holds_alternative<Connect>(accepted.answer->then));
  EXPECT_EQ(accepted.answer->say, "");
  ASSERT_TRUE(accepted.acceptance);
  EXPECT_EQ(accepted.acceptance->leg, leg);
}

// Goal: a call may last as long as everything that it is made of: no incident opens while it still rings.
// Method: the deadline of a call that rings two phones, against what each may take; of one that takes a message.
TEST_F(Ringing, TheDeadlineLeavesTimeForAllRinging) {
  const Commit rings = decide(IncomingCall{a_call_to(business_number)});
  const Duration talk = policy.call_length_max + policy.outcome_deadline;
  ASSERT_TRUE(rings.deadline);
  EXPECT_GE(*rings.deadline, noon + talk + 2 * (seconds{18} + acceptance_time) + message_length_max);
  EXPECT_EQ(*rings.deadline, noon + talk + rings.longer);
  client.settings.voice_mode = VoiceMode::text_only;
  EXPECT_EQ(decide(IncomingCall{a_call_to(business_number)}).deadline, noon + talk);
  client.settings.offers_voicemail = true;
  EXPECT_EQ(decide(IncomingCall{a_call_to(business_number)}).deadline, noon + talk + message_length_max);
}

// Goal: no deadline that a client can bring about is longer than what clocks that were set back are mended by.
TEST_F(Ringing, NoCallMayLastLongerThanTheLongestOfAll) {
  client.settings.ring_time = seconds{30};
  client.settings.ring_phones.clear();
  for (std::size_t i = 0; i < ring_phones_max; ++i) {
    client.settings.ring_phones.push_back(E164::from_digits(14155550160 + i));
  }
  EXPECT_EQ(decide(IncomingCall{a_call_to(business_number)}).longer, flow::longest_of_all());
}

// Goal: a caller who has left while it rang has heard nothing, whatever is answered then.
// Method: one who withholds his number, so that what he heard is all he got.
TEST_F(Ringing, WhoHasLeftHasHeardNothing) {
  CallDetails withheld = a_call_to(business_number);
  withheld.caller = Caller::parse("anonymous");
  happens(IncomingCall{withheld});
  RingEnd left = rung(RingStatus::canceled, 2);
  left.call = withheld;
  left.caller_has_left = true;
  const Commit commit = happens(left);
  EXPECT_NE(commit.answer->say, "") << "should he be there after all";
  EXPECT_FALSE(commit.greeting);
  CallStatusChange end = an_end(CallStatus::completed);
  end.call = withheld;
  const Commit ended = decide(end);
  EXPECT_FALSE(ended.outcome) << "pending until a person has been told";
  EXPECT_TRUE(ended.alerts.at(0).escalates);
}

// Goal: of a call that rang, and that the carrier never took for answered, nobody has heard the greeting.
// Method: a caller without a number is greeted after the ringing; his call ends as each status says.
TEST_F(Ringing, OfACallThatWasNeverAnsweredNothingWasHeard) {
  for (const CallStatus status : final_call_statuses) {
    facts.calls.clear();
    facts.events.clear();
    CallDetails withheld = a_call_to(business_number);
    withheld.caller = Caller::parse("anonymous");
    happens(IncomingCall{withheld});
    RingEnd end = rung(RingStatus::busy, 2);
    end.call = withheld;
    EXPECT_EQ(happens(end).greeting, Greeting::voicemail_no_text);
    CallStatusChange ended = an_end(status);
    ended.call = withheld;
    EXPECT_EQ(decide(ended).outcome.has_value(), status == CallStatus::completed) << name_of(status);
  }
}

// Goal: what the carrier's list says of legs proves nothing about a call that rang phones of ours: only an
// acceptance does. Of a call that rang nobody it counts as before.
TEST_F(Ringing, AnAnsweredLegProvesNothingWhereWeRangPhones) {
  CallStatusChange swept = an_end(CallStatus::completed);
  swept.call.origin = Origin::sweep;
  swept.person_took_call = true;
  EXPECT_EQ(decide(swept).ended->row, AfterCallRow::answered) << "a call that we never heard of rang by others";
  happens(IncomingCall{a_call_to(business_number)});
  EXPECT_EQ(decide(swept).ended->row, AfterCallRow::intake);
  happens(answered(true));
  EXPECT_EQ(decide(swept).ended->row, AfterCallRow::answered);
}

// Goal: what is told of a leg by itself, whose call began before the database was lost, is still about that call.
// Method: an acceptance as the first event of a call; then its end.
TEST_F(Ringing, AnAcceptanceMayBeTheFirstThatIsKnown) {
  happens(answered(true));
  const Commit end = decide(an_end(CallStatus::completed));
  ASSERT_TRUE(end.outcome);
  EXPECT_EQ(end.outcome->outcome, Outcome::answered);
}

// --- the table --------------------------------------------------------------------------------------

/// What is told of the end of the ringing; `untold`: the caller hung up and nothing was.
enum class Told { completed, not_bridged, busy, no_answer, failed, canceled, untold };
enum class Pressed { one, another_key, nothing };

struct TableNames {
  static std::string of(Told told) {
    constexpr std::array names = {"completed", "notbridged", "busy", "noanswer", "failed", "canceled", "untold"};
    return names.at(static_cast<std::size_t>(told));
  }
  static std::string of(Pressed pressed) {
    constexpr std::array names = {"one", "another", "nothing"};
    return names.at(static_cast<std::size_t>(pressed));
  }
};

class RingTable : public Ringing, public testing::WithParamInterface<std::tuple<Told, CallStatus, Pressed>> {
 protected:
  void tell(Told told) {
    if (told == Told::untold) return;
    RingEnd end = rung(RingStatus::completed, 1);
    switch (told) {
      case Told::completed:
      case Told::untold:
        break;
      case Told::not_bridged:
        end.is_bridged = false;
        break;
      case Told::busy:
        end.status = RingStatus::busy;
        break;
      case Told::no_answer:
        end.status = RingStatus::no_answer;
        break;
      case Told::failed:
        end.status = RingStatus::failed;
        break;
      case Told::canceled:
        end.status = RingStatus::canceled;
        end.caller_has_left = true;
        break;
    }
    happens(end);
  }
};

std::string name_of_row(const testing::TestParamInfo<std::tuple<Told, CallStatus, Pressed>>& row) {
  std::string status(name_of(std::get<CallStatus>(row.param)));
  std::erase(status, '-');
  return "Rung_" + TableNames::of(std::get<Told>(row.param)) + "_Ended_" + status + "_Pressed_" +
         TableNames::of(std::get<Pressed>(row.param));
}

INSTANTIATE_TEST_SUITE_P(Outcomes, RingTable,
                         testing::Combine(testing::Values(Told::completed, Told::not_bridged, Told::busy,
                                                          Told::no_answer, Told::failed, Told::canceled,
                                                          Told::untold),
                                          testing::ValuesIn(final_call_statuses),
                                          testing::Values(Pressed::one, Pressed::another_key, Pressed::nothing)),
                         name_of_row);

// Goal: a call is answered only if somebody pressed 1 and the two were connected; else its caller is texted,
// exactly once, whatever the carrier says of the ringing and of the call. Method: every end of the ringing, every
// final status, every key.
TEST_P(RingTable, AnsweredIsWhoPressedOneAndWasConnected) {
  const auto [told, status, pressed] = GetParam();
  client.settings.ring_phones = {owner_phone};
  happens(IncomingCall{a_call_to(business_number)});
  if (pressed != Pressed::nothing) happens(answered(pressed == Pressed::one));
  tell(told);
  const Commit end = happens(an_end(status));
  const bool was_connected = (told == Told::completed || told == Told::untold) && status == CallStatus::completed;
  if (pressed == Pressed::one && was_connected) {
    ASSERT_TRUE(end.outcome);
    EXPECT_EQ(end.outcome->outcome, Outcome::answered);
    EXPECT_FALSE(end.text);
    EXPECT_TRUE(end.alerts.empty());
  } else {
    EXPECT_FALSE(end.outcome);
    ASSERT_TRUE(end.text);
    EXPECT_EQ(end.text->id.purpose, Purpose::customer_intake);
  }
  EXPECT_TRUE(happens(an_end(status)).is_duplicate);
}

// --- messages ---------------------------------------------------------------------------------------

class LeavingMessages : public Ringing {
 protected:
  LeavingMessages() { client.settings.voice_mode = VoiceMode::text_only; }

  static RecordingNews news(RecordingStep step) {
    RecordingNews recording{.call = a_call_to(business_number),
                            .step = step,
                            .recording_sid = "RE1",
                            .url = "https://api.example.com/RE1",
                            .duration = seconds{23}};
    recording.call.caller = Caller::parse("anonymous");
    if (step == RecordingStep::transcribed) recording.transcription = "My tap leaks";
    return recording;
  }
  CallStatusChange the_end() {
    CallStatusChange end = an_end(CallStatus::completed);
    end.call.caller = Caller::parse("anonymous");
    return end;
  }
  Commit calls() {
    CallDetails call = a_call_to(business_number);
    call.caller = Caller::parse("anonymous");
    return happens(IncomingCall{call});
  }
};

// Goal: who cannot be texted is offered to leave a message; the owner is told of it with the call's end, at once.
TEST_F(LeavingMessages, OfWhoCannotBeTextedIsToldWithTheEnd) {
  const Commit greeted = calls();
  EXPECT_EQ(greeted.greeting, Greeting::voicemail_no_text);
  EXPECT_TRUE(std::holds_alternative<TakeMessage>(greeted.answer->then));
  const Commit left = happens(news(RecordingStep::left));
  ASSERT_TRUE(left.recording);
  EXPECT_EQ(left.recording->recording_sid, "RE1");
  EXPECT_TRUE(left.alerts.empty());
  EXPECT_NE(left.answer->say, "");
  const Commit end = happens(the_end());
  ASSERT_EQ(end.alerts.size(), 1U);
  EXPECT_EQ(end.alerts[0].kind, AlertKind::cannot_text_caller);
  EXPECT_EQ(end.alerts[0].delay, Duration{0});
  EXPECT_NE(end.alerts[0].summary.find("left a message of 23 s: https://api.example.com/RE1"), std::string::npos);
  EXPECT_EQ(end.outcome->outcome, Outcome::spoken);
}

// Goal: a message is known by its id: told of by two webhooks it is one; what is said in it is told once.
TEST_F(LeavingMessages, AreKnownByTheirId) {
  calls();
  happens(news(RecordingStep::left));
  EXPECT_TRUE(decide(news(RecordingStep::kept)).is_duplicate);
  const Commit again = decide(news(RecordingStep::left));
  EXPECT_TRUE(again.is_duplicate);
  EXPECT_NE(again.answer->say, "");
  happens(the_end());
  const Commit words = happens(news(RecordingStep::transcribed));
  ASSERT_EQ(words.alerts.size(), 1U);
  EXPECT_EQ(words.alerts[0].kind, AlertKind::voicemail);
  EXPECT_NE(words.alerts[0].summary.find("My tap leaks"), std::string::npos);
  EXPECT_TRUE(decide(news(RecordingStep::transcribed)).is_duplicate);
}

// Goal: a message that is told of only after the end, is told to the owner then; one that failed is none.
TEST_F(LeavingMessages, ToldOfAfterTheEndAreToldAtOnce) {
  calls();
  happens(the_end());
  const Commit failed = happens(news(RecordingStep::failed));
  EXPECT_FALSE(failed.recording);
  EXPECT_TRUE(failed.alerts.empty());
  const Commit late = happens(news(RecordingStep::kept));
  ASSERT_EQ(late.alerts.size(), 1U);
  EXPECT_EQ(late.alerts[0].kind, AlertKind::voicemail);
  EXPECT_EQ(late.alerts[0].audience, Audience::owner);
  EXPECT_NE(late.alerts[0].summary.find("23 s"), std::string::npos);
}

// Goal: a caller who is texted, and left a message all the same, is told of apart from the lead, which waits.
TEST_F(LeavingMessages, OfWhoIsTextedAreToldApart) {
  client.settings.offers_voicemail = true;
  const Commit greeted = happens(IncomingCall{a_call_to(business_number)});
  EXPECT_EQ(greeted.greeting, Greeting::voicemail_will_text);
  RecordingNews left = news(RecordingStep::left);
  left.call = a_call_to(business_number);
  happens(left);
  const Commit end = happens(an_end(CallStatus::completed));
  ASSERT_TRUE(end.text);
  ASSERT_EQ(end.alerts.size(), 2U);
  EXPECT_EQ(end.alerts[0].kind, AlertKind::lead);
  EXPECT_EQ(end.alerts[1].kind, AlertKind::voicemail);
  EXPECT_EQ(end.alerts[1].delay, Duration{0});
}

// Goal: a number that is nobody's takes no messages.
TEST_F(LeavingMessages, AreNotTakenAtANumberThatIsNobodys) {
  CallDetails call = a_call_to(stranger_number);
  call.caller = Caller::parse("anonymous");
  const Commit greeted = decide(IncomingCall{call});
  EXPECT_EQ(greeted.greeting, Greeting::no_text);
  EXPECT_TRUE(std::holds_alternative<EndCall>(greeted.answer->then));
}

// Goal: a caller's number that does not hold is told to whoever calls back, and is no reason for silence.
TEST_F(LeavingMessages, ANumberThatIsNotVerifiedIsSaidToBe) {
  client.settings.voice_mode = VoiceMode::text_only;
  CallStatusChange end = an_end(CallStatus::completed);
  EXPECT_EQ(decide(end).alerts.at(0).summary.find("not verified"), std::string::npos);
  end.call.verification = CallerVerification::not_verified;
  const Commit commit = decide(end);
  EXPECT_TRUE(commit.text);
  EXPECT_EQ(commit.new_call->verification, CallerVerification::not_verified);
  EXPECT_NE(commit.alerts.at(0).summary.find("(number not verified)"), std::string::npos);
  facts.last = LastText{TextRow{9}, now - minutes{5}, TextState::accepted};
  EXPECT_NE(decide(end).alerts.at(0).summary.find("(number not verified)"), std::string::npos);
}

// Goal: while nothing can be read, nobody rings; whoever had already accepted is connected all the same.
TEST_F(Ringing, WithoutFactsNobodyRingsButWhoAcceptedIsConnected) {
  const auto directory = a_directory(client);
  const auto voice = answer_without_facts(IncomingCall{a_call_to(business_number)}, *directory);
  EXPECT_EQ(voice->greeting, Greeting::no_text);
  EXPECT_TRUE(std::holds_alternative<EndCall>(voice->then));
  EXPECT_TRUE(std::holds_alternative<Connect>(answer_without_facts(answered(true), *directory)->then));
  EXPECT_TRUE(std::holds_alternative<EndCall>(answer_without_facts(answered(false), *directory)->then));
  EXPECT_NE(answer_without_facts(rung(RingStatus::busy, 1), *directory)->say, "");
  EXPECT_FALSE(answer_without_facts(an_end(CallStatus::completed), *directory));
}

}  // namespace
}  // namespace jobrun::voice
