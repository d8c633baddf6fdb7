#include "answers.hpp"

#include <gtest/gtest.h>

#include "corrections.hpp"
#include "names.hpp"
#include "vocabulary.hpp"

namespace jobrun::onboarding {
namespace {

struct Row {
  std::string_view text;
  std::string_view type;
  std::string_view place;
  std::string_view business;
  std::string_view person;
  std::string_view alert = "";
  std::string_view email = "";
};

void expect_read(const Row& row, Step step, const Answers& known) {
  const std::optional<Text> text = read_words(row.text);
  ASSERT_TRUE(text.has_value()) << row.text;
  const Reading reading = read_answers(*text, step, known, true);
  EXPECT_FALSE(reading.refused.has_value()) << row.text;
  EXPECT_EQ(reading.found.business_type, row.type) << row.text;
  EXPECT_EQ(reading.found.place, row.place) << row.text;
  EXPECT_EQ(reading.found.business_name, row.business) << row.text;
  EXPECT_EQ(reading.found.owner_name, row.person) << row.text;
  EXPECT_EQ(reading.found.alert_by ? name_of(*reading.found.alert_by) : "", row.alert) << row.text;
  EXPECT_EQ(reading.found.email, row.email) << row.text;
}

// Goal: people say what they do and where as people do.
// Method: sentences, and what is to be read in them.
TEST(OnboardingReading, UnderstandsSentencesAboutABusiness) {
  constexpr Row rows[] = {
      {"plumber in Leeds", "plumber", "Leeds", "", ""},
      {"Plumber, Leeds", "plumber", "Leeds", "", ""},
      {"plumber leeds", "plumber", "Leeds", "", ""},
      {"I'm a plumber in Leeds called Joe's", "plumber", "Leeds", "Joe's", ""},
      {"Im an electrician from Austin, TX", "electrician", "Austin, TX", "", ""},
      {"hi, Maria here, Bright Sparks Electrical, Austin TX", "electrician", "Austin, TX",
       "Bright Sparks Electrical", "Maria"},
      {"We're Smith & Sons, roofers... I mean roofer, in San Antonio", "roofer", "San Antonio", "Smith & Sons",
       ""},
      {"My name is Joe and my business is called Joe's Plumbing in Leeds", "plumber", "Leeds", "Joe's Plumbing",
       "Joe"},
      {"this is Ann, I do window cleaning in Bristol", "window cleaner", "Bristol", "", "Ann"},
      {"i do dog walking near Hebden Bridge", "dog walker", "Hebden Bridge", "", ""},
      {"emergency plumber based in new york city", "emergency plumber", "New York", "", ""},
      {"elektriker in Köln", "electrician", "Köln", "", ""},
      {"soy jardinero en Miami", "gardener", "Miami", "", ""},
      {"je suis plombier à Montréal", "plumber", "Montreal", "", ""},
      {"ich bin Friseur aus Zürich", "hairdresser", "Zürich", "", ""},
      {"PLUMBER IN LEEDS", "plumber", "Leeds", "", ""},
      {"plumer in birmingam", "plumber", "Birmingham", "", ""},
      {"Tree surgeon in Cork", "tree surgeon", "Cork", "", ""},
      {"this is Maria from Bright Sparks Electrical in Austin", "electrician", "Austin",
       "Bright Sparks Electrical", "Maria"},
      {"hairdresser in London and Birmingham", "hairdresser", "London", "", ""},
      {"Pool cleaning, Miami, Blue Pools, Ed", "Pool cleaning", "Miami", "Blue Pools", "Ed"},
      {"I want to try this for my plumbing business in Austin", "plumber", "Austin", "", ""},
      {"Hello my name is Joe Miller I am a plumber in Austin and my company is Joe's Plumbing", "plumber",
       "Austin", "Joe's Plumbing", "Joe Miller"},
      {"We are Miller Brothers Roofing out of Denver", "roofer", "Denver", "Miller Brothers Roofing", ""},
      {"handyman services in Fort Worth tx, text me at this number please", "handyman", "Fort Worth, TX", "", "",
       "text"},
      {"I fix cars in Houston", "fix cars", "Houston", "", ""},
      {"Chimney repairs, York", "Chimney repairs", "York", "", ""},
      {"plumber in Leeds, text me", "plumber", "Leeds", "", "", "text"},
      {"barber in Miami, Sharp Cuts, Ray, both, Ray@Example.com", "barber", "Miami", "Sharp Cuts", "Ray", "both",
       "ray@example.com"},
  };
  for (const Row& row : rows) expect_read(row, Step::business_type_and_place, {});
}

// Goal: whatever a business is called, its name is kept as it was written.
// Method: names that hold towns, trades, and words that mean something elsewhere.
TEST(OnboardingReading, KeepsNamesAsTheyAreWritten) {
  Answers known;
  known.business_type = "cleaner";
  known.place = "Leeds";
  constexpr std::string_view names[] = {
      "Leeds Plumbing Co", "Men in Black Cleaning", "The Name Game",    "Who We Are Ltd",
      "Smith & Sons",      "O'Neill-D'Arcy",        "Fontanería Ñandú", "Do It Right",
      "A+ Cleaning",       "24/7 Locksmiths",       "Happy Text",       "Back in Action"};
  for (const std::string_view name : names) expect_read({name, "", "", name, ""}, Step::business_name, known);
  expect_read({"it's called Joe's", "", "", "Joe's", ""}, Step::business_name, known);
  expect_read({"the name is joe's plumbing", "", "", "Joe's Plumbing", ""}, Step::business_name, known);
  expect_read({"Happy Paws, Kylie", "", "", "Happy Paws", "Kylie"}, Step::business_name, known);
  expect_read({"Smith, Jones & Sons", "", "", "Smith, Jones & Sons", ""}, Step::business_name, known);
  known.business_name = "Joe's";
  expect_read({"I'm Joe Baker", "", "", "", "Joe Baker"}, Step::owner_name, known);
  expect_read({"just call me Sam", "", "", "", "Sam"}, Step::owner_name, known);
  expect_read({"Jürgen Groß", "", "", "", "Jürgen Groß"}, Step::owner_name, known);
}

// Goal: how somebody wants to be alerted is understood from few words or many.
// Method: what people say, with and without an address.
TEST(OnboardingReading, UnderstandsHowToBeAlerted) {
  Answers known{.business_type = "cleaner",
                .place = "Leeds",
                .business_name = "A",
                .owner_name = "B",
                .alert_by = {},
                .email = {},
                .phone = {},
                .network = {}};
  constexpr Row rows[] = {
      {"text", "", "", "", "", "text"},
      {"1", "", "", "", "", "text"},
      {"sms please", "", "", "", "", "text"},
      {"by text I guess", "", "", "", "", "text"},
      {"E-Mail", "", "", "", "", "email"},
      {"emial", "", "", "", "", "email"},
      {"text and email", "", "", "", "", "both"},
      {"both, joe@example.com", "", "", "", "", "both", "joe@example.com"},
      {"joe@example.com", "", "", "", "", "", "joe@example.com"},
      {"no email", "", "", "", "", "text"},
      {"ambos", "", "", "", "", "both"},
      {"les deux", "", "", "", "", "both"},
      {"los dos", "", "", "", "", "both"},
      {"whatever", "", "", "", "", "text"},
      {"oh and you can text me at this number, thanks so much!", "", "", "", "", "text"},
      {"I have not got an email", "", "", "", "", "text"},
  };
  for (const Row& row : rows) expect_read(row, Step::how_to_be_alerted, known);
}

// Goal: links, signs of programs, and far too much are refused, and told which of these it was.
// Method: what people and machines send.
TEST(OnboardingReading, RefusesWhatNoNameIs) {
  struct Refused {
    std::string text;
    Refusal why;
  };
  const std::vector<Refused> rows = {{"https://example.com/x", Refusal::link},
                                     {"see www.example.com", Refusal::link},
                                     {"joes-plumbing.com", Refusal::link},
                                     {"<script>alert(1)</script>", Refusal::signs},
                                     {"Robert'); DROP TABLE students;", Refusal::signs},
                                     {"{{business}}", Refusal::signs},
                                     {"$(reboot)", Refusal::signs},
                                     {"12345", Refusal::signs},
                                     {"a=b", Refusal::signs},
                                     {std::string(100, 'a'), Refusal::too_long}};
  Answers known;
  known.business_type = "cleaner";
  known.place = "Leeds";
  for (const Refused& row : rows) {
    const std::optional<Text> text = read_words(row.text);
    ASSERT_TRUE(text.has_value());
    const Reading reading = read_answers(*text, Step::business_name, known, true);
    EXPECT_EQ(reading.refused, row.why) << row.text;
    EXPECT_TRUE(reading.is_empty()) << row.text;
  }
  EXPECT_FALSE(read_words("\xff\xfe").has_value());
  EXPECT_FALSE(read_words(std::string(1600, 'a')).has_value());
}

// Goal: what was said can be changed by saying so.
// Method: wishes, and the field and value they mean.
TEST(OnboardingReading, UnderstandsCorrections) {
  struct Wish {
    std::string_view text;
    Field field;
    std::string_view value;
  };
  constexpr Wish wishes[] = {
      {"name is Joe's Plumbing", Field::business_name, "Joe's Plumbing"},
      {"change the name to Joe's", Field::business_name, "Joe's"},
      {"no, my name is Ann", Field::owner_name, "Ann"},
      {"change email to x@example.com", Field::email, "x@example.com"},
      {"email x@example.com", Field::email, "x@example.com"},
      {"city is leeds", Field::place, "Leeds"},
      {"type should be electrican", Field::business_type, "electrician"},
      {"change name", Field::business_name, ""},
      {"the city is wrong", Field::place, ""},
      {"please change my name", Field::owner_name, ""},
  };
  for (const Wish& wish : wishes) {
    const Corrections corrections = read_corrections(*read_words(wish.text));
    ASSERT_EQ(corrections.made.size(), 1U) << wish.text;
    EXPECT_EQ(corrections.made[0].field, wish.field) << wish.text;
    EXPECT_EQ(corrections.made[0].value, wish.value) << wish.text;
  }
  const Corrections both = read_corrections(*read_words("alerts by both"));
  ASSERT_EQ(both.made.size(), 1U);
  EXPECT_EQ(both.made[0].alert_by, AlertBy::both);
  for (const std::string_view none : {"yes", "looks good", "what is this", "plumber in Leeds", "ok thanks"}) {
    EXPECT_TRUE(read_corrections(*read_words(none)).made.empty()) << none;
  }
  EXPECT_EQ(read_corrections(*read_words("name is www.example.com")).refused, Refusal::link);
  EXPECT_EQ(read_corrections(*read_words("email is joe")).refused, Refusal::bad_email);
}

// Goal: an address is one that mail can be sent to, and nothing that breaks out of a mail's head.
// Method: good and bad ones.
TEST(OnboardingReading, KnowsAddresses) {
  for (const std::string_view good : {"a@example.com", "a.b+c@mail.example.org", "A_1@ex-ample.net"})
    EXPECT_TRUE(is_email(good)) << good;
  for (const std::string_view bad : {"a@b", "@example.com", "a@", "a@.com", "a@example.c", "a b@example.com",
                                     "a@exa mple.com", "a@@example.com", "a\n@example.com", "a@example.com\r",
                                     "a..b@example.com", ".a@example.com", "a<b@example.com"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
}

// Goal: one slip of the thumb does not hide a word, and another word is not taken for it.
// Method: words near to others.
TEST(OnboardingReading, ForgivesOneSlipButNotAnotherWord) {
  EXPECT_TRUE(is_close("plumer", "plumber"));
  EXPECT_TRUE(is_close("plubmer", "plumber"));
  EXPECT_TRUE(is_close("electrcain", "electrician"));
  EXPECT_TRUE(is_close("hepl", "help"));
  EXPECT_FALSE(is_close("kelp", "help"));
  EXPECT_FALSE(is_close("beck", "back"));
  EXPECT_FALSE(is_close("planner", "plumber"));
  EXPECT_FALSE(is_close("yse", "yes"));
}

// Goal: yes and no are heard in several languages, with politeness around them, and not where something else is
// said. Method: what people say.
TEST(OnboardingReading, HearsYesAndNo) {
  for (const std::string_view yes : {"yes", "YES!", "yep", "ok", "Okay thanks", "looks good", "that's right", "sí",
                                     "oui", "ja", "yesss", "\U0001F44D", "\u2705"}) {
    EXPECT_TRUE(says_yes(*read_words(yes))) << yes;
  }
  for (const std::string_view no :
       {"no", "nope", "No!", "not right", "nein", "non", "that's wrong", "\U0001F44E"}) {
    EXPECT_TRUE(says_no(*read_words(no))) << no;
    EXPECT_FALSE(says_yes(*read_words(no))) << no;
  }
  for (const std::string_view other : {"yes but no", "hello", "Joe", "yes my name is Joe", "", "thanks"})
    EXPECT_FALSE(says_yes(*read_words(other))) << other;
}

}  // namespace
}  // namespace jobrun::onboarding
