#include "name_warning.hpp"

#include <gtest/gtest.h>

#include "base/text_encoding.hpp"
#include "base/wording.hpp"
#include "fields.hpp"

namespace jobrun::console_api {
namespace {

// Goal: a name within GSM-7 is not warned of, accents, signs and length notwithstanding.
// Method: names of each kind.
TEST(NameWarning, IsSilentForNamesWithinGsm7) {
  for (const std::string& name : {std::string("Smith & Sons"), std::string("Caf\u00E9 M\u00FCller"),
                                  std::string("[Pipes] \u20AC"), std::string(80, 'x')}) {
    EXPECT_EQ(warning_about_name(name, {}), std::nullopt) << name;
  }
}

// Goal: the warning names each foreign character once, the price, and what to write instead.
// Method: the whole sentence for a curly apostrophe that comes twice; parts for an emoji and an unseen one.
TEST(NameWarning, NamesCharactersPriceAndCure) {
  const ClientSettings in_english{.locale = Locale::en_us};
  EXPECT_EQ(warning_about_name("Joe\u2019s Plumber\u2019s", in_english),
            "the name has \u2019 (U+2019), which texts in GSM-7 cannot have: every text that names this business "
            "goes out as UCS-2, and the one after a missed call takes 2 segments instead of 1. Write ' instead of "
            "\u2019");
  const std::string both = warning_about_name("Joe\u2019s \U0001F527\uFE0F", {}).value_or("");
  EXPECT_NE(both.find("\U0001F527 (U+1F527)"), std::string::npos) << both;
  EXPECT_NE(both.find("(U+FE0F)"), std::string::npos) << both;
  EXPECT_NE(both.find("' instead of \u2019, nothing instead of \U0001F527"), std::string::npos) << both;
}

// Goal: a name of many foreign characters still gets a sentence that can be read.
// Method: eighty different ones.
TEST(NameWarning, NamesAFewOfVeryMany) {
  std::string name;
  for (char letter = '\x80'; letter < '\xA0'; ++letter) name += std::string("\xD0") + letter;
  const std::string warning = warning_about_name(name, {}).value_or("");
  EXPECT_NE(warning.find(" and more, which"), std::string::npos) << warning;
  EXPECT_LT(warning.size(), 600U);
}

// Goal: no text of ours goes over the carrier's 1,600 characters because of a name.
// Method: the longest allowed names, of characters that count once, twice and as two units, in every wording.
TEST(NameWarning, TheLongestNameFitsIntoEveryText) {
  const auto longest = [](std::string_view character) {
    std::string name;
    for (std::size_t i = 0; i < client_name_characters_max; ++i) name += character;
    return name;
  };
  for (const std::string& name : {longest("x"), longest("["), longest("\u2019"), longest("\U0001F527")}) {
    ASSERT_TRUE(checked_line(name, client_name_characters_max)) << name;
    EXPECT_FALSE(checked_line(name + "x", client_name_characters_max)) << name;
    const PhraseWords words{.business = name,
                            .number = "+999999999999999",
                            .reply_to = "+999999999999999",
                            .job = name,
                            .time = "24:00",
                            .advice = name};
    for (const Named<Locale>& locale : NamesOf<Locale>::rows) {
      for (const Named<Phrase>& phrase : NamesOf<Phrase>::rows) {
        const std::string text = render(phrase.value, words, locale.value) + opt_out_line(locale.value);
        EXPECT_LE(measure_text(text).units, text_characters_max) << text;
        const std::string_view words_template = template_of(phrase.value, locale.value);
        EXPECT_TRUE(!words_template.contains("{business}") || text.contains(name)) << "the whole name: " << text;
      }
    }
  }
}

// Goal: the price is that of the client's own text: in its language, and in its own words.
// Method: one name, whose text in Spanish takes a segment more than in Polish; then words of the client's own.
TEST(NameWarning, CountsTheClientsOwnText) {
  const auto warned_of = [](std::string_view price, const ClientSettings& settings) {
    const std::string warning = warning_about_name("Joe\u2019s Plumbing & Heating", settings).value_or("");
    return warning.contains("takes " + std::string(price) + ".");
  };
  ClientSettings settings;
  EXPECT_TRUE(warned_of("3 segments instead of 1", settings)) << "of all languages";
  settings.locale = Locale::es;
  EXPECT_TRUE(warned_of("3 segments instead of 1", settings));
  settings.locale = Locale::en_us;
  EXPECT_TRUE(warned_of("2 segments instead of 1", settings));
  settings.wording["text_customer_intake"] = "{business} here. " + std::string(200, 'x');
  EXPECT_TRUE(warned_of("4 segments instead of 2", settings));
}

}  // namespace
}  // namespace jobrun::console_api
