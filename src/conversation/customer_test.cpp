#include "conversation/customer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "summary.hpp"

namespace jobrun::conversation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using About = OwnerNotice::About;

const Instant noon = from_unix_ms(1'767'441'600'000);

/// One text, as it was read.
struct Said {
  Intake read{};
  std::string words{};
  std::size_t media = 0;
};

Said a_job(std::string words, std::optional<Topic> topic = std::nullopt) {
  return {.read = {.intent = Intent::job, .topic = topic, .job = words}, .words = words};
}
Said said(Intent intent, std::string words) {
  return {.read = {.intent = intent}, .words = std::move(words)};
}
Said danger(Danger kind, std::string words) {
  return {.read = {.intent = Intent::job, .danger = kind}, .words = std::move(words)};
}

const Said boiler = a_job("boiler not working", Topic::boiler);
const Said gas = danger(Danger::gas, "I smell gas in the kitchen");
const Said hello = said(Intent::chat, "hello there");
const Said thanks = said(Intent::thanks, "thanks a lot");

CustomerTurn take(const State& before, const Said& text, Instant now = noon) {
  return take_customer_text(before, text.read, text.words,
                            {.now = now, .phone = "+447700900123", .media = text.media});
}

State in_step(Step step) {
  State state;
  state.step = step;
  state.job = boiler.read;
  state.last_customer_text_at = noon - hours{1};
  const bool is_decided = step == Step::accepted || step == Step::declined;
  if (is_decided) state.decided_at = noon - minutes{30};
  if (step == Step::told || is_decided) state.told_at = noon - hours{1};
  if (step == Step::asked) {
    state.was_asked = true;
    state.job = {};
  }
  if (step == Step::quiet) state = {};
  return state;
}

std::vector<Step> all_steps() {
  std::vector<Step> steps;
  for (const auto& row : NamesOf<Step>::rows) steps.push_back(row.value);
  return steps;
}

const std::vector<Step> known_steps = {Step::told, Step::accepted, Step::declined};

State talking(Step step) {
  State state = in_step(step);
  state.owner_wrote_at = noon - hours{47};
  return state;
}

std::optional<Phrase> phrase_of(const CustomerTurn& turn) {
  return turn.reply ? std::optional(turn.reply->phrase) : std::nullopt;
}
std::optional<About> about_of(const CustomerTurn& turn) {
  return turn.notice ? std::optional(turn.notice->about) : std::nullopt;
}

// --- help and danger -----------------------------------------------------------------------------

// Goal: somebody who writes more than people do is marked so, in whatever he says and whatever job it is of, until
// ten minutes are over. Method: 25 texts of two kinds; then one ten minutes later.
TEST(Customer, WhoWritesByTheDozenIsMarked) {
  State state;
  for (int count = 1; count <= 25; ++count) {
    const CustomerTurn turn = take(state, count % 2 == 0 ? gas : boiler, noon + seconds{count});
    ASSERT_TRUE(turn.notice);
    EXPECT_EQ(turn.notice->is_one_of_many, count > 20) << count;
    state = turn.next;
  }
  const CustomerTurn later = take(state, gas, noon + minutes{11});
  ASSERT_TRUE(later.notice);
  EXPECT_FALSE(later.notice->is_one_of_many);
}

// Goal: HELP is answered with who we are and changes nothing; where the carrier has answered, we do not.
// Method: HELP in every step, with and without the carrier's answer.
TEST(Customer, HelpIsAnsweredAndChangesNothing) {
  for (const Step step : all_steps()) {
    const State before = in_step(step);
    CustomerFacts facts{.now = noon, .asks_for_help = true};
    const CustomerTurn turn = take_customer_text(before, gas.read, "HELP", facts);
    EXPECT_EQ(phrase_of(turn), Phrase::text_help);
    EXPECT_EQ(turn.next, before);
    EXPECT_FALSE(turn.notice);
    facts.is_helped = true;
    EXPECT_FALSE(take_customer_text(before, gas.read, "HELP", facts).reply);
  }
}

