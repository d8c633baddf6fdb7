#include "onboarding/turn.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"

namespace jobrun::onboarding {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr E164 owner = E164::from_digits(15125550123);
constexpr E164 first_number = E164::from_digits(15125550100);
constexpr E164 other_number = E164::from_digits(15125550101);
const Instant noon = from_unix_ms(1'767'441'600'000);

Facts facts_at(Instant now, TestCall::Kind call = TestCall::Kind::none) {
  return {.now = now,
          .activation = Activation::open,
          .is_invite_code = [](std::string_view code) { return code == "SPRING25"; },
          .test_call = {call, now}};
}

/// The State after these texts, a minute apart; whoever wants a number gets `first_number`.
State after(const std::vector<std::string>& texts, Facts facts = facts_at(noon)) {
  std::optional<State> state;
  for (const std::string& words : texts) {
    facts.now += minutes{1};
    const Turn turn = take(state, owner, words, facts);
    state = turn.wants.number ? number_found(turn.next, first_number, facts.now).next : turn.next;
  }
  return *state;
}

const std::vector<std::string> to_confirm = {"plumber in Austin called Joe's", "Joe", "text"};
const std::vector<std::string> to_phone = {"plumber in Austin called Joe's", "Joe", "text", "yes"};
const std::vector<std::string> to_test = {
    "plumber in Austin called Joe's", "Joe", "text", "yes", "landline", "done"};

/// A state of every step.
std::vector<State> one_of_each_step() {
  Facts live = facts_at(noon, TestCall::Kind::forwarded);
  Facts manual = facts_at(noon);
  manual.activation = Activation::manual_approval;
  return {after({"hi"}),
          after({"plumber in Austin"}),
          after({"plumber in Austin called Joe's"}),
          after({"plumber in Austin called Joe's", "Joe"}),
          after(to_confirm),
          after(to_phone, manual),
          after(to_phone),
          after({"plumber in Austin called Joe's", "Joe", "text", "yes", "landline"}),
          after(to_test),
          after(to_test, live)};
}

// --- histories of anything ------------------------------------------------------------------------

const std::vector<std::string> usual_texts = {"hi",
                                              "yes",
                                              "no",
                                              "done",
                                              "back",
                                              "BACK",
                                              "restart",
                                              "help",
                                              "person",
                                              "undo",
                                              "codes",
                                              "STOP",
                                              "START",
                                              "1",
                                              "2",
                                              "3",
                                              "plumber",
                                              "Leeds",
                                              "plumber in Leeds",
                                              "I'm a plumber in Leeds called Joe's",
                                              "Joe's Plumbing",
                                              "Joe",
                                              "my name is Ann",
                                              "text",
                                              "email",
                                              "both",
                                              "ann@example.com",
                                              "ann@",
                                              "change name",
                                              "name is Smith & Sons",
                                              "email is a@example.com",
                                              "city is Austin",
                                              "change phone",
                                              "iphone",
                                              "android",
                                              "landline",
                                              "office",
                                              "verizon",
                                              "t-mobile",
                                              "forwarded",
                                              "SPRING25",
                                              "code 123",
                                              "???",
                                              "12345",
                                              "fuck",
                                              "https://example.com",
                                              "<b>",
                                              "it says error",
                                              "",
                                              " ",
                                              "\n",
                                              "👍",
                                              "👎",
                                              "ok",
                                              "thanks",
                                              "hola",
                                              "sí",
                                              "me llamo José",
                                              "a, b, c, d, e",
                                              "in",
                                              "called",
                                              "my name is",
                                              "I'm",
                                              "we are",
                                              "name",
                                              "and",
                                              "email",
                                              "@"};

std::string any_text() {
  const bool is_wild = *rc::gen::inRange(0, 8) == 0;
  if (is_wild) return *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  std::string text = *rc::gen::elementOf(usual_texts);
  if (*rc::gen::inRange(0, 6) == 0) text += " " + *rc::gen::elementOf(usual_texts);
  return text;
}

struct Walk {
  std::optional<State> state;
  Facts facts = facts_at(noon);
  std::optional<E164> number;
  std::set<Step> seen;
};

Activation any_activation() {
  return *rc::gen::element(Activation::open, Activation::manual_approval, Activation::invite_code);
}

void expect_bounded(const State& state) {
  RC_ASSERT(state.answers.business_type.size() <= business_type_bytes_max);
  RC_ASSERT(state.answers.place.size() <= place_bytes_max);
  RC_ASSERT(state.answers.business_name.size() <= business_name_bytes_max);
  RC_ASSERT(state.answers.owner_name.size() <= owner_name_bytes_max);
  RC_ASSERT(state.answers.email.size() <= email_bytes_max);
  RC_ASSERT(state.invite_code.size() <= invite_code_bytes_max);
  for (const std::string* words :
       {&state.answers.business_type, &state.answers.place, &state.answers.business_name,
        &state.answers.owner_name, &state.answers.email}) {
    RC_ASSERT(is_clean_utf8(*words));
    RC_ASSERT(words->find('\n') == std::string::npos);
  }
}

void expect_sound(const Turn& turn, const Walk& before) {
  expect_bounded(turn.next);
  RC_ASSERT(turn.reply.empty() == turn.next.is_stopped);
  RC_ASSERT(is_clean_utf8(turn.reply));
  RC_ASSERT(turn.reply.size() <= text_characters_max);
  RC_ASSERT(turn.next.number == before.number);
  RC_ASSERT(turn.next.number.has_value() == turn.next.number_since.has_value());
  const bool has_number_step = turn.next.step > Step::number_allocation;
  RC_ASSERT(!has_number_step || turn.next.number.has_value());
  RC_ASSERT(!turn.wants.number || (turn.next.is_approved && !turn.next.number));
}

/// One more text, or something else that happens.
void go_on(Walk& walk) {
  walk.facts.now += *rc::gen::element(Duration{seconds{1}}, Duration{minutes{1}}, Duration{days{2}});
  walk.facts.test_call.kind = *rc::gen::element(TestCall::Kind::none, TestCall::Kind::none, TestCall::Kind::direct,
                                                TestCall::Kind::forwarded);
  const int what = walk.state ? *rc::gen::inRange(0, 12) : 11;
  if (what == 0) {
    if (const auto turn = remind(*walk.state, walk.facts.now)) walk.state = turn->next;
    return;
  }
  const Turn turn =
      what == 1 ? approve(*walk.state, walk.facts.now) : take(walk.state, owner, any_text(), walk.facts);
  if (what != 1) expect_sound(turn, walk);
  walk.state = turn.next;
  const bool is_served = turn.wants.number || (is_waiting_for_number(turn.next) && *rc::gen::arbitrary<bool>());
  if (!is_served) return;
  const std::optional<E164> offered = *rc::gen::arbitrary<bool>() ? std::optional(first_number) : std::nullopt;
  const Turn served = number_found(turn.next, offered, walk.facts.now);
  if (!walk.number) walk.number = served.next.number;
  RC_ASSERT(served.next.number == walk.number);
  walk.state = served.next;
}

Walk any_walk() {
  Walk walk;
  walk.facts.activation = any_activation();
  const std::vector<State> beginnings = one_of_each_step();
  const std::size_t from = *rc::gen::inRange<std::size_t>(0, 2 * beginnings.size());
  if (from < beginnings.size()) {
    walk.state = beginnings[from];
    walk.number = walk.state->number;
    walk.facts.now += hours{1};
  }
  const int turns = *rc::gen::inRange(1, 25);
  for (int turn = 0; turn < turns; ++turn) {
    go_on(walk);
    walk.seen.insert(walk.state->step);
  }
  return walk;
}

// Goal: whatever an owner sends, and whatever happens in between, he is answered, what is kept of him stays within
// its bounds, and his number is nobody's to take away.
// Method: random histories of texts, bytes, calls, approvals, reminders and numbers; each turn is looked at.
TEST(OnboardingTurn, AnswersAnythingAndStaysWithinItsBounds) {
  std::set<Step> seen;
  EXPECT_TRUE(rc::check([&seen] { seen.merge(any_walk().seen); }));
  EXPECT_EQ(seen.size(), NamesOf<Step>::rows.size()) << "the histories did not come to every step";
}

// Goal: never a dead end: from wherever an owner has got himself, answering what is asked brings him live.
// Method: random histories, then an owner who does as he is told, an operator who approves, a pool with numbers
// and a call that is forwarded: live within 14 texts.
TEST(OnboardingTurn, BringsAWillingOwnerLiveFromWhereverHeIs) {
  EXPECT_TRUE(rc::check([] {
    Walk walk = any_walk();
    State state = *walk.state;
    Facts facts = walk.facts;
    facts.test_call.kind = TestCall::Kind::forwarded;
    constexpr int texts_max = 14;
    int texts = 0;
    for (; state.step != Step::live && texts < texts_max; ++texts) {
      facts.now += minutes{1};
      Turn turn;
      if (state.is_stopped) {
        turn = take(state, owner, "START", facts);
      } else if (is_waiting_for_approval(state)) {
        turn = approve(state, facts.now);
      } else if (is_waiting_for_number(state)) {
        turn = number_found(state, first_number, facts.now);
      } else {
        const Answers& known = state.answers;
        std::string words;
        switch (state.step) {
          case Step::business_type_and_place:
            words = known.business_type.empty() && known.place.empty() ? "Plumber in Leeds"
                    : known.place.empty()                              ? "Leeds"
                                                                       : "plumber";
            break;
          case Step::business_name:
            words = "Smith & Sons";
            break;
          case Step::owner_name:
            words = "Maria Lopez";
            break;
          case Step::how_to_be_alerted:
            words = known.alert_by ? "joe@example.com" : "1";
            break;
          case Step::confirm:
            words = "YES";
            break;
          case Step::phone_type:
            words = known.phone ? "OTHER" : "LANDLINE";
            break;
          case Step::number_allocation:
          case Step::forwarding_instructions:
          case Step::test_call:
          case Step::live:
            words = "DONE";
            break;
        }
        turn = take(state, owner, words, facts);
      }
      state = turn.wants.number ? number_found(turn.next, first_number, facts.now).next : turn.next;
    }
    RC_ASSERT(state.step == Step::live);
  }));
}

// Goal: RESTART begins again from anywhere, and a number given stays given.
// Method: random histories; RESTART after each.
TEST(OnboardingTurn, RestartBeginsAgainAndKeepsTheNumber) {
  EXPECT_TRUE(rc::check([] {
    const Walk walk = any_walk();
    if (walk.state->is_stopped) return;
    Facts facts = walk.facts;
    facts.now += minutes{1};
    const Turn turn = take(walk.state, owner, "RESTART", facts);
    RC_ASSERT(turn.next.step == Step::business_type_and_place);
    RC_ASSERT(turn.next.answers == Answers{});
    RC_ASSERT(turn.next.number == walk.state->number);
    RC_ASSERT(turn.next.number_since == walk.state->number_since);
    RC_ASSERT(turn.next.is_approved == walk.state->is_approved);
    RC_ASSERT(turn.next.waiting_since == walk.state->waiting_since);
  }));
}

// Goal: BACK goes one question back and never across the number.
// Method: random histories; BACK after each, and the step is the same or the one before by the table of steps.
TEST(OnboardingTurn, BackGoesOneQuestionBackAndNeverAcrossTheNumber) {
  EXPECT_TRUE(rc::check([] {
    const Walk walk = any_walk();
    if (walk.state->is_stopped) return;
    Facts facts = walk.facts;
    facts.now += minutes{1};
    const Turn turn = take(walk.state, owner, "BACK", facts);
    const std::optional<Step> before = step_before(walk.state->step);
    RC_ASSERT(turn.next.step == walk.state->step || turn.next.step == before);
    RC_ASSERT(turn.next.number == walk.state->number);
  }));
}

// Goal: a text that comes twice, by two taps or by the network, does no more than one.
// Method: random histories, then one text taken once and twice within a second. Commands are left out: two of them
// may be meant.
TEST(OnboardingTurn, TakesTheSameTextTwiceAtOnceAsOne) {
  const std::vector<std::string> commands = {"back", "BACK", "restart", "help", "person", "undo", "STOP", "START"};
  EXPECT_TRUE(rc::check([&] {
    const Walk walk = any_walk();
    Facts facts = walk.facts;
    facts.now += minutes{1};
    facts.test_call.kind = TestCall::Kind::none;
    const std::string words = any_text();
    RC_PRE(std::ranges::none_of(
        commands, [&](const std::string& command) { return words.find(command) != std::string::npos; }));
    const Turn once = take(walk.state, owner, words, facts);
    facts.now += seconds{1};
    const Turn twice = take(once.next, owner, words, facts);
    RC_ASSERT(twice.next.step == once.next.step);
    RC_ASSERT(twice.next.answers == once.next.answers);
    RC_ASSERT(twice.next.wrong_answers == once.next.wrong_answers);
    RC_ASSERT(!twice.wants.attention.has_value());
  }));
}

// --- single rules ---------------------------------------------------------------------------------

// Goal: two taps on "send" are not two answers: neither is the business named after its trade, nor a wrong answer
// counted twice; the same words a minute later are meant.
// Method: the same text again, a second and a minute later.
TEST(OnboardingTurn, TellsTwoTapsFromTwoAnswers) {
  const State asked = after({"plumber in Austin"});
  Facts facts = facts_at(asked.last_text_at + seconds{1});
  EXPECT_EQ(take(asked, owner, "Plumber in Austin!", facts).next.step, Step::business_name);
  EXPECT_TRUE(take(asked, owner, "Plumber in Austin!", facts).next.answers.business_name.empty());
  facts.now += minutes{1};
  EXPECT_EQ(take(asked, owner, "Plumber in Austin!", facts).next.answers.business_name, "Plumber in Austin");
}

// Goal: the third wrong answer in a row brings a person, once; a good one begins the count anew.
// Method: wrong answers to the same question, in each step that asks one.
TEST(OnboardingTurn, BringsAPersonAfterThreeWrongAnswersInARow) {
  for (const State& state : one_of_each_step()) {
    if (state.step == Step::live || state.step == Step::number_allocation ||
        state.step == Step::forwarding_instructions)
      continue;
    State now = state;
    now.wrong_answers = 0;
    std::vector<std::optional<Attention>> told;
    for (const std::string words : {"???", "12345", "fuck 1", "99999"}) {
      const Turn turn = take(now, owner, words, facts_at(now.last_text_at + minutes{1}));
      EXPECT_EQ(turn.next.step, state.step) << words;
      told.push_back(turn.wants.attention);
      now = turn.next;
    }
    const std::vector<std::optional<Attention>> once = {{}, {}, Attention::wrong_answers, {}};
    EXPECT_EQ(told, once) << name_of(state.step);
    EXPECT_TRUE(now.is_handed_over);
    EXPECT_TRUE(is_stuck(now, now.last_text_at));
  }
  const State helped = after({"hi", "???", "12345", "?", "plumber in Austin"});
  EXPECT_EQ(helped.wrong_answers, 0);
  EXPECT_FALSE(helped.is_handed_over);
}

// Goal: nobody gets a number who was not let in: by the operator, by a good code, or by a setting that lets in
// all. Method: the same confirmed owner under each setting.
TEST(OnboardingTurn, LetsNobodyPastTheGateWithoutApprovalOrCode) {
  const State asked = after(to_confirm);
  Facts facts = facts_at(asked.last_text_at + minutes{1});
  EXPECT_TRUE(take(asked, owner, "yes", facts).wants.number.has_value());

  facts.activation = Activation::manual_approval;
  const Turn manual = take(asked, owner, "yes", facts);
  EXPECT_FALSE(manual.wants.number.has_value());
  EXPECT_EQ(manual.wants.attention, Attention::approval_needed);
  EXPECT_TRUE(is_waiting_for_approval(manual.next));
  EXPECT_EQ(number_found(manual.next, first_number, facts.now).next, manual.next);
  EXPECT_FALSE(take(manual.next, owner, "SPRING25", facts_at(facts.now)).next.answers.business_name.empty());
  const Turn approved = approve(manual.next, facts.now);
  EXPECT_TRUE(approved.wants.number.has_value());
  EXPECT_FALSE(is_waiting_for_approval(approved.next));
  EXPECT_FALSE(approve(approved.next, facts.now).wants.number.has_value());

  facts.activation = Activation::invite_code;
  const Turn invited = take(asked, owner, "yes", facts);
  EXPECT_FALSE(invited.wants.number.has_value());
  facts.now += minutes{1};
  EXPECT_FALSE(take(invited.next, owner, "WINTER24", facts).wants.number.has_value());
  const Turn let_in = take(invited.next, owner, "my code: spring-25", facts);
  EXPECT_TRUE(let_in.wants.number.has_value());
  EXPECT_EQ(let_in.next.invite_code, "SPRING25");
}

// Goal: an owner has one number for good, whatever is offered later.
// Method: numbers offered twice, and to owners in every step.
TEST(OnboardingTurn, KeepsTheFirstNumberItWasGiven) {
  for (const State& state : one_of_each_step()) {
    const Turn turn = number_found(state, other_number, noon);
    EXPECT_EQ(turn.next, state) << name_of(state.step);
    EXPECT_TRUE(turn.reply.empty());
  }
}

// Goal: when the pool is empty the owner is told, keeps his place on the list, and the operator is told once.
// Method: no number, twice, then one.
TEST(OnboardingTurn, PutsOwnersOnTheListWhenThePoolIsEmpty) {
  const State asked = after(to_confirm);
  const Turn wish = take(asked, owner, "yes", facts_at(noon + hours{1}));
  const Turn listed = number_found(wish.next, {}, noon + hours{1});
  EXPECT_EQ(listed.wants.attention, Attention::pool_empty);
  EXPECT_TRUE(is_waiting_for_number(listed.next));
  EXPECT_EQ(listed.next.waiting_since, noon + hours{1});
  const Turn again = number_found(listed.next, {}, noon + hours{2});
  EXPECT_FALSE(again.wants.attention.has_value());
  EXPECT_EQ(again.next.waiting_since, noon + hours{1});
  const Turn impatient = take(listed.next, owner, "hello?", facts_at(noon + hours{3}));
  EXPECT_FALSE(impatient.wants.number.has_value()) << "he would overtake those before him";
  const Turn served = number_found(again.next, first_number, noon + hours{4});
  EXPECT_EQ(served.next.number, first_number);
  EXPECT_EQ(served.next.step, Step::phone_type);
  EXPECT_FALSE(is_waiting_for_number(served.next));
}

// Goal: live is who was called, did not answer, and whose phone forwarded the call; for others the reason is told.
// Method: the same text with what the ledger may say.
TEST(OnboardingTurn, GoesLiveOnlyOnAForwardedCall) {
  const State waiting = after(to_test);
  const Instant now = waiting.last_text_at + minutes{5};
  const Turn none = take(waiting, owner, "done", facts_at(now));
  EXPECT_EQ(none.next.step, Step::test_call);
  EXPECT_NE(none.reply.find("No call has reached us"), std::string::npos);
  EXPECT_NE(none.reply.find("*92"), std::string::npos);

  Facts facts = facts_at(now, TestCall::Kind::direct);
  facts.test_call.at = now - minutes{2};
  const Turn direct = take(waiting, owner, "done", facts);
  EXPECT_EQ(direct.next.step, Step::test_call);
  EXPECT_NE(direct.reply.find("2 min ago"), std::string::npos);
  EXPECT_EQ(take(waiting, owner, "it was not forwarded", facts).next.step, Step::test_call);
  EXPECT_EQ(take(waiting, owner, "FORWARDED", facts_at(now)).next.step, Step::test_call);
  const Turn by_word = take(waiting, owner, "FORWARDED", facts);
  EXPECT_EQ(by_word.next.step, Step::live);
  EXPECT_EQ(by_word.wants.attention, Attention::forwarding_unseen);

  const Turn forwarded = take(waiting, owner, "anything", facts_at(now, TestCall::Kind::forwarded));
  EXPECT_EQ(forwarded.next.step, Step::live);
  EXPECT_TRUE(forwarded.wants.go_live);
  EXPECT_FALSE(forwarded.wants.attention.has_value());
}

// Goal: a change of what customers read reaches the client that has been made of the owner.
// Method: a correction before and after the number, and a sign-up begun again.
TEST(OnboardingTurn, TellsWhenTheProfileChanged) {
  const State asked = after(to_confirm);
  EXPECT_FALSE(take(asked, owner, "name is Ann's", facts_at(noon + hours{1})).wants.profile);
  const State served = after(to_phone);
  const Turn changed = take(served, owner, "name is Ann's", facts_at(noon + hours{1}));
  EXPECT_TRUE(changed.wants.profile);
  EXPECT_EQ(changed.next.answers.business_name, "Ann's");
  State again = after({"plumber in Austin called Joe's", "Joe", "text", "yes", "restart",
                       "plumber in Austin called Ann's", "Ann", "text"});
  const Turn confirmed = take(again, owner, "yes", facts_at(noon + hours{1}));
  EXPECT_TRUE(confirmed.wants.profile);
  EXPECT_FALSE(confirmed.wants.number.has_value());
  EXPECT_EQ(confirmed.next.step, Step::phone_type);
}

// Goal: after STOP nothing is texted, whatever happens, until START; then it goes on where it was.
// Method: STOP in every step, then texts, an approval, a number and two weeks.
TEST(OnboardingTurn, IsSilentBetweenStopAndStart) {
  for (const State& state : one_of_each_step()) {
    const State stopped = stop(state, noon + hours{1});
    EXPECT_TRUE(take(stopped, owner, "hello? yes", facts_at(noon + hours{2})).reply.empty());
    EXPECT_EQ(take(stopped, owner, "hello? yes", facts_at(noon + hours{2})).next, stopped);
    EXPECT_TRUE(approve(stopped, noon + hours{3}).reply.empty());
    EXPECT_TRUE(number_found(stopped, first_number, noon + hours{3}).reply.empty());
    EXPECT_FALSE(remind(stopped, noon + days{14}).has_value());
    EXPECT_FALSE(is_stuck(stopped, noon + days{14}));
    EXPECT_FALSE(is_waiting_for_number(stopped));
    const Turn back = start(stopped, noon + days{15});
    EXPECT_FALSE(back.reply.empty());
    EXPECT_EQ(back.next.step, state.step);
    EXPECT_EQ(take(stopped, owner, "START", facts_at(noon + days{15})).next, back.next);
  }
  EXPECT_TRUE(take(after({"hi"}), owner, "STOP", facts_at(noon + hours{1})).next.is_stopped);
}

// Goal: who was approved while he had said STOP gets his number once he is back.
// Method: STOP, approval, START.
TEST(OnboardingTurn, GivesTheNumberToWhoComesBack) {
  Facts manual = facts_at(noon);
  manual.activation = Activation::manual_approval;
  const State approved = approve(stop(after(to_phone, manual), noon + hours{1}), noon + hours{2}).next;
  EXPECT_TRUE(start(approved, noon + hours{3}).wants.number.has_value());
}

// Goal: a silent owner is reminded after one, three and seven days, then never; never while he waits for us; a
// reminder that comes late is not followed by the next at once. Method: every hour of a month is looked at, in
// every step; then one look after two weeks.
TEST(OnboardingTurn, RemindsThreeTimesAndThenIsQuiet) {
  for (const State& state : one_of_each_step()) {
    const Instant begin_at = std::max(state.last_text_at, state.step_since);
    std::vector<Duration> reminded;
    State now = state;
    for (Instant at = begin_at; at < begin_at + days{30}; at += hours{1}) {
      if (const std::optional<Turn> turn = remind(now, at)) {
        reminded.push_back(at - begin_at);
        now = turn->next;
      }
    }
    const bool is_ours = state.step == Step::number_allocation || state.step == Step::live;
    const std::vector<Duration> expected = {days{1}, days{3}, days{7}};
    EXPECT_EQ(reminded, is_ours ? std::vector<Duration>{} : expected) << name_of(state.step);
  }
  const std::optional<Turn> late = remind(after({"hi"}), noon + days{14});
  ASSERT_TRUE(late.has_value());
  EXPECT_FALSE(remind(late->next, noon + days{14} + hours{1}).has_value());
}

// Goal: an owner who stays in a step for longer than its threshold is seen; a live one never is.
// Method: just before and at the threshold, in every step.
TEST(OnboardingTurn, SeesWhoIsStuckByTheTableOfSteps) {
  for (const State& state : one_of_each_step()) {
    const std::optional<Duration> threshold = stuck_after(state.step);
    EXPECT_EQ(threshold.has_value(), state.step != Step::live);
    if (!threshold) continue;
    EXPECT_FALSE(is_stuck(state, state.step_since + *threshold - seconds{1})) << name_of(state.step);
    EXPECT_TRUE(is_stuck(state, state.step_since + *threshold)) << name_of(state.step);
  }
  EXPECT_FALSE(is_stuck(one_of_each_step().back(), noon + days{365}));
}

// Goal: the operator reads who it is and what to do, and not the owner's phone.
// Method: every reason, with a State of every step.
TEST(OnboardingTurn, TellsTheOperatorWithoutTheOwnersPhone) {
  for (const State& state : one_of_each_step()) {
    for (const Named<Attention>& row : NamesOf<Attention>::rows) {
      const std::string words = words_for_operator(state, row.value);
      EXPECT_FALSE(words.empty());
      EXPECT_EQ(words.find("5125550123"), std::string::npos) << words;
    }
  }
}

}  // namespace
}  // namespace jobrun::onboarding
