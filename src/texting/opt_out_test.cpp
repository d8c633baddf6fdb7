#include "texting/opt_out.hpp"

#include <gtest/gtest.h>

namespace jobrun::texting {
namespace {

// Goal: who texts an opt-out word and nothing else is out, however a phone spells it.
// Method: every word, with what phones put around it.
TEST(OptOutWords, AreFoundHoweverAPhoneSpellsThem) {
  for (const std::string word : {"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE",
                                 "OPTOUT", "OPT OUT", "OPT-OUT"}) {
    EXPECT_EQ(choice_of(word, {}), Choice::out) << word;
  }
  for (const char* text : {"stop", " Stop.", "STOP!!!\n", "\"stop\"", "\u201cStop\u201d", "STOP \U0001F6D1",
                           "\u26D4\uFE0F stop", "(STOP)", "stop\u00A0", "\uFEFFSTOP", "**stop**"}) {
    EXPECT_EQ(choice_of(text, {}), Choice::out) << text;
  }
}

// Goal: a word among others is a message and no opt-out: who wants a job done is not silenced.
// Method: sentences, longer words, words run together, and letters of other alphabets around one.
TEST(OptOutWords, AreNoneAmongOtherWords) {
  for (const char* text :
       {"please stop", "stop by at 5", "the end", "stopper", "nonstop", "ENDED", "quit it", "can you cancel",
        "STOP2", "", "...", "\u00E9stop", "stop\u65E5", "S T O P", "Yes please"}) {
    EXPECT_EQ(choice_of(text, {}), std::nullopt) << text;
  }
}

// Goal: the words that bring texts back are told apart: YES may be an answer to something.
TEST(OptOutWords, ThatBringTextsBackAreToldApart) {
  EXPECT_EQ(choice_of("Start", {}), Choice::in);
  EXPECT_EQ(choice_of("unstop.", {}), Choice::in);
  EXPECT_EQ(choice_of("yes!", {}), Choice::yes);
  EXPECT_EQ(choice_of("HELP", {}), std::nullopt);
}

// Goal: the carrier's own word for it counts, but it makes no opt-in of a word that is out, or may be an
// answer.
// Method: each type with words of its own, with ours, and with none.
TEST(OptOutWords, TheCarriersWordCounts) {
  EXPECT_EQ(choice_of("arret", OptOutType::stop), Choice::out);
  EXPECT_EQ(choice_of("yes", OptOutType::stop), Choice::out);
  EXPECT_EQ(choice_of("bonjour", OptOutType::start), Choice::in);
  EXPECT_EQ(choice_of("yes", OptOutType::start), Choice::yes);
  EXPECT_EQ(choice_of("stop", OptOutType::start), Choice::out);
  EXPECT_EQ(choice_of("info", OptOutType::help), std::nullopt);
}

}  // namespace
}  // namespace jobrun::texting