// Goal: danger comes before everything else: he is told what to do, and the owner at once.
// Method: each danger in each step, also while owner and customer talk, and read as any other intent.
TEST(Customer, DangerIsAnsweredAndToldFirstInEveryStep) {
  for (const Step step : all_steps()) {
    for (const State& before : {in_step(step), talking(step)}) {
      for (const auto& intent : NamesOf<Intent>::rows) {
        Said text = gas;
        text.read.intent = intent.value;
        const CustomerTurn turn = take(before, text);
        EXPECT_EQ(phrase_of(turn), Phrase::text_danger) << name_of(step) << " " << intent.name;
        ASSERT_EQ(about_of(turn), About::danger) << name_of(step) << " " << intent.name;
        EXPECT_TRUE(turn.notice->summary.starts_with("GAS: ")) << turn.notice->summary;
        EXPECT_EQ(turn.next.step, Step::told);
      }
    }
  }
}

// Goal: each danger is named to the owner in capitals, first.
// Method: one text per danger.
TEST(Customer, DangerIsNamedInCapitals) {
  const std::vector<std::pair<Danger, std::string>> rows = {{Danger::gas, "GAS: "},
                                                            {Danger::carbon_monoxide, "CARBON MONOXIDE: "},
                                                            {Danger::fire, "FIRE: "},
                                                            {Danger::flooding, "FLOODING: "},
                                                            {Danger::no_heating, "NO HEATING: "}};
  for (const auto& [kind, label] : rows) {
    const CustomerTurn turn = take({}, danger(kind, "please hurry up"));
    EXPECT_EQ(turn.notice->summary, label + "\"please hurry up\"");
  }
}

// Goal: the same danger is answered once in 2 minutes, and again after that; the owner hears every text of it.
// Method: the same danger after 1 minute, after 3 and after 6; another danger after 1 minute.
TEST(Customer, TheSameDangerIsAnsweredAgainAfterTwoMinutes) {
  const CustomerTurn first = take({}, gas);
  const CustomerTurn soon = take(first.next, gas, noon + minutes{1});
  EXPECT_FALSE(soon.reply);
  EXPECT_EQ(about_of(soon), About::more);
  EXPECT_TRUE(soon.notice->summary.starts_with("GAS: "));
  const CustomerTurn second = take(soon.next, gas, noon + minutes{3});
  EXPECT_EQ(phrase_of(second), Phrase::text_danger);
  EXPECT_EQ(phrase_of(take(second.next, gas, noon + minutes{6})), Phrase::text_danger);
  const CustomerTurn worse = take(first.next, danger(Danger::fire, "and now it burns"), noon + minutes{1});
  EXPECT_EQ(phrase_of(worse), Phrase::text_danger);
  EXPECT_EQ(about_of(worse), About::danger);
}

// Goal: an answer to something else never stands for that to a danger.
// Method: gas, then a job's words that are answered, then gas within 2 minutes of that answer.
TEST(Customer, AnotherAnswerDoesNotSilenceDanger) {
  State state = take({}, gas).next;
  state = take(state, a_job("the address is 14 Mill Lane"), noon + minutes{15}).next;
  EXPECT_EQ(state.replied_at, noon + minutes{15});
  EXPECT_EQ(phrase_of(take(state, gas, noon + minutes{16})), Phrase::text_danger);
}

// --- while they talk -----------------------------------------------------------------------------

// Goal: what a customer says while the owner talks with him reaches the owner, and we keep out of it.
// Method: every intent in every step, 47 hours after the owner wrote; 49 hours after, the usual rules hold.
TEST(Customer, WordsGoToTheOwnerWhileTheyTalk) {
  for (const Step step : all_steps()) {
    for (const auto& intent : NamesOf<Intent>::rows) {
      const CustomerTurn turn = take(talking(step), said(intent.value, "ok see you at three"));
      ASSERT_EQ(about_of(turn), About::words) << name_of(step) << " " << intent.name;
      EXPECT_FALSE(turn.reply);
      EXPECT_EQ(turn.notice->summary.ends_with("\"ok see you at three\""), true) << turn.notice->summary;
    }
  }
  State later = talking(Step::told);
  later.owner_wrote_at = noon - hours{49};
  EXPECT_FALSE(take(later, thanks).notice);
}

// Goal: a job that comes up while they talk can be accepted, and one cancelled then can not.
// Method: a job to an owner who wrote first; a cancellation of an accepted one.
TEST(Customer, AJobIsFollowedWhileTheyTalk) {
  State wrote_first;
  wrote_first.owner_wrote_at = noon - minutes{5};
  EXPECT_EQ(take(wrote_first, boiler).next.step, Step::told);
  EXPECT_EQ(take(wrote_first, hello).next.step, Step::quiet);
  EXPECT_EQ(take(talking(Step::accepted), boiler).next.step, Step::accepted);
  EXPECT_EQ(take(talking(Step::accepted), said(Intent::cancel, "no need any more")).next.step, Step::cancelled);
}

