#include "conversation/intake.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.hpp"

namespace jobrun::conversation {
namespace {

Danger danger_in(std::string_view text) {
  return read_intake(text).danger;
}

struct Said {
  const char* text;
  Danger danger;
};

// Goal: danger is noticed in whatever words and language it is told.
// Method: one text for each kind, plain, and then in the languages of customers.
TEST(Intake, NoticesDangerInEveryLanguage) {
  constexpr std::array texts = {
      Said{"i can smell gas", Danger::gas},
      Said{"huele a gas en la cocina", Danger::gas},
      Said{"czuć gaz w kuchni", Danger::gas},
      Said{"ça sent le gaz", Danger::gas},
      Said{"Gasgeruch im Keller", Danger::gas},
      Said{"c'è puzza di gas", Danger::gas},
      Said{"cheiro a gás", Danger::gas},
      Said{"miroase a gaz", Danger::gas},
      Said{"carbon monoxide alarm going off", Danger::carbon_monoxide},
      Said{"we all get headaches when the boiler is on", Danger::carbon_monoxide},
      Said{"sparks from the socket", Danger::fire},
      Said{"got a belt off the shower", Danger::fire},
      Said{"water pouring through the ceiling", Danger::flooding},
      Said{"pękła rura", Danger::flooding},
      Said{"no heating and a newborn", Danger::no_heating},
      Said{"no heat and its 9 degrees in here", Danger::no_heating},
  };
  for (const Said& said : texts) EXPECT_EQ(danger_in(said.text), said.danger) << said.text;
}

// Goal: somebody in danger types badly, and is understood all the same.
// Method: letters swapped, missing, too many, wrong; digits and capitals for letters.
TEST(Intake, NoticesDangerThatIsMisspelt) {
  for (const char* text :
       {"watter pourring thru the cieling", "sparcks from the sokcet", "carbon monoxyde alram going off",
        "smeling gas", "GAAAS LEAK", "gas l34k", "burnig smell", "no heatting and a newbron baby"})
    EXPECT_NE(danger_in(text), Danger::none) << text;
}

// Goal: the worst danger is told, not the first.
// Method: two dangers in one text, either way round.
TEST(Intake, TellsTheWorstDanger) {
  EXPECT_EQ(danger_in("water pouring in and i smell gas"), Danger::gas);
  EXPECT_EQ(danger_in("i smell gas and water is pouring in"), Danger::gas);
  EXPECT_EQ(danger_in("socket is smoking, water pouring on it"), Danger::fire);
}

// Goal: what somebody says is not the case is no danger.
// Method: each kind of danger denied.
TEST(Intake, TakesDeniedDangerForNone) {
  for (const char* text :
       {"no smell of gas, boiler just wont start", "there isn't any smell of gas", "boiler off, cant smell gas",
        "no smoke or sparks, switch is just dead", "no burning smell", "no hay olor a gas",
        "pas d'odeur de gaz, juste un bruit", "nie czuć gazu"})
    EXPECT_EQ(danger_in(text), Danger::none) << text;
}

// Goal: a denial denies its own words only.
// Method: texts that say no to something, and then tell a danger.
TEST(Intake, LetsADenialReachNoFurtherThanItsWords) {
  for (const char* text :
       {"no hot water and a smell of gas", "no carpet there and smell of gas", "not sure but i smell gas",
        "no idea where, smells of gas", "boiler not working. smell of gas", "cant get rid of the smell of gas",
        "no power, socket sparked"})
    EXPECT_NE(danger_in(text), Danger::none) << text;
}

// Goal: a danger that is over calls nobody out; one that goes on does.
// Method: the same burst pipe, stopped, repaired, long ago, and then still running.
TEST(Intake, TellsADangerThatIsOverFromOneThatGoesOn) {
  EXPECT_EQ(danger_in("pipe burst but water is off now"), Danger::none);
  EXPECT_EQ(danger_in("the burst pipe is fixed, plaster needs doing"), Danger::none);
  EXPECT_EQ(danger_in("cellar flooded last year, tanking quote please"), Danger::none);
  EXPECT_EQ(danger_in("pipe burst, turned it off at the stopcock but its still coming out"), Danger::flooding);
}

// Goal: things that are named after danger are none.
// Method: the words of danger in trades' ordinary words.
TEST(Intake, TakesThingsNamedAfterDangerForThings) {
  for (const char* text :
       {"gas safety certificate please", "fire door to hang", "smoke alarm needs a battery",
        "flood lights on the drive", "burning question, do you do tiling", "shock absorbers",
        "co alarm to be fitted", "baby gate fitting", "freezer not freezing", "no hot water tap in the utility"})
    EXPECT_EQ(danger_in(text), Danger::none) << text;
}

// Goal: danger comes before everything else that a text says.
// Method: a smell of gas within thanks, a question, a cancellation, a wrong number, and without hurry.
TEST(Intake, PutsDangerBeforeEverythingElse) {
  for (const char* text :
       {"thanks for the reply, i can smell gas", "how much do you charge? i smell gas",
        "cancel the tap, i smell gas", "sorry wrong number but i smell gas", "call me, i smell gas"}) {
    const Intake read = read_intake(text);
    EXPECT_EQ(read.danger, Danger::gas) << text;
    EXPECT_EQ(read.intent, Intent::job) << text;
    EXPECT_EQ(read.urgency, Urgency::now) << text;
  }
  EXPECT_EQ(read_intake("no rush, faint smell of gas").urgency, Urgency::now);
}

// Goal: pictures speak where words are missing.
// Method: texts of pictures alone, or nearly.
TEST(Intake, ReadsPictures) {
  EXPECT_EQ(danger_in("\U0001F525\U0001F50C help"), Danger::fire);
  EXPECT_EQ(danger_in("\U0001F4A7\U0001F4A7\U0001F6A8"), Danger::flooding);
  EXPECT_EQ(read_intake("\U0001F44D").intent, Intent::thanks);
  EXPECT_EQ(read_intake("\U0001F6BD\u274C").topic, Topic::toilet);
}

struct Placed {
  const char* text;
  const char* place;
};

// Goal: the place is told in the customer's own words, however he gives it.
// Method: street, flat, postcode, ZIP, town, in several countries; and texts without one.
TEST(Intake, FindsThePlace) {
  constexpr std::array texts = {
      Placed{"tap drips at 14 Mill Lane, Otley", "14 Mill Lane, Otley"},
      Placed{"sink blocked. LS6 3QP", "LS6 3QP"},
      Placed{"faucet broke, ZIP 60614", "60614"},
      Placed{"flat 2, 9 Station Road toilet blocked", "flat 2, 9 Station Road"},
      Placed{"boiler off in harrogate", "harrogate"},
      Placed{"gotea el grifo, calle Mayor 12", "calle Mayor 12"},
      Placed{"cieknie kran, ul. Polna 4", "ul. Polna 4"},
      Placed{"fuite, 12 rue des Lilas", "12 rue des Lilas"},
      Placed{"boiler shows F28", ""},
      Placed{"door stuck in January", ""},
  };
  for (const Placed& one : texts) EXPECT_EQ(read_intake(one.text).place, one.place) << one.text;
}

struct Timed {
  const char* text;
  const char* when;
  Urgency urgency;
};

// Goal: when a visit is wanted is told in the customer's own words; when something broke is not taken for it.
// Method: times of each urgency, and times of the past.
TEST(Intake, FindsWhenItIsWanted) {
  constexpr std::array texts = {
      Timed{"tap drips, today please", "today", Urgency::today},
      Timed{"sink blocked, 2moro if poss", "2moro", Urgency::soon},
      Timed{"fence, Tues or Weds", "Tues or Weds", Urgency::soon},
      Timed{"boiler service thursday between 1 and 4", "thursday between 1 and 4", Urgency::soon},
      Timed{"paint the hall in spring", "spring", Urgency::flexible},
      Timed{"first week of next month for the fence", "first week of next month", Urgency::flexible},
      Timed{"zatkany zlew, jutro po 16", "jutro po 16", Urgency::soon},
      Timed{"tap drips since friday", "", Urgency::unknown},
      Timed{"boiler broke last week", "", Urgency::unknown},
      Timed{"sink blocked asap", "", Urgency::now},
      Timed{"shelves, no rush", "", Urgency::flexible},
  };
  for (const Timed& one : texts) {
    const Intake read = read_intake(one.text);
    EXPECT_EQ(read.when, one.when) << one.text;
    EXPECT_EQ(read.urgency, one.urgency) << one.text;
  }
}

// Goal: the topic is the thing that is named first, and no room or street is one.
// Method: texts with several things, with a street that is called like a thing, with a room.
TEST(Intake, NamesTheTopic) {
  EXPECT_EQ(read_intake("tap drips and the toilet wont flush").topic, Topic::tap);
  EXPECT_EQ(read_intake("no hot water, boiler is dead").topic, Topic::boiler);
  EXPECT_EQ(read_intake("sink is blocked").topic, Topic::drain);
  EXPECT_EQ(read_intake("leak under the sink").topic, Topic::leak);
  EXPECT_EQ(read_intake("at 12 Garden Street the socket is dead").topic, Topic::electrics);
  EXPECT_EQ(read_intake("mice in the kitchen").topic, Topic::pest);
  EXPECT_EQ(read_intake("new kitchen").topic, Topic::kitchen);
  EXPECT_EQ(read_intake("33 Bridge Street").topic, std::nullopt);
}

// Goal: what is no job is told from one.
// Method: one text of each intent.
TEST(Intake, TellsWhatATextIsFor) {
  EXPECT_EQ(read_intake("ok thanks").intent, Intent::thanks);
  EXPECT_EQ(read_intake("pls ring me back").intent, Intent::call_me);
  EXPECT_EQ(read_intake("how much is a new boiler").intent, Intent::question);
  EXPECT_EQ(read_intake("wrong number sorry").intent, Intent::wrong_number);
  EXPECT_EQ(read_intake("no longer needed, fixed it").intent, Intent::cancel);
  EXPECT_EQ(read_intake("who is this").intent, Intent::chat);
  EXPECT_EQ(read_intake("can you fix my fence").intent, Intent::job);
  EXPECT_EQ(read_intake("boiler dead, are you free today?").intent, Intent::job);
}

// Goal: the language is told, and none is guessed that we do not speak.
// Method: one text of each.
TEST(Intake, TellsTheLanguage) {
  EXPECT_EQ(read_intake("my tap is leaking").language, Locale::en_us);
  EXPECT_EQ(read_intake("no tengo agua caliente").language, Locale::es);
  EXPECT_EQ(read_intake("nie mam ciepłej wody").language, Locale::pl);
  EXPECT_EQ(read_intake("je n'ai pas d'eau chaude").language, Locale::fr);
  EXPECT_EQ(read_intake("die Heizung ist kaputt").language, std::nullopt);
}

// Goal: the job is the sentence that says it, without the greeting.
// Method: greetings before a job, and a text that is longer than a job may be.
TEST(Intake, TellsTheJobWithoutItsGreeting) {
  EXPECT_EQ(read_intake("Hi there, the tap drips. We are in all day.").job, "the tap drips");
  EXPECT_EQ(read_intake("33 Bridge Street").job, "");
  EXPECT_LE(read_intake("the tap drips " + std::string(300, 'x')).job.size(), 80U);
}

/// Words of danger, places and times, with bytes of any kind between them.
std::string any_text() {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::oneOf(
      rc::gen::arbitrary<std::string>(),
      rc::gen::element<std::string>("smell of gas", " no ", "water everywhere", "12 Mill Lane", "LS6 3QP",
                                    "tomorrow after 3", "\n", "żółć", "\U0001F525", "boiler", "Hi", ".", ",", "'",
                                    "\xFF", "\xF0\x9F", "next", "84", "in Leeds")));
  std::string text;
  for (const std::string& part : parts) text += part + (*rc::gen::arbitrary<bool>() ? " " : "");
  return text;
}

// Goal: whatever bytes come, they are read within bounds, always alike, and each finding stands in the text.
// Method: words that mean something among bytes that mean nothing.
TEST(Intake, ReadsAnyBytesWithinItsBounds) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = any_text();
    const Intake read = read_intake(text);
    RC_ASSERT(read == read_intake(text));
    constexpr std::size_t findings_max = 8;
    RC_ASSERT(read.because.size() <= findings_max);
    for (const std::string& found : {read.job, read.place, read.when}) RC_ASSERT(is_clean_utf8(found));
    if (!is_clean_utf8(text)) return;
    for (const std::string& found : {read.job, read.place, read.when})
      RC_ASSERT(text.find(found) != std::string::npos);
    for (const Evidence& one : read.because)
      RC_ASSERT(!one.words.empty() && text.find(one.words) != std::string::npos);
  }));
}

// Goal: nobody has to guess why something was read.
// Method: a text with everything in it: each finding names its words.
TEST(Intake, NamesTheWordsOfEachFinding) {
  const Intake read = read_intake("smell of gas by the boiler, 12 Mill Lane, tomorrow is fine");
  const std::vector<Evidence> expected = {{"danger gas", "smell of gas"},
                                          {"urgency soon", "tomorrow"},
                                          {"place", "12 Mill Lane"},
                                          {"topic boiler", "boiler"},
                                          {"when", "tomorrow"}};
  for (const Evidence& one : expected)
    EXPECT_NE(std::ranges::find(read.because, one), read.because.end()) << one.what;
}

}  // namespace
}  // namespace jobrun::conversation
