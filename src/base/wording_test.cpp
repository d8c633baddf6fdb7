#include "base/wording.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

std::string refusal(Phrase phrase, std::string_view own) {
  const Result<void> checked = check_wording(phrase, own);
  return checked ? "" : checked.error().message;
}

// Goal: a client says in its own words what is said in its name, and nothing else.
// Method: every phrase that is ours, with words that would be fine for it.
TEST(OwnWording, IsForWhatIsSaidInTheBusinesssName) {
  for (const Named<Phrase>& phrase : NamesOf<Phrase>::rows) {
    const bool is_ours = phrase.name.starts_with("text_failsafe") || phrase.name.starts_with("say_generic") ||
                         phrase.name.starts_with("say_screen") || phrase.name.ends_with("_generic") ||
                         phrase.value == Phrase::say_texts_only || phrase.value == Phrase::say_fallback ||
                         phrase.value == Phrase::text_triage_reply ||
                         phrase.value == Phrase::text_emergency_advice;
    EXPECT_EQ(is_client_wording(phrase.value), !is_ours) << phrase.name;
    const std::string_view words = template_of(phrase.value, Locale::en_gb);
    EXPECT_EQ(check_wording(phrase.value, words).has_value(), !is_ours) << phrase.name;
  }
  EXPECT_TRUE(refusal(Phrase::text_emergency_advice, "Run.").contains("emergency_advice")) << "says what to set";
}

// Goal: wrong words are refused before they go to every caller, and the error says what to change.
TEST(OwnWording, IsRefusedWhereItWouldGoWrong) {
  struct Row {
    Phrase phrase;
    std::string own;
    std::string_view said;
  };
  const Phrase intake = Phrase::text_customer_intake;
  const std::vector<Row> rows = {
      {intake, "Sorry we missed you, what is the job?", "must name {business}"},
      {Phrase::text_customer_intake_busy, "{business}: we are busy.", "must name {time}"},
      {Phrase::say_will_text_busy, "We are busy.", "must name {time}"},
      {Phrase::text_customer_intake_elsewhere, "{business}: text us.", "must name {reply_to}"},
      {Phrase::text_danger, "{business}: keep calm.", "must name {advice}"},
      {Phrase::text_help, "{business}: text us the job.", "STOP"},
      {intake, "{business}: sorry, {buisness}.",
       "{buisness} is no placeholder of this phrase, which are {business}"},
      {intake, "{business}: sorry until {time}.", "{time} is no placeholder"},
      {intake, "{business}: {} sorry.", "{} is no placeholder"},
      {intake, "{ business }: sorry.", "is no placeholder"},
      {intake, "{BUSINESS}: sorry.", "is no placeholder"},
      {intake, "{business}: sorry :-{", "a brace stands alone"},
      {intake, "{business}: sorry :-}", "a brace stands alone"},
      {intake, "{business: sorry", "a brace stands alone"},
      {intake, "{{business}}: sorry", "a brace stands alone"},
      {intake, "", "no words"},
      {intake, "   ", "no words"},
      {intake, "{business}: sorry\nwhat is the job?", "one line"},
      {intake, "{business}:\tsorry", "one line"},
      {intake, std::string("{business}: sorry\0!", 18), "one line"},
      {intake, "{business}: sorry \xFF", "UTF-8"},
      {intake, "{business}" + std::string(wording_characters_max, 'x'), "longer than 480"},
  };
  for (const Row& row : rows) {
    EXPECT_TRUE(refusal(row.phrase, row.own).contains(row.said))
        << row.own << ": " << refusal(row.phrase, row.own);
  }
  EXPECT_EQ(refusal(intake, "{business} here ({number}). Sorry! {business} will answer a text."), "");
  EXPECT_EQ(refusal(Phrase::say_will_text, "Sorry, we are on the roof. You get a text."), "") << "names nobody";
}

// Goal: any bytes can be checked and shown, and what passes the check leaves no placeholder and no bound.
TEST(OwnWording, TakesAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& picks) {
    constexpr std::array<std::string_view, 9> pieces = {"{business}", "{number}", "{", "}", "{time}",
                                                        " job ",      "\xC3",     "[", "\n"};
    std::string own = "{business}";
    for (const std::uint8_t pick : picks) own += pieces.at(pick % pieces.size());
    const auto at = *rc::gen::inRange<std::size_t>(0, NamesOf<Phrase>::rows.size());
    const Phrase phrase = NamesOf<Phrase>::rows.at(at).value;
    const Result<void> checked = check_wording(phrase, own);
    RC_ASSERT((checked || is_clean_utf8(checked.error().message)));
    const std::string text = preview(phrase, own, "Smith", Locale::fr).text;
    RC_ASSERT((!checked || text.find_first_of("{}") == std::string::npos));
  }));
  std::string crowd;
  while (crowd.size() + 11 < wording_characters_max) crowd += "{business}[";
  ASSERT_EQ(refusal(Phrase::text_customer_intake, crowd), "");
  const WordingPreview shown = preview(Phrase::text_customer_intake, crowd, std::string(80, '['), Locale::en_gb);
  EXPECT_LE(shown.size.units + 60, text_characters_max) << "room for the opt-out line";
}