// --- the beginning -------------------------------------------------------------------------------

// Goal: a job that can be acted upon is confirmed in his words and told to the owner.
// Method: a topic alone; no topic but three words; with place and time.
TEST(Customer, AClearJobIsConfirmedAndTold) {
  for (const Said& text : {a_job("boiler", Topic::boiler), a_job("the thing broke")}) {
    const CustomerTurn turn = take({}, text);
    EXPECT_EQ(phrase_of(turn), Phrase::text_job_confirmed);
    EXPECT_EQ(turn.reply->job, text.words);
    EXPECT_EQ(about_of(turn), About::job);
    EXPECT_EQ(turn.next.step, Step::told);
    EXPECT_EQ(turn.next.told_at, noon);
    EXPECT_FALSE(turn.next.was_asked);
  }
  Said whole = boiler;
  whole.read.place = "14 Mill Lane";
  EXPECT_EQ(take({}, whole).reply->job, "boiler not working, 14 Mill Lane");
}

// Goal: where it is unclear what he needs, he is asked, once; whatever he says then goes to the owner.
// Method: two words without a topic, and a greeting; then every intent but those that end it.
TEST(Customer, IsAskedOnceAndThenPassedOn) {
  for (const Said& text : {a_job("plumber please"), a_job(""), hello}) {
    const CustomerTurn asked = take({}, text);
    EXPECT_EQ(phrase_of(asked), Phrase::text_job_question) << text.words;
    EXPECT_FALSE(asked.notice);
    EXPECT_EQ(asked.next.step, Step::asked);
    EXPECT_TRUE(asked.next.was_asked);
    for (const Intent intent : {Intent::job, Intent::chat, Intent::call_me, Intent::question}) {
      const CustomerTurn turn = take(asked.next, said(intent, "the usual"), noon + minutes{1});
      EXPECT_EQ(about_of(turn), About::job) << name_of(intent);
      ASSERT_TRUE(turn.reply) << name_of(intent);
      EXPECT_NE(turn.reply->phrase, Phrase::text_job_question) << name_of(intent);
      EXPECT_EQ(turn.next.step, Step::told);
    }
    const CustomerTurn confirmed = take(asked.next, said(Intent::chat, "the usual"), noon + minutes{1});
    EXPECT_EQ(phrase_of(confirmed), Phrase::text_job_confirmed);
  }
}

// Goal: what he said before the question and after it is one job.
// Method: two texts without a topic; then one with a topic, which says it better.
TEST(Customer, TheAnswerToTheQuestionJoinsWhatHeSaid) {
  const State asked = take({}, a_job("plumber please")).next;
  EXPECT_EQ(take(asked, a_job("sink")).reply->job, "plumber please, sink");
  EXPECT_EQ(take(asked, a_job("sink leaks", Topic::leak)).reply->job, "sink leaks");
}

// Goal: thanks need no answer, before or after, unless a picture comes with them.
// Method: thanks in every step; with a picture.
TEST(Customer, ThanksAreNotAnswered) {
  for (const Step step : all_steps()) {
    const CustomerTurn turn = take(in_step(step), thanks);
    EXPECT_FALSE(turn.reply) << name_of(step);
    EXPECT_FALSE(turn.notice) << name_of(step);
    Said with_picture = thanks;
    with_picture.media = 1;
    EXPECT_TRUE(take(in_step(step), with_picture).notice) << name_of(step);
  }
}

// Goal: a wish to be called, and a question, reach the owner, who hears of them as of a job where it is the first.
// Method: both at the beginning and in each step that the owner knows.
TEST(Customer, CallsAndQuestionsReachTheOwner) {
  const Said call = said(Intent::call_me, "please ring me");
  const Said question = said(Intent::question, "do you do gutters?");
  const CustomerTurn first = take({}, call);
  EXPECT_EQ(phrase_of(first), Phrase::text_call_confirmed);
  EXPECT_EQ(about_of(first), About::job);
  EXPECT_EQ(first.notice->summary, "wants a call. \"please ring me\"");
  EXPECT_EQ(phrase_of(take({}, question)), Phrase::text_passed_on);
  EXPECT_EQ(take({}, question).notice->summary, "a question. \"do you do gutters?\"");
  for (const Step step : known_steps) {
    EXPECT_EQ(phrase_of(take(in_step(step), call)), Phrase::text_call_confirmed);
    EXPECT_EQ(about_of(take(in_step(step), call)), About::more);
    EXPECT_EQ(phrase_of(take(in_step(step), question)), Phrase::text_passed_on);
    EXPECT_EQ(about_of(take(in_step(step), question)), About::more);
    EXPECT_EQ(take(in_step(step), question).next.step, step);
  }
}

