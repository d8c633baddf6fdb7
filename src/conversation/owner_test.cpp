#include "conversation/owner.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "owner_wording.hpp"

namespace jobrun::conversation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const Instant noon = from_unix_ms(1'767'441'600'000);
constexpr E164 ann = E164::from_digits(447700900123);
constexpr E164 bob = E164::from_digits(447700900456);
constexpr E164 eve = E164::from_digits(447711800123);  // ends as Ann's does

ListedConversation with(E164 customer, Step step, Duration ago = minutes{30},
                        std::string job = "boiler not working") {
  State state;
  state.step = step;
  state.job.intent = Intent::job;
  state.job.job = std::move(job);
  state.last_customer_text_at = noon - ago;
  if (step == Step::accepted || step == Step::declined) state.decided_at = noon - ago + minutes{1};
  return {.customer = customer, .state = state};
}

ListedConversation talking_with(E164 customer, Step step, Duration ago) {
  ListedConversation conversation = with(customer, step, ago);
  conversation.state.owner_wrote_at = noon - ago - minutes{1};
  return conversation;
}

/// `07700 900123` and E.164, as somebody in Great Britain writes them.
std::optional<E164> read_phone(std::string_view words) {
  std::string kept;
  for (const char c : words) {
    if (c == '+' || (c >= '0' && c <= '9')) kept += c;
  }
  if (kept.starts_with('0')) kept = "+44" + kept.substr(1);
  const Result<E164> phone = E164::parse(kept);
  return phone ? std::optional(*phone) : std::nullopt;
}

/// The world of one business at noon, with what its owner's texts change in it.
struct World {
  std::vector<ListedConversation> conversations{};
  bool is_paused = false;
  std::optional<Instant> busy_until{};
  std::optional<std::string> why_not{};
  Instant now = noon;

  OwnerFacts facts() const {
    const Instant midnight = std::chrono::floor<days>(now);
    const auto passed = std::chrono::duration_cast<minutes>(now - midnight);
    return {.now = now,
            .local = {.date = std::chrono::floor<days>(now), .time = {static_cast<int>(passed.count())}},
            .is_paused = is_paused,
            .busy_until = busy_until,
            .busy_until_words = "15:00",
            .conversations = conversations,
            .next =
                [midnight, at = now](TimeOfDay time) {
                  const Instant today = midnight + minutes{time.minutes};
                  return today > at ? today : today + days{1};
                },
            .read_phone = read_phone,
            .why_not_text = [this](E164) { return why_not; }};
  }
  OwnerTurn ask(const OwnerCommand& command) const { return take_owner_text(command, facts()); }
  OwnerTurn ask(std::string_view words) const { return ask(read_owner_command(words)); }
  OwnerTurn take(const OwnerCommand& command) {
    const OwnerTurn turn = ask(command);
    if (turn.customer) conversations[turn.customer->conversation].state = turn.customer->next;
    if (turn.paused) is_paused = *turn.paused;
    if (turn.is_busy_over) busy_until.reset();
    if (turn.busy_until) busy_until = turn.busy_until;
    return turn;
  }
  OwnerTurn take(std::string_view words) { return take(read_owner_command(words)); }
};

std::optional<std::size_t> place_of(const OwnerTurn& turn) {
  return turn.customer ? std::optional(turn.customer->conversation) : std::nullopt;
}

std::optional<Phrase> phrase_of(const OwnerTurn& turn) {
  return turn.customer ? turn.customer->phrase : std::nullopt;
}

bool texts_nobody(const OwnerTurn& turn) {
  return !turn.customer || (!turn.customer->phrase && turn.customer->words.empty());
}