// Goal: a preview is what a customer would get, with its price.
TEST(OwnWording, IsPreviewedWithItsPrice) {
  const WordingPreview shown =
      preview(Phrase::text_customer_intake_busy, "{business} \u2013 back at {time}", "Smith", Locale::en_gb);
  EXPECT_EQ(shown.text, "Smith \u2013 back at 15:00");
  EXPECT_EQ(shown.size.encoding, TextEncoding::ucs2);
  EXPECT_EQ(shown.size.segments, 1U);
  for (const Named<Locale>& locale : NamesOf<Locale>::rows) {
    for (const Named<Phrase>& phrase : NamesOf<Phrase>::rows) {
      const WordingPreview usual = preview(phrase.value, "", "Smith", locale.value);
      EXPECT_EQ(usual.text.find_first_of("{}"), std::string::npos) << usual.text;
      EXPECT_FALSE(usual.text.contains(": .")) << usual.text << ": every word has a sample";
    }
  }
}

// Goal: a client's own words come first, where they may be said; all others get the catalogue's.
TEST(OwnWording, ComesFirst) {
  ClientSettings settings;
  settings.wording["text_customer_intake"] = "Hi from {business}! {business} is on a roof.";
  settings.wording["text_passed_on"] = "{advice} no longer allowed";
  settings.wording["text_failsafe"] = "{number}: not yours";
  const PhraseWords words{.business = "Smith", .number = "+447700900123"};
  EXPECT_EQ(render_for(settings, Locale::fr, Phrase::text_customer_intake, words),
            "Hi from Smith! Smith is on a roof.")
      << "every occurrence is filled in";
  EXPECT_EQ(render_for(settings, Locale::fr, Phrase::text_customer_intake_busy, words),
            "Hi from Smith! Smith is on a roof.")
      << "without a time the phrase that does without";
  for (const Phrase phrase : {Phrase::text_passed_on, Phrase::text_failsafe, Phrase::text_declined}) {
    EXPECT_EQ(render_for(settings, Locale::fr, phrase, words), render(phrase, words, Locale::fr))
        << name_of(phrase);
  }
}

// Goal: the client's own emergency advice is given instead of the catalogue's.
TEST(OwnWording, HasItsOwnAdvice) {
  ClientSettings settings;
  const PhraseWords words{.business = "Smith", .number = {}};
  EXPECT_EQ(render_for(settings, Locale::en_gb, Phrase::text_danger, words),
            render(Phrase::text_danger, words, Locale::en_gb));
  settings.emergency_advice = "Turn off the stopcock. {business}";
  EXPECT_EQ(render_for(settings, Locale::en_us, Phrase::text_danger, words),
            "Smith: Turn off the stopcock. {business} We are telling the owner now.");
  EXPECT_EQ(render_for(settings, Locale::en_us, Phrase::text_emergency_advice, words), settings.emergency_advice);
  EXPECT_EQ(emergency_advice_for(settings, Locale::pl, "GB"), settings.emergency_advice);
}

// Goal: whatever language a customer writes, he is given a number that is answered where he is.
TEST(Advice, NamesTheNumberOfTheCountry) {
  const auto advice = [](Locale locale, std::string_view country) {
    return emergency_advice_for({}, locale, country);
  };
  for (const Named<Locale>& locale : NamesOf<Locale>::rows) {
    const std::string in_america = advice(locale.value, "US");
    EXPECT_TRUE(in_america.contains("911") && !in_america.contains("112")) << in_america;
    const std::string in_britain = advice(locale.value, "GB");
    EXPECT_TRUE(in_britain.contains("999") && !in_britain.contains("992")) << in_britain;
    const std::string in_germany = advice(locale.value, "DE");
    EXPECT_TRUE(in_germany.contains("112") && !in_germany.contains("0800")) << in_germany;
    EXPECT_EQ(in_germany.find_first_of("{}"), std::string::npos);
    EXPECT_EQ(advice(locale.value, ""), template_of(Phrase::text_emergency_advice, locale.value));
    EXPECT_EQ(measure_text(in_germany).encoding, TextEncoding::gsm7);
  }
  EXPECT_EQ(advice(Locale::pl, "PL"), template_of(Phrase::text_emergency_advice, Locale::pl));
  EXPECT_TRUE(advice(Locale::es, "MX").contains("911"));
}

