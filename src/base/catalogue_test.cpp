#include "base/catalogue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "base/wording.hpp"

namespace jobrun {
namespace {

constexpr PhraseWords usual_words = {.business = "Harrison Plumbing & Sons",
                                     .number = "+447700900123",
                                     .reply_to = "+447700900124",
                                     .job = "the tap in our kitchen leaks and the sink is full, tomorrow",
                                     .time = "15:00",
                                     .advice = {}};

bool is_text(Phrase phrase) {
  return name_of(phrase).starts_with("text_");
}

/// The texts that a number may get without having texted, which may carry the opt-out line.
bool is_first_text(Phrase phrase) {
  const std::string_view name = name_of(phrase);
  return name.starts_with("text_customer_intake") || name.starts_with("text_failsafe") ||
         phrase == Phrase::text_triage_reply;
}

template <class Check>
void for_each_phrase(const Check& check) {
  for (const Named<Locale>& locale : NamesOf<Locale>::rows) {
    for (const Named<Phrase>& phrase : NamesOf<Phrase>::rows) {
      SCOPED_TRACE(std::string(locale.name) + " " + std::string(phrase.name));
      check(phrase.value, locale.value);
    }
  }
}

// Goal: every phrase there is has its row of names, so that each can be set and read by its name.
TEST(Catalogue, NamesEveryPhraseOnce) {
  std::set<std::string_view> names;
  for (std::size_t at = 0; at < NamesOf<Phrase>::rows.size(); ++at) {
    EXPECT_EQ(static_cast<std::size_t>(NamesOf<Phrase>::rows.at(at).value), at);
    EXPECT_TRUE(names.insert(NamesOf<Phrase>::rows.at(at).name).second);
  }
  EXPECT_EQ(NamesOf<Phrase>::rows.back().value, Phrase::text_help_generic) << "the last enumerator";
}

// Goal: in every language each phrase has words, names all it must and nothing it may not, and leaves no brace.
TEST(Catalogue, EveryPhraseIsWhole) {
  for_each_phrase([](Phrase phrase, Locale locale) {
    const std::string_view words = template_of(phrase, locale);
    for (const Named<Placeholder>& row : NamesOf<Placeholder>::rows) {
      bool is_allowed = false;
      bool is_obligatory = false;
      for (const AllowedPlaceholder& allowed : placeholders_of(phrase)) {
        if (allowed.placeholder != row.value) continue;
        is_allowed = true;
        is_obligatory = allowed.is_obligatory;
      }
      const bool is_named = words.contains("{" + std::string(row.name) + "}");
      EXPECT_TRUE(is_named ? is_allowed : !is_obligatory) << row.name << " in " << words;
    }
    EXPECT_EQ(render(phrase, usual_words, locale).find_first_of("{}"), std::string::npos);
    if (is_client_wording(phrase)) {
      const Result<void> checked = check_wording(phrase, words);
      EXPECT_TRUE(checked) << checked.error().message;
    }
  });
}

// Goal: texts stay within GSM-7 and one segment, with the opt-out line and a name of usual length; one about
// danger within two; what is spoken is UTF-8.
TEST(Catalogue, TextsAreOneSegmentInEveryLanguage) {
  for_each_phrase([](Phrase phrase, Locale locale) {
    std::string words = render(phrase, usual_words, locale);
    EXPECT_TRUE(is_clean_utf8(words));
    if (!is_text(phrase)) return;
    if (is_first_text(phrase)) words += opt_out_line(locale);
    const TextSize size = measure_text(words);
    EXPECT_EQ(size.encoding, TextEncoding::gsm7) << words;
    EXPECT_LE(size.segments, phrase == Phrase::text_danger ? 2U : 1U) << size.units << " " << words;
  });
  for (const Named<Locale>& locale : NamesOf<Locale>::rows) {
    EXPECT_TRUE(opt_out_line(locale.value).starts_with(" ")) << locale.name;
    EXPECT_TRUE(opt_out_line(locale.value).contains("STOP")) << "the word that is honoured everywhere";
    EXPECT_TRUE(render(Phrase::text_help, usual_words, locale.value).contains("STOP")) << locale.name;
    EXPECT_TRUE(render(Phrase::text_help_generic, usual_words, locale.value).contains("STOP")) << locale.name;
  }
}

// Goal: no language is another one by mistake.
// Method: all phrases but those that two languages may share by nature.
TEST(Catalogue, LanguagesDiffer) {
  for (const Named<Phrase>& phrase : NamesOf<Phrase>::rows) {
    std::set<std::string_view> words;
    for (const Locale locale : {Locale::en_gb, Locale::es, Locale::pl, Locale::fr}) {
      EXPECT_TRUE(words.insert(template_of(phrase.value, locale)).second) << phrase.name;
    }
  }
  EXPECT_TRUE(template_of(Phrase::say_no_text, Locale::en_gb).contains("ring again"));
  EXPECT_TRUE(template_of(Phrase::say_no_text, Locale::en_us).contains("call again"));
}

// Goal: advice in danger names the numbers that are answered where the language is at home.
TEST(Catalogue, AdviceNamesTheEmergencyNumbers) {
  const auto names = [](Locale locale, std::string_view number) {
    return template_of(Phrase::text_emergency_advice, locale).contains(number) &&
           render(Phrase::text_danger, usual_words, locale).contains(number);
  };
  EXPECT_TRUE(names(Locale::en_gb, "999") && names(Locale::en_gb, "0800 111 999"));
  EXPECT_TRUE(names(Locale::en_us, "911"));
  EXPECT_TRUE(names(Locale::es, "112"));
  EXPECT_TRUE(names(Locale::pl, "112") && names(Locale::pl, "992"));
  EXPECT_TRUE(names(Locale::fr, "112") && names(Locale::fr, "18"));
}

// Goal: nothing in a business's name, a job or advice is taken for a placeholder.
// Method: words that look like placeholders, of every kind, in phrases that name several.
TEST(Catalogue, FillsInWordsInOnePass) {
  const std::string braces = "{business}{number}{reply_to}{job}{time}{advice}";
  EXPECT_EQ(render(Phrase::text_job_confirmed,
                   {.business = braces, .number = "+1", .job = braces, .time = "9", .advice = "run"}),
            braces + ": thanks, we have: " + braces + ". We will get back to you.");
  EXPECT_EQ(render(Phrase::text_danger, {.business = "{advice}", .number = "+1", .advice = "{business}"}),
            "{advice}: {business} We are telling the owner now.");
  EXPECT_EQ(render(Phrase::text_customer_intake_busy, {.business = "{time}", .number = "+1", .time = "{business}"})
                .substr(0, 8),
            "{time}: ");
}

// Goal: a job is one line within GSM-7, as far as that has something alike, cut at a word.
TEST(Catalogue, TidiesTheJob) {
  const auto confirmed = [](std::string_view job) {
    const std::string text = render(Phrase::text_job_confirmed, {.business = "S", .number = {}, .job = job});
    return text.substr(0, text.find(". We will")).substr(std::string_view("S: thanks, we have: ").size());
  };
  EXPECT_EQ(confirmed("cieknący kran – „pilne”!"), "cieknacy kran - \"pilne\"");
  EXPECT_EQ(confirmed("  a tap\r\n\r\nleaks\t. "), "a tap leaks");
  EXPECT_EQ(confirmed("fuite \xC3 d\u2019eau \U0001F6BF"), "fuite d'eau \U0001F6BF") << "nothing is like a shower";
  EXPECT_EQ(confirmed("протекает кран"), "протекает кран");
  const std::string long_job = "the boiler in the cellar makes a noise as if somebody knocked from inside";
  EXPECT_EQ(confirmed(long_job), "the boiler in the cellar makes a noise as if somebody");
  EXPECT_EQ(confirmed(std::string(100, 'x')), std::string(60, 'x')) << "one word alone is cut where it must be";
  EXPECT_EQ(confirmed(std::string(60, 'x') + " and more"), std::string(60, 'x'));
}

// Goal: words that are longer than fit are cut at a word; what fits is kept whole.
TEST(Catalogue, CutsWordsThatAreTooLong) {
  const auto asked = [](const std::string& name) {
    const std::string text = render(Phrase::text_job_question, {.business = name, .number = {}});
    return text.substr(0, text.find(": thanks"));
  };
  const std::string longest = std::string(39, 'x') + " " + std::string(40, 'y');
  EXPECT_EQ(asked(longest), longest);
  EXPECT_EQ(asked(longest + "y"), std::string(39, 'x'));
  EXPECT_EQ(asked(longest + " z"), longest);
  const std::string advice = render(Phrase::text_danger, {.business = "S", .number = {}, .advice = longest});
  EXPECT_TRUE(advice.contains(longest));
}

// Goal: a phrase without what it is about becomes the one that does without.
TEST(Catalogue, SaysNothingOfWhatIsNotKnown) {
  const PhraseWords words{.business = "S", .number = "+1"};
  for (const Named<Locale>& locale : NamesOf<Locale>::rows) {
    const auto said = [&](Phrase phrase) { return render(phrase, words, locale.value); };
    EXPECT_EQ(said(Phrase::text_job_confirmed), said(Phrase::text_passed_on));
    EXPECT_EQ(said(Phrase::text_customer_intake_busy), said(Phrase::text_customer_intake));
    EXPECT_EQ(said(Phrase::say_will_text_busy), said(Phrase::say_will_text));
  }
  EXPECT_EQ(render(Phrase::text_job_confirmed, {.business = "S", .number = {}, .job = " ?!\n"}),
            render(Phrase::text_passed_on, words))
      << "a job of signs alone is none";
}

// Goal: whatever is put in, a text stays within what the carrier takes, and valid UTF-8 stays valid.
// Method: any bytes as each word; then very long words of wide characters.
TEST(Catalogue, IsBoundedForAnyWords) {
  const auto is_bounded = [](Phrase phrase, Locale locale, const std::string& words) {
    const std::string text = render(
        phrase,
        {.business = words, .number = words, .reply_to = words, .job = words, .time = words, .advice = words},
        locale);
    const std::size_t units = measure_text(text + opt_out_line(locale)).units;
    return units <= text_characters_max && (!is_utf8(words) || is_utf8(text));
  };
  EXPECT_TRUE(rc::check([&](const std::string& bytes) {
    const auto phrase = *rc::gen::inRange<std::size_t>(0, NamesOf<Phrase>::rows.size());
    const auto locale = *rc::gen::inRange<std::size_t>(0, NamesOf<Locale>::rows.size());
    RC_ASSERT(is_bounded(NamesOf<Phrase>::rows.at(phrase).value, NamesOf<Locale>::rows.at(locale).value, bytes));
  }));
  for (const std::string_view character : {"x", "[", "\u2019", "\U0001F527", "\xFF", "x "}) {
    std::string words;
    for (int i = 0; i < 5000; ++i) words += character;
    for_each_phrase([&](Phrase phrase, Locale locale) { EXPECT_TRUE(is_bounded(phrase, locale, words)); });
  }
}

}  // namespace
}  // namespace jobrun