// Goal: all numbers of a card are skipped, each once, those that can be read. Method: four, of which one is there
// twice and one is none.
TEST(OwnerTurn, SkipsAllNumbersOfACard) {
  const OwnerTurn turn = World{}.ask(
      "BEGIN:VCARD\nTEL:+447700900123\nTEL:07700 900123\nTEL:12345678901234567\nTEL:+447700900456\nEND:VCARD");
  ASSERT_EQ(turn.phones.size(), 2U);
  EXPECT_EQ(turn.phones[0].phone, ann);
  EXPECT_EQ(turn.phones[1].phone, bob);
  EXPECT_EQ(turn.reply, wording::skipped(std::vector{ann, bob}, true));
}

// --- accept and decline --------------------------------------------------------------------------

// Goal: the only job that waits is accepted or declined, the customer is told, and all phones of the business.
// Method: both commands, beside conversations in which nothing waits.
TEST(OwnerTurn, DecidesTheOnlyJobThatWaits) {
  const World world{
      .conversations = {with(bob, Step::accepted, hours{30}), with(ann, Step::told), with(eve, Step::asked)}};
  const OwnerTurn accepted = world.ask("yes");
  ASSERT_TRUE(accepted.customer);
  EXPECT_EQ(place_of(accepted), 1U);
  EXPECT_EQ(accepted.customer->phrase, Phrase::text_accepted);
  EXPECT_EQ(accepted.customer->next.step, Step::accepted);
  EXPECT_EQ(accepted.customer->next.decided_at, noon);
  EXPECT_EQ(
      accepted.notice,
      "Accepted: boiler not working for +447700900123. Call +447700900123, or reply here and we pass it on.");
  EXPECT_EQ(accepted.reply, "");
  const OwnerTurn declined = world.ask("2");
  ASSERT_TRUE(declined.customer);
  EXPECT_EQ(declined.customer->phrase, Phrase::text_declined);
  EXPECT_EQ(declined.customer->next.step, Step::declined);
  EXPECT_EQ(declined.notice, "Declined: boiler not working for +447700900123.");
}

// Goal: where several jobs wait and none is named, he is asked which, and nothing is done.
// Method: two that wait, one of which shares its last digits with a third; then each by the digits that were
// shown.
TEST(OwnerTurn, AsksWhichOfSeveral) {
  const World world{.conversations = {with(ann, Step::told), with(bob, Step::told, hours{2}, "leaking tap"),
                                      with(eve, Step::accepted)}};
  for (const std::string_view words : {"yes", "no", "1", "yes 0123"}) {
    const OwnerTurn turn = world.ask(words);
    EXPECT_FALSE(turn.customer) << words;
    EXPECT_EQ(turn.notice, "") << words;
    EXPECT_TRUE(turn.reply.starts_with("Which one?")) << turn.reply;
  }
  EXPECT_EQ(
      world.ask("yes").reply,
      "Which one? Reply for example YES 900123: 900123 (boiler not working), 0456 (leaking tap). Nothing is done "
      "yet.");
  EXPECT_EQ(place_of(world.ask("yes 900123")), 0U);
  EXPECT_EQ(place_of(world.ask("yes 07700 900123")), 0U);
  EXPECT_EQ(place_of(world.ask("no 0456")), 1U);
}

// Goal: a phone in full names one, though another's ends with the same digits.
// Method: two phones, one of which is the end of the other; the digits that a list shows for each.
TEST(OwnerTurn, APhoneInFullNamesOne) {
  const World world{.conversations = {with(E164::from_digits(7700900123), Step::told), with(ann, Step::told)}};
  EXPECT_TRUE(world.ask("yes").reply.contains("7700900123 (boiler")) << world.ask("yes").reply;
  EXPECT_EQ(place_of(world.ask("yes 7700900123")), 0U);
  EXPECT_EQ(place_of(world.ask("yes 447700900123")), 1U);
  EXPECT_FALSE(world.ask("yes 900123").customer);
}