// --- afterwards ----------------------------------------------------------------------------------

// Goal: who cancels is answered, and the owner is told where he expects him.
// Method: both ways to end it, in every step.
TEST(Customer, WhoCancelsIsAnsweredAndTheOwnerToldIfHeKnew) {
  for (const Intent intent : {Intent::cancel, Intent::wrong_number}) {
    for (const Step step : all_steps()) {
      const CustomerTurn turn = take(in_step(step), said(intent, "found somebody else"));
      EXPECT_EQ(phrase_of(turn), Phrase::text_cancelled) << name_of(step);
      EXPECT_EQ(turn.next.step, Step::cancelled);
      const bool was_expected = step == Step::told || step == Step::accepted;
      ASSERT_EQ(turn.notice.has_value(), was_expected) << name_of(step);
      if (!was_expected) continue;
      EXPECT_EQ(turn.notice->about, About::cancelled);
      EXPECT_EQ(turn.notice->summary, "CANCELLED: boiler not working. \"found somebody else\"");
    }
  }
}

// Goal: more of a job that the owner knows is passed on, and answered once in ten minutes.
// Method: five texts within ten minutes after an hour's silence, and one after that.
TEST(Customer, MoreIsPassedOnAndAnsweredOnce) {
  for (const Step step : known_steps) {
    State state = in_step(step);
    std::size_t replies = 0;
    for (int text = 0; text < 5; ++text) {
      const CustomerTurn turn = take(state, a_job("and the side gate is open"), noon + minutes{text});
      EXPECT_EQ(about_of(turn), About::more);
      EXPECT_EQ(turn.notice->summary, "\"and the side gate is open\"");
      EXPECT_EQ(turn.next.step, step);
      replies += turn.reply ? 1 : 0;
      state = turn.next;
    }
    EXPECT_EQ(replies, 1U);
    EXPECT_EQ(phrase_of(take(state, boiler, noon + minutes{11})), Phrase::text_passed_on);
  }
}

// Goal: chat after the owner has the job reaches him, without an answer from us.
// Method: chat in each step that the owner knows.
TEST(Customer, ChatAfterwardsReachesTheOwner) {
  for (const Step step : known_steps) {
    const CustomerTurn turn = take(in_step(step), hello);
    EXPECT_EQ(about_of(turn), About::more);
    EXPECT_FALSE(turn.reply);
  }
}

// Goal: pictures without words are passed on; at the beginning they are the job.
// Method: two pictures at the beginning, after the question and later.
TEST(Customer, PicturesArePassedOn) {
  const Said pictures{.read = {}, .words = "", .media = 2};
  for (const Step step : {Step::quiet, Step::asked}) {
    const CustomerTurn turn = take(in_step(step), pictures);
    EXPECT_EQ(about_of(turn), About::job);
    EXPECT_EQ(turn.notice->summary, "sent 2 pictures");
    EXPECT_EQ(phrase_of(turn), Phrase::text_passed_on);
  }
  const CustomerTurn later = take(in_step(Step::told), pictures);
  EXPECT_EQ(about_of(later), About::more);
  EXPECT_EQ(later.notice->summary, "sent 2 pictures");
  EXPECT_EQ(phrase_of(later), Phrase::text_passed_on);
}

// Goal: after a week of silence, or once it is over, a new job begins, of which nothing old is said.
// Method: a job text 8 days after each step; at once after a cancellation; of another topic after a refusal.
TEST(Customer, ANewJobBeginsAfterAWeekOrAnEnd) {
  const Said tap = a_job("tap drips", Topic::tap);
  for (const Step step : all_steps()) {
    State before = in_step(step);
    before.job.place = "14 Mill Lane";
    before.was_asked = true;
    before.language = Locale::pl;
    const CustomerTurn turn = take(before, tap, noon + days{8});
    EXPECT_EQ(about_of(turn), About::job) << name_of(step);
    EXPECT_EQ(turn.notice->summary, "tap drips");
    EXPECT_EQ(turn.next.job.place, "");
    EXPECT_EQ(turn.next.decided_at, std::nullopt);
    EXPECT_EQ(turn.next.language, Locale::pl);
    EXPECT_EQ(phrase_of(take(before, a_job("plumber"), noon + days{8})), Phrase::text_job_question);
  }
  EXPECT_EQ(about_of(take(in_step(Step::cancelled), tap)), About::job);
  EXPECT_EQ(about_of(take(in_step(Step::declined), tap)), About::job);
  EXPECT_EQ(about_of(take(in_step(Step::declined), boiler)), About::more);
  EXPECT_EQ(about_of(take(in_step(Step::accepted), tap)), About::more);
}