// Goal: the customer chooses his language; else the client does; else it is that of the country.
TEST(LocaleChoice, IsTheCustomersThenTheClientsThenTheCountrys) {
  ClientSettings unset;
  ClientSettings polish{.locale = Locale::pl};
  for (const auto& [country, locale] : {std::pair{"US", Locale::en_us},
                                        {"CA", Locale::en_us},
                                        {"ES", Locale::es},
                                        {"MX", Locale::es},
                                        {"AR", Locale::es},
                                        {"PL", Locale::pl},
                                        {"FR", Locale::fr},
                                        {"GB", Locale::en_gb},
                                        {"IE", Locale::en_gb},
                                        {"DE", Locale::en_gb},
                                        {"BR", Locale::en_gb},
                                        {"", Locale::en_gb},
                                        {" A", Locale::en_gb}}) {
    EXPECT_EQ(locale_for(unset, std::nullopt, country), locale) << country;
    EXPECT_EQ(locale_for(polish, std::nullopt, country), Locale::pl) << country;
    for (const Locale chosen : {Locale::es, Locale::pl, Locale::fr, Locale::en_gb}) {
      EXPECT_EQ(locale_for(unset, chosen, country), chosen) << country;
      EXPECT_EQ(locale_for(polish, chosen, country), chosen) << country;
    }
  }
}

// Goal: a customer who writes English gets the English of the place, as his words do not tell whose he speaks.
TEST(LocaleChoice, KnowsWhoseEnglish) {
  const auto english = [](std::optional<Locale> set, std::string_view country) {
    return locale_for(ClientSettings{.locale = set}, Locale::en_us, country);
  };
  EXPECT_EQ(english(std::nullopt, "GB"), Locale::en_gb);
  EXPECT_EQ(english(std::nullopt, "US"), Locale::en_us);
  EXPECT_EQ(english(std::nullopt, "MX"), Locale::en_us);
  EXPECT_EQ(english(std::nullopt, "FR"), Locale::en_gb);
  EXPECT_EQ(english(Locale::en_us, "GB"), Locale::en_us) << "the client's";
  EXPECT_EQ(english(Locale::en_gb, "US"), Locale::en_gb) << "the client's";
  EXPECT_EQ(english(Locale::es, "US"), Locale::en_us);
  EXPECT_EQ(english(Locale::pl, "GB"), Locale::en_gb);
}

// Goal: a business is open within its hours, and closed all day on its holidays, also when it is always open.
TEST(Open, IsWithinHoursAndNotOnHolidays) {
  ClientSettings settings;
  const auto at = [](const char* date, int hour) {
    return LocalTime{parse_date(date).value(), TimeOfDay{hour * 60}};
  };
  EXPECT_TRUE(is_open(settings, at("2026-12-25", 3)));
  ASSERT_TRUE(set_client_setting(settings, "holidays", "2026-12-25,2026-12-26"));
  EXPECT_FALSE(is_open(settings, at("2026-12-25", 0)));
  EXPECT_FALSE(is_open(settings, at("2026-12-26", 23)));
  EXPECT_TRUE(is_open(settings, at("2026-12-27", 0)));
  ASSERT_TRUE(set_client_setting(settings, "business_hours", "Mon-Fri 8-17"));
  EXPECT_FALSE(is_open(settings, at("2026-12-25", 9))) << "a Friday, and a holiday";
  EXPECT_FALSE(is_open(settings, at("2026-12-27", 9))) << "a Sunday";
  EXPECT_TRUE(is_open(settings, at("2026-12-28", 8)));
  EXPECT_FALSE(is_open(settings, at("2026-12-28", 17)));
}

// Goal: in quiet hours the owner is told of danger only.
TEST(QuietOwner, IsToldOfDangerOnly) {
  ClientSettings settings;
  EXPECT_TRUE(may_be_told(settings, TimeOfDay{0}, false));
  ASSERT_TRUE(set_client_setting(settings, "quiet_hours", "22:00-07:00"));
  EXPECT_FALSE(may_be_told(settings, TimeOfDay{22 * 60}, false));
  EXPECT_FALSE(may_be_told(settings, TimeOfDay{7 * 60 - 1}, false));
  EXPECT_TRUE(may_be_told(settings, TimeOfDay{7 * 60}, false));
  EXPECT_TRUE(may_be_told(settings, TimeOfDay{0}, true));
}

}  // namespace
}  // namespace jobrun