// Goal: a list names at most four, and says that there are more.
// Method: six that wait.
TEST(OwnerTurn, ListsFourAtMost) {
  World world;
  for (std::uint64_t digits = 447700900100; digits < 447700900106; ++digits) {
    world.conversations.push_back(with(E164::from_digits(digits), Step::told));
  }
  const std::string reply = world.ask("yes").reply;
  EXPECT_EQ(std::ranges::count(reply, '('), 4);
  EXPECT_TRUE(reply.contains(", ...")) << reply;
}

// Goal: a decision said again says what holds, and texts nobody.
// Method: each decision twice, named and not, also where a half-told job or one long forgotten would come next.
TEST(OwnerTurn, ADecisionSaidAgainTextsNobody) {
  for (const std::string_view words : {"yes", "no", "yes 0456", "no 0456"}) {
    World world{.conversations = {with(bob, Step::told), with(ann, Step::asked), with(eve, Step::told, days{20})}};
    EXPECT_FALSE(texts_nobody(world.take(words))) << words;
    const OwnerTurn again = world.take(words);
    EXPECT_FALSE(again.customer) << words;
    EXPECT_EQ(again.notice, "") << words;
    EXPECT_TRUE(again.reply.starts_with("Already ")) << again.reply;
  }
}

// Goal: of two jobs decided at the same moment, the word that was said is about the one that it fits.
// Method: one accepted and one declined at once; both words.
TEST(OwnerTurn, OfTwoDecidedAtOnceNeitherIsChanged) {
  const World world{.conversations = {with(ann, Step::accepted), with(bob, Step::declined)}};
  for (const std::string_view words : {"yes", "no"}) EXPECT_FALSE(world.ask(words).customer) << words;
}

// Goal: he may change his mind, and the customer hears of it.
// Method: yes and no after each other, named and not.
TEST(OwnerTurn, ADecisionCanBeChanged) {
  World world{.conversations = {with(ann, Step::accepted), with(bob, Step::declined, hours{30})}};
  EXPECT_EQ(phrase_of(world.take("no")), Phrase::text_declined);
  EXPECT_EQ(phrase_of(world.take("yes")), Phrase::text_accepted);
  const OwnerTurn named = world.take("yes 0456");
  EXPECT_EQ(place_of(named), 1U);
  EXPECT_EQ(phrase_of(named), Phrase::text_accepted);
}

// Goal: a bare word that may answer a customer's question changes no decision and gives no job away.
// Method: "no" to a customer he has talked with since he accepted; "yes" while another has just written to him.
TEST(OwnerTurn, AWordWithinATalkIsAskedAbout) {
  World talked{.conversations = {talking_with(ann, Step::accepted, minutes{5})}};
  talked.conversations[0].state.decided_at = noon - hours{1};
  const OwnerTurn no = talked.ask("no");
  EXPECT_FALSE(no.customer);
  EXPECT_TRUE(no.reply.contains("reply NO 0123")) << no.reply;
  EXPECT_EQ(phrase_of(talked.ask("no 0123")), Phrase::text_declined);

  const World another{
      .conversations = {talking_with(ann, Step::accepted, minutes{2}), with(bob, Step::told, minutes{20})}};
  EXPECT_FALSE(another.ask("yes").customer);
  EXPECT_TRUE(another.ask("yes").reply.starts_with("Which one?"));
  const World newer{
      .conversations = {with(bob, Step::told, minutes{1}), talking_with(ann, Step::accepted, minutes{2})}};
  EXPECT_EQ(place_of(newer.ask("yes")), 0U);
}

// Goal: a name that is nobody's, a job that was cancelled or never told: nothing is done, and he is told why.
// Method: each, by both commands.
TEST(OwnerTurn, DecidesNothingForTheWrongOne) {
  const World world{.conversations = {with(ann, Step::told), with(bob, Step::cancelled),
                                      with(E164::from_digits(447700900789), Step::quiet)}};
  for (const std::string_view key : {"yes ", "no "}) {
    const auto reply = [&](std::string_view digits) {
      const OwnerTurn turn = world.ask(std::string(key) + std::string(digits));
      EXPECT_FALSE(turn.customer) << digits;
      EXPECT_EQ(turn.notice, "");
      return turn.reply;
    };
    EXPECT_TRUE(reply("9999").starts_with("No customer with the number 9999"));
    EXPECT_TRUE(reply("07700 900999").starts_with("No customer with the number 07700900999"));
    EXPECT_TRUE(reply("0456").starts_with("The customer has cancelled"));
    EXPECT_TRUE(reply("0789").starts_with("No job is known yet"));
  }
}