// Goal: who cancels a job of last month is still known to have had it.
// Method: a cancellation 30 days after the owner accepted.
TEST(Customer, ACancellationAfterAWeekIsOfTheOldJob) {
  EXPECT_EQ(about_of(take(in_step(Step::accepted), said(Intent::cancel, "cancel"), noon + days{30})),
            About::cancelled);
}

// Goal: he is answered in the language that he writes in, or asks for, and keeps it.
// Method: a language told by the words, none told, and each way to ask for one, whatever the rest says.
TEST(Customer, TheLanguageIsKept) {
  Said spanish = boiler;
  spanish.read.language = Locale::es;
  const State state = take({}, spanish).next;
  EXPECT_EQ(state.language, Locale::es);
  EXPECT_EQ(take(state, boiler).next.language, Locale::es);
  const std::vector<std::pair<std::string, Locale>> rows = {{"English please", Locale::en_us},
                                                            {"hola, ENGLISH, PLEASE!", Locale::en_us},
                                                            {"po polsku prosz\u0119", Locale::pl},
                                                            {"En fran\u00E7ais s'il vous plait", Locale::fr},
                                                            {"en espa\u00F1ol", Locale::es}};
  for (const auto& [words, locale] : rows) {
    Said text = spanish;
    text.words = words;
    EXPECT_EQ(take({}, text).next.language, locale) << words;
  }
  EXPECT_EQ(take({}, a_job("garden fence in spanishtown")).next.language, std::nullopt);
}

// --- what the owner reads ------------------------------------------------------------------------

// Goal: the essentials come in the order in which a tradesman needs them, in one segment.
// Method: rows of what was read and what is told.
TEST(Summary, SaysTheEssentialsInOrder) {
  Intake read{.intent = Intent::job,
              .topic = Topic::boiler,
              .job = "boiler not working",
              .place = "14 Mill Lane",
              .when = "this evening",
              .urgency = Urgency::now};
  EXPECT_EQ(summary_of_job(read, "no hot water since this morning", 0),
            "NOW: boiler not working, 14 Mill Lane, this evening. \"no hot water since this morning\"");
  read.urgency = Urgency::today;
  EXPECT_EQ(summary_of_job(read, "boiler not working", 1),
            "TODAY: boiler not working, 14 Mill Lane, this evening, a picture");
  read.urgency = Urgency::soon;
  read.job = "boiler at 14 Mill Lane";
  read.when = "";
  EXPECT_EQ(summary_of_job(read, "boiler at 14 mill lane", 0), "boiler at 14 Mill Lane");
  EXPECT_EQ(summary_of_job({.intent = Intent::job, .topic = Topic::hot_water}, "", 0), "hot water");
  EXPECT_EQ(summary_of_job({}, "", 0), "sent a text without words");
}

// Goal: curly quotes, accents, emoji and line feeds cost nothing: the summary stays GSM-7 and one line.
// Method: words with all of them; and words in a script that GSM-7 has not, which are kept.
TEST(Summary, StaysInGsm7) {
  const std::string words = "it\u2019s \u201Cdripping\u201D \U0001F62D\nna \u017C\u00F3\u0142to \u202E!";
  const std::string summary = summary_of_words({}, words, 0);
  EXPECT_EQ(summary, "\"it's \"dripping\" na zolto !\"");
}