// Goal: where nothing waits and nothing was decided of late, he is told so, with help.
// Method: no conversation; one decided two days ago.
TEST(OwnerTurn, SaysThatNothingWaits) {
  for (const World& world : {World{}, World{.conversations = {with(ann, Step::accepted, days{2})}}}) {
    const OwnerTurn turn = world.ask("yes");
    EXPECT_FALSE(turn.customer);
    EXPECT_EQ(turn.reply, wording::nothing_waits());
  }
}

// Goal: who has been asked and has not answered can be accepted all the same, and a job long forgotten too.
// Method: only such ones.
TEST(OwnerTurn, DecidesWhatHasWaitedLong) {
  EXPECT_TRUE(World{.conversations = {with(ann, Step::asked)}}.ask("yes").customer);
  EXPECT_TRUE(World{.conversations = {with(ann, Step::told, days{20})}}.ask("yes").customer);
  const World fresh_too{.conversations = {with(bob, Step::told), with(ann, Step::told, days{20})}};
  EXPECT_EQ(place_of(fresh_too.ask("yes")), 0U);
}

// Goal: where the customer may not be texted, the decision holds and the owner knows that he has to call.
// Method: both commands, with a reason.
TEST(OwnerTurn, ADecisionHoldsWithoutAText) {
  const World world{.conversations = {with(ann, Step::told)}, .why_not = "he has opted out"};
  for (const std::string_view words : {"yes", "no"}) {
    const OwnerTurn turn = world.ask(words);
    ASSERT_TRUE(turn.customer);
    EXPECT_NE(turn.customer->next.step, Step::told);
    EXPECT_TRUE(texts_nobody(turn));
    EXPECT_EQ(turn.reply, "The customer was not texted: he has opted out. Please call +447700900123.");
    EXPECT_NE(turn.notice, "");
  }
}

// Goal: a customer who texted two numbers of the business is one customer.
// Method: two conversations with the same phone, both waiting; the one that was last spoken in is meant.
TEST(OwnerTurn, OneCustomerOnTwoNumbersIsOne) {
  const World world{.conversations = {with(ann, Step::told, minutes{50}), with(ann, Step::told, minutes{5})}};
  EXPECT_EQ(place_of(world.ask("yes")), 1U);
  EXPECT_EQ(place_of(world.ask("yes 0123")), 1U);
}

// --- words for a customer ------------------------------------------------------------------------

// Goal: the owner's words reach the customer as they are, and nobody is told more.
// Method: words with what phones put into them, to a named one and to the one who spoke last.
TEST(OwnerTurn, PassesWordsOnAsTheyAre) {
  const World world{.conversations = {with(ann, Step::told, hours{2}), with(bob, Step::accepted, days{3})}};
  const OwnerTurn turn = world.ask("I\u2019ll be there at 3 \U0001F44D\nJoe");
  ASSERT_TRUE(turn.customer);
  EXPECT_EQ(place_of(turn), 0U);
  EXPECT_EQ(turn.customer->words, "I\u2019ll be there at 3 \U0001F44D\nJoe");
  EXPECT_FALSE(turn.customer->phrase);
  EXPECT_EQ(turn.customer->next.owner_wrote_at, noon);
  EXPECT_EQ(turn.customer->next.step, Step::told);
  EXPECT_EQ(turn.reply, "");
  EXPECT_EQ(turn.notice, "");
  EXPECT_EQ(place_of(world.ask("@0456 on my way")), 1U);
  EXPECT_EQ(place_of(world.ask("to 07700 900456: on my way")), 1U);
}

// Goal: words reach nobody where it is unclear for whom they are.
// Method: two customers who wrote within ten minutes; the digits of another within the words; digits that two
// share.
TEST(OwnerTurn, AsksForWhomWordsAre) {
  const World both{.conversations = {with(ann, Step::told, minutes{2}), with(bob, Step::told, minutes{9})}};
  EXPECT_FALSE(both.ask("see you at 3").customer);
  EXPECT_TRUE(both.ask("see you at 3").reply.starts_with("For whom? Write for example @0123"));
  EXPECT_EQ(place_of(both.ask("@0456 see you at 3")), 1U);

  const World with_one{
      .conversations = {with(ann, Step::told, minutes{2}), talking_with(bob, Step::accepted, minutes{9})}};
  EXPECT_EQ(place_of(with_one.ask("see you at 3")), 1U);

  const World earlier{.conversations = {with(ann, Step::told, minutes{2}), with(bob, Step::told, minutes{11})}};
  EXPECT_EQ(place_of(earlier.ask("see you at 3")), 0U);
  EXPECT_FALSE(earlier.ask("yes 0456 see you at 3").customer);
  EXPECT_TRUE(earlier.ask("yes 0456 see you at 3").reply.contains("@0456"));

  const World shared{.conversations = {with(ann, Step::told), with(eve, Step::told, hours{3})}};
  EXPECT_FALSE(shared.ask("@0123 see you at 3").customer);
  EXPECT_EQ(place_of(shared.ask("@800123 see you at 3")), 1U);
}