// Goal: no summary is longer than what it was promised to be, whatever anybody writes.
// Method: any bytes in every field, and long plain ones.
TEST(Summary, IsBoundedAndCleanForAnyWords) {
  EXPECT_TRUE(rc::check([] {
    const auto words = [] {
      return *rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                             rc::gen::map(rc::gen::inRange(0, 400),
                                          [](int count) {
                                            std::string text;
                                            for (int at = 0; at < count; ++at)
                                              text += at % 7 == 3 ? " \u0436" : "a[";
                                            return text;
                                          }),
                             rc::gen::just(std::string(500, 'x')));
    };
    Intake read{.intent = Intent::job, .job = words(), .place = words(), .when = words(), .urgency = Urgency::now};
    const std::string text = words();
    const std::size_t media = *rc::gen::inRange<std::size_t>(0, 12);
    for (const std::string& summary :
         {summary_of_job(read, text, media), summary_of_danger(Danger::carbon_monoxide, read, text, media),
          summary_of_cancelled(read, text)}) {
      RC_ASSERT(measure_text(summary).units <= summary_units_max);
      RC_ASSERT(is_clean_utf8(summary));
      RC_ASSERT(!summary.empty());
    }
    const std::string quote = summary_of_words(read, text, media);
    RC_ASSERT(measure_text(quote).units <= words_units_max);
    RC_ASSERT(is_clean_utf8(quote));
  }));
}

// --- histories of anything -----------------------------------------------------------------------

rc::Gen<Said> any_text() {
  return rc::gen::exec([] {
    Said text;
    text.read.intent = NamesOf<Intent>::rows.at(*rc::gen::inRange<std::size_t>(0, 7)).value;
    if (*rc::gen::inRange(0, 3) == 0) {
      text.read.topic = NamesOf<Topic>::rows.at(*rc::gen::inRange<std::size_t>(0, 27)).value;
    }
    if (*rc::gen::inRange(0, 6) == 0) {
      text.read.danger = NamesOf<Danger>::rows.at(*rc::gen::inRange<std::size_t>(0, 6)).value;
    }
    text.words = *rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                                 rc::gen::element<std::string>("hello", "leaking tap in the kitchen", "ok"));
    text.read.job = *rc::gen::element<std::string>("", "plumber", "the sink is leaking", text.words);
    text.media = *rc::gen::element<std::size_t>(0, 0, 0, 2);
    return text;
  });
}

/// How long until the next text; mostly soon, sometimes after a silence, sometimes sent before the last one.
Duration any_wait() {
  return *rc::gen::element<Duration>(seconds{20}, minutes{1}, minutes{5}, hours{3}, days{3}, days{8},
                                     -seconds{30});
}

// Goal: no customer's text ends in silence, and no job is asked about twice.
// Method: any histories of texts, decisions and words of the owner; each text that is not thanks, and not a danger
// that was answered just now, has a reply or a notice; a question is followed by none until a new job has begun.
TEST(Customer, NoTextEndsInSilenceAndNoJobIsAskedAboutTwice) {
  EXPECT_TRUE(rc::check([] {
    State state;
    Instant now = noon;
    const auto texts = *rc::gen::container<std::vector<Said>>(any_text());
    for (const Said& text : texts) {
      now += any_wait();
      const int by_owner = *rc::gen::inRange(0, 12);
      if (by_owner == 0) state.owner_wrote_at = now;
      if (by_owner == 1 && state.step == Step::told) state.step = Step::accepted;
      if (by_owner == 2 && state.step == Step::told) state.step = Step::declined;
      const CustomerTurn turn = take(state, text, now);
      const bool is_thanks = text.read.intent == Intent::thanks && text.media == 0;
      RC_ASSERT(is_thanks || turn.reply || turn.notice);
      if (turn.reply && turn.reply->phrase == Phrase::text_job_question) {
        const bool begins = state.step == Step::cancelled || state.step == Step::declined ||
                            now - state.last_customer_text_at >= days{7};
        RC_ASSERT(!state.was_asked || begins);
        RC_ASSERT(turn.next.was_asked);
      }
      if (text.read.danger != Danger::none) RC_ASSERT(turn.notice.has_value());
      if (turn.notice) RC_ASSERT(measure_text(turn.notice->summary).units <= words_units_max);
      if (turn.reply) RC_ASSERT(measure_text(turn.reply->job).units <= 80);
      RC_ASSERT(turn.next.job.job.size() <= 400);
      RC_ASSERT(turn.next.job.because.empty());
      state = turn.next;
    }
  }));
}

// Goal: the same arguments give the same turn.
// Method: any text twice.
TEST(Customer, IsPure) {
  EXPECT_TRUE(rc::check([] {
    const Said text = *any_text();
    const CustomerTurn one = take(in_step(Step::told), text);
    const CustomerTurn two = take(in_step(Step::told), text);
    RC_ASSERT(one.next == two.next);
    RC_ASSERT(phrase_of(one) == phrase_of(two));
    RC_ASSERT(about_of(one) == about_of(two));
  }));
}

}  // namespace
}  // namespace jobrun::conversation