// Goal: words that cannot be passed on are said to have stayed, and why.
// Method: nobody who talks; a name that is nobody's; a full phone that is nobody's; opted out; too long; none.
TEST(OwnerTurn, SaysWhyWordsWereNotPassedOn) {
  const World quiet{.conversations = {with(ann, Step::told, days{8})}};
  const auto reply = [](const World& world, std::string_view words) {
    const OwnerTurn turn = world.ask(words);
    EXPECT_FALSE(turn.customer) << words;
    return turn.reply;
  };
  EXPECT_EQ(reply(quiet, "see you at 3"), wording::nobody_to_tell());
  EXPECT_EQ(reply(World{}, "see you at 3"), wording::nobody_to_tell());
  EXPECT_TRUE(quiet.ask("@0123 see you at 3").customer);
  EXPECT_TRUE(reply(quiet, "@9999 see you").starts_with("No customer with the number 9999"));
  EXPECT_TRUE(reply(quiet, "to 07700 900999: see you").starts_with("No customer with the number 07700900999"));
  EXPECT_TRUE(reply(quiet, "@0123").starts_with("Write what to tell"));
  EXPECT_EQ(reply(quiet, "@0123 " + std::string(1'600, 'x')), wording::words_too_long());
  World out{.conversations = {with(ann, Step::told)}, .why_not = "he has opted out"};
  EXPECT_EQ(reply(out, "see you at 3"),
            "Not passed on. The customer was not texted: he has opted out. Please call +447700900123.");
}

// Goal: `ok` and the like, said to us, are no text to a customer, unless he talks with one.
// Method: such words with nobody in talk, and in a talk.
TEST(OwnerTurn, SmallWordsArePassedOnWithinATalkOnly) {
  const World waiting{.conversations = {with(ann, Step::told)}};
  const World in_talk{.conversations = {talking_with(ann, Step::accepted, hours{1})}};
  for (const std::string_view words : {"ok", "Thanks!", "thank you", "3", "\u2764\uFE0F", "..."}) {
    EXPECT_EQ(waiting.ask(words).reply, wording::help()) << words;
    EXPECT_FALSE(waiting.ask(words).customer) << words;
    ASSERT_TRUE(in_talk.ask(words).customer) << words;
    EXPECT_EQ(in_talk.ask(words).customer->words, words);
  }
}

// --- whether he works ----------------------------------------------------------------------------

// Goal: pause and resume say what holds, change it once, and change nothing when said again.
// Method: each twice.
TEST(OwnerTurn, PausesAndResumes) {
  World world;
  EXPECT_EQ(world.ask("pause").paused, true);
  EXPECT_EQ(world.take("pause").reply, "Paused: callers get no texts until you reply RESUME.");
  EXPECT_EQ(world.ask("pause").paused, std::nullopt);
  EXPECT_EQ(world.ask("pause").reply, wording::paused());
  EXPECT_EQ(world.ask("resume").paused, false);
  world.busy_until = noon + hours{1};
  EXPECT_TRUE(world.ask("resume").is_busy_over);
  EXPECT_EQ(world.take("resume").reply, wording::working());
  EXPECT_EQ(world.ask("resume").paused, std::nullopt);
  EXPECT_FALSE(world.ask("resume").is_busy_over);
}

// Goal: he is busy until the time that he says next comes, and what is no time changes nothing.
// Method: times before and after noon, of twelve hours and of twenty-four, spans, none.
TEST(OwnerTurn, IsBusyUntilThen) {
  World world;
  const std::vector<std::pair<std::string, Duration>> rows = {
      {"busy until 3pm", hours{3}},  {"busy until 3", hours{3}}, {"back at 11", hours{11}},
      {"busy until 9am", hours{21}}, {"busy 2 hours", hours{2}}, {"busy until midnight", hours{12}}};
  for (const auto& [words, ahead] : rows) EXPECT_EQ(world.ask(words).busy_until, noon + ahead) << words;
  EXPECT_EQ(world.ask("busy 2 hours").reply,
            "Busy until 14:00: callers are told that you will get back to them then. RESUME ends it.");
  EXPECT_EQ(world.ask("busy").busy_until, std::nullopt);
  EXPECT_EQ(world.ask("busy").reply, wording::until_when());
  EXPECT_EQ(world.ask("busy until whenever").reply, wording::help());
  world.take("busy until 3pm");
  EXPECT_EQ(world.ask("busy until 3pm").busy_until, std::nullopt);
  EXPECT_EQ(world.ask("busy until 3pm").reply, wording::busy("15:00", false));
  EXPECT_EQ(world.ask("busy").reply, wording::busy("15:00", false));
}

// Goal: the status says whether he works and which jobs are open, three of them in lines.
// Method: no job; five of which four are open.
TEST(OwnerTurn, TellsTheStatus) {
  World world;
  EXPECT_EQ(world.ask("status").reply, "Working: callers you miss are texted. No open jobs.");
  world.conversations = {with(bob, Step::accepted), with(ann, Step::told), with(eve, Step::declined),
                         with(E164::from_digits(447700900789), Step::told),
                         with(E164::from_digits(447700900321), Step::told)};
  world.is_paused = true;
  EXPECT_EQ(
      world.ask("status").reply,
      "Paused: callers get no texts until you reply RESUME. 4 open jobs:\n900123 boiler not working (waits)\n0789 "
      "boiler not working (waits)\n0321 boiler not working (waits)");
  world.busy_until = noon + hours{3};
  EXPECT_TRUE(world.ask("status").reply.starts_with("Busy until 15:00, and paused"));
}

// Goal: even the longest answers are two segments.
// Method: long jobs of customers whose phones differ in their first digit, a time that is none, a long reason.
TEST(OwnerTurn, TheLongestAnswersAreTwoSegments) {
  std::vector<ListedConversation> all;
  for (std::uint64_t first = 1; first <= 5; ++first) {
    const std::uint64_t digits = first * 100'000'000'000'000 + 77'009'001'234'567;
    all.push_back(with(E164::from_digits(digits), Step::accepted, minutes{5}, std::string(300, '[')));
  }
  const std::vector<std::size_t> places = {0, 1, 2, 3, 4};
  const std::string why(300, 'w');
  for (const std::string& words :
       {wording::status(wording::busy("15:00", true), places, all), wording::busy(std::string(400, '5'), true),
        wording::which_decision(Decision::accept, places, all), wording::which_customer(places, all),
        wording::confirm_change(Decision::decline, 0, all), wording::decided(Decision::accept, all.front()),
        wording::already_decided(Decision::accept, all.front()), wording::not_passed_on(all.front(), why),
        wording::was_cancelled(all.front()), wording::nobody_named(std::string(300, '1')),
        wording::no_words_for(std::string(300, '1')), wording::how_to_skip(), wording::nobody_to_tell()}) {
    EXPECT_LE(measure_text(words).units, owner_reply_units_max) << words;
  }
}

// --- numbers -------------------------------------------------------------------------------------

// Goal: a number is skipped or blocked once it is certain which is meant; else he is told how to write it.
// Method: full numbers, digits of a customer, digits of two, and what is no number.
TEST(OwnerTurn, SkipsAndBlocksNumbers) {
  const World world{.conversations = {with(ann, Step::told), with(bob, Step::told), with(eve, Step::quiet)}};
  const auto change = [&](std::string_view words) {
    const std::vector<OwnerTurn::PhoneChange> phones = world.ask(words).phones;
    return phones.empty() ? std::nullopt : std::optional(phones.front());
  };
  ASSERT_TRUE(change("skip 07700 900999"));
  EXPECT_EQ(change("skip 07700 900999")->phone, E164::from_digits(447700900999));
  EXPECT_FALSE(change("skip 07700 900999")->is_block);
  EXPECT_TRUE(change("skip 07700 900999")->holds);
  EXPECT_FALSE(change("unskip 07700 900999")->holds);
  EXPECT_EQ(change("Mum\n07700 900999")->phone, E164::from_digits(447700900999));
  EXPECT_EQ(change("block 0456")->phone, bob);
  EXPECT_TRUE(change("block 0456")->is_block);
  EXPECT_FALSE(change("unblock 0456")->holds);
  EXPECT_FALSE(change("block 0123"));
  EXPECT_TRUE(world.ask("block 0123").reply.starts_with("For whom?"));
  for (const std::string_view words : {"skip", "skip 99", "skip 9999", "skip 123456789012345678"}) {
    EXPECT_FALSE(change(words)) << words;
    EXPECT_EQ(world.ask(words).reply, wording::how_to_skip()) << words;
  }
  EXPECT_EQ(world.ask("block 9999").reply, wording::how_to_block());
}

// --- anything ------------------------------------------------------------------------------------

rc::Gen<std::vector<ListedConversation>> any_conversations() {
  return rc::gen::exec([] {
    std::vector<ListedConversation> all;
    const auto count = *rc::gen::inRange<std::size_t>(0, 8);
    for (std::size_t at = 0; at < count; ++at) {
      const std::uint64_t digits = *rc::gen::element<std::uint64_t>(447700900123, 447711800123, 447700900456,
                                                                    15125550123, 35315550100, 447700900999);
      const bool is_listed = std::ranges::any_of(
          all, [&](const ListedConversation& other) { return other.customer.digits() == digits; });
      if (is_listed) continue;
      ListedConversation conversation =
          with(E164::from_digits(digits), NamesOf<Step>::rows.at(*rc::gen::inRange<std::size_t>(0, 6)).value,
               *rc::gen::element<Duration>(minutes{1}, minutes{9}, hours{5}, days{3}, days{20}),
               *rc::gen::oneOf(rc::gen::arbitrary<std::string>(), rc::gen::just(std::string(300, '[')),
                               rc::gen::element<std::string>(
                                   "leaking tap", "\u0442\u0435\u0447\u0435\u0442 \u043A\u0440\u0430\u043D")));
      conversation.state.job.place = *rc::gen::arbitrary<std::string>();
      if (*rc::gen::inRange(0, 3) == 0) {
        conversation.state.owner_wrote_at = noon - *rc::gen::element<Duration>(minutes{2}, hours{20}, days{6});
      }
      all.push_back(conversation);
    }
    return all;
  });
}

rc::Gen<std::string> any_words() {
  return rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                        rc::gen::element<std::string>(
                            "yes", "no", "1", "2", "yes 0123", "no 0456", "accept 900123", "@0123 see you",
                            "see you at 3", "pause", "resume", "status", "busy", "busy until 3pm", "help",
                            "skip 07700900123", "block 0456", "@9999 hello", "ok", "@0123 1", "unblock 0123"));
}

World any_world() {
  World world{.conversations = *any_conversations(), .is_paused = *rc::gen::arbitrary<bool>()};
  if (*rc::gen::arbitrary<bool>()) world.busy_until = noon + hours{*rc::gen::inRange(-3, 3)};
  if (*rc::gen::inRange(0, 4) == 0) world.why_not = *rc::gen::arbitrary<std::string>();
  return world;
}

// Goal: every text of his is answered, or has reached somebody; no answer is longer than two segments.
// Method: any words in any world.
TEST(OwnerTurn, IsAlwaysHeardAndAnsweredShortly) {
  EXPECT_TRUE(rc::check([] {
    const World world = any_world();
    const OwnerTurn turn = world.ask(*any_words());
    RC_ASSERT(!turn.reply.empty() || !turn.notice.empty() || !texts_nobody(turn));
    for (const std::string& words : {turn.reply, turn.notice}) {
      const TextSize size = measure_text(words);
      RC_ASSERT(size.encoding == TextEncoding::gsm7);
      RC_ASSERT(size.units <= owner_reply_units_max);
    }
    if (turn.customer) {
      RC_ASSERT(turn.customer->conversation < world.conversations.size());
      RC_ASSERT(is_clean_utf8(turn.customer->words));
      RC_ASSERT(!turn.customer->phrase || turn.customer->words.empty());
    }
  }));
}

// Goal: each command is safe to repeat: the second time no customer is texted and nothing changes.
// Method: any words twice in any world; words for a customer apart, which he may say twice.
TEST(OwnerTurn, ACommandSaidTwiceTextsOnce) {
  EXPECT_TRUE(rc::check([] {
    World world = any_world();
    const OwnerCommand command = read_owner_command(*any_words());
    if (std::holds_alternative<Relay>(command)) return;
    world.take(command);
    const OwnerTurn again = world.take(command);
    RC_ASSERT(!again.customer.has_value());
    RC_ASSERT(again.notice.empty());
    RC_ASSERT(!again.paused.has_value());
    RC_ASSERT(!again.is_busy_over);
    RC_ASSERT(!again.busy_until.has_value());
  }));
}

// Goal: a customer who was not named never gets what was for another.
// Method: any command that names somebody, in any world; whoever is texted has those digits at the end of his
// phone, and nobody else has.
TEST(OwnerTurn, OnlyTheNamedCustomerIsTexted) {
  EXPECT_TRUE(rc::check([] {
    const World world = any_world();
    const auto digits =
        *rc::gen::element<std::string>("0123", "900123", "0456", "9999", "447700900999", "123", "100");
    const auto form = *rc::gen::element<std::string>("yes ", "no ", "@", "to ");
    const OwnerTurn turn = world.ask(form + digits + (form == "@" || form == "to " ? ": see you" : ""));
    if (!turn.customer) return;
    const auto has_digits = [&](const ListedConversation& conversation) {
      return std::to_string(conversation.customer.digits()).ends_with(digits);
    };
    RC_ASSERT(has_digits(world.conversations[turn.customer->conversation]));
    RC_ASSERT(std::ranges::count_if(world.conversations, has_digits) == 1);
  }));
}

}  // namespace
}  // namespace jobrun::conversation
