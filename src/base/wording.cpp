#include "base/wording.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "catalogue_parts.hpp"

namespace jobrun {
namespace {

using Allowed = std::vector<AllowedPlaceholder>;

constexpr AllowedPlaceholder may_name(Placeholder placeholder) {
  return {placeholder, false};
}
constexpr AllowedPlaceholder must_name(Placeholder placeholder) {
  return {placeholder, true};
}

std::string in_braces(Placeholder placeholder) {
  return "{" + std::string(name_of(placeholder)) + "}";
}

std::string listed(const Allowed& allowed) {
  std::string names;
  for (const AllowedPlaceholder& each : allowed)
    names += (names.empty() ? "" : ", ") + in_braces(each.placeholder);
  return names.empty() ? "none" : names;
}

std::size_t characters_in(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).size);
  return count;
}

Result<void> check_letters(std::string_view own) {
  if (own.find_first_not_of(' ') == std::string_view::npos) return invalid("there are no words");
  if (!is_clean_utf8(own) || own.find_first_of("\n\t") != std::string_view::npos) {
    return invalid("the words must be one line of UTF-8, without control characters");
  }
  if (characters_in(own) > wording_characters_max) {
    return invalid("the words are longer than " + std::to_string(wording_characters_max) + " characters");
  }
  return {};
}

std::unexpected<Error> stray_brace(std::string_view part, std::string_view left, const Allowed& allowed) {
  const std::size_t end = left.find_first_of("{}");
  const bool is_closed = part == "{" && end != std::string_view::npos && left[end] == '}';
  if (!is_closed) {
    return invalid("a brace stands alone: { and } are for placeholders only, which here are " + listed(allowed));
  }
  return invalid("{" + std::string(utf8_prefix(left.substr(0, end), 40)) +
                 "} is no placeholder of this phrase, which are " + listed(allowed));
}

/// Only placeholders that the phrase has, and all that it must have.
Result<void> check_placeholders(const Allowed& allowed, std::string_view own) {
  std::vector<Placeholder> named;
  while (!own.empty()) {
    const TemplatePart part = take_part(own);
    if (!part.placeholder) {
      if (part.words.find_first_of("{}") != std::string_view::npos) return stray_brace(part.words, own, allowed);
      continue;
    }
    if (std::ranges::find(allowed, *part.placeholder, &AllowedPlaceholder::placeholder) == allowed.end()) {
      return invalid(in_braces(*part.placeholder) + " is no placeholder of this phrase, which are " +
                     listed(allowed));
    }
    named.push_back(*part.placeholder);
  }
  for (const AllowedPlaceholder& each : allowed) {
    if (each.is_obligatory && std::ranges::find(named, each.placeholder) == named.end()) {
      return invalid("the words must name " + in_braces(each.placeholder));
    }
  }
  return {};
}

/// The client's own words; empty where it has none, or none that may be said.
std::string_view own_words(const ClientSettings& settings, Phrase phrase) {
  const auto own = settings.wording.find(name_of(phrase));
  if (own == settings.wording.end() || !check_wording(phrase, own->second)) return {};
  return own->second;
}

bool is_spanish_american(std::string_view country) {
  constexpr std::string_view countries = " AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE ";
  return country.size() == 2 && countries.find(" " + std::string(country) + " ") != std::string_view::npos;
}

Locale locale_of_country(std::string_view country) {
  if (country == "US" || country == "CA") return Locale::en_us;
  if (country == "ES" || is_spanish_american(country)) return Locale::es;
  if (country == "PL") return Locale::pl;
  if (country == "FR") return Locale::fr;
  return Locale::en_gb;
}

/// 112 reaches the emergency services from mobile phones nearly everywhere.
std::string_view emergency_number_of(std::string_view country) {
  if (country == "US" || country == "CA" || country == "MX" || country == "PR") return "911";
  if (country == "GB") return "999";
  return "112";
}

/// Whether the catalogue's advice in that language names the numbers of that country.
bool is_at_home(Locale locale, std::string_view country) {
  switch (locale) {
    case Locale::en_us:
      return country == "US" || country == "CA";
    case Locale::en_gb:
      return country == "GB";
    case Locale::es:
      return country == "ES";
    case Locale::pl:
      return country == "PL";
    case Locale::fr:
      return country == "FR";
  }
  return false;
}

}  // namespace

bool is_client_wording(Phrase phrase) {
  switch (phrase) {
    case Phrase::say_will_text:
    case Phrase::say_already_texted:
    case Phrase::say_no_text:
    case Phrase::say_will_text_closed:
    case Phrase::say_will_text_busy:
    case Phrase::say_no_text_voicemail:
    case Phrase::say_will_text_voicemail:
    case Phrase::say_voicemail_thanks:
    case Phrase::text_customer_intake:
    case Phrase::text_customer_intake_elsewhere:
    case Phrase::text_customer_intake_late:
    case Phrase::text_customer_intake_late_elsewhere:
    case Phrase::text_customer_intake_closed:
    case Phrase::text_customer_intake_busy:
    case Phrase::text_job_confirmed:
    case Phrase::text_job_question:
    case Phrase::text_call_confirmed:
    case Phrase::text_passed_on:
    case Phrase::text_cancelled:
    case Phrase::text_danger:
    case Phrase::text_accepted:
    case Phrase::text_declined:
    case Phrase::text_help:
      return true;
    case Phrase::say_generic_will_text:
    case Phrase::say_generic_already_texted:
    case Phrase::say_generic_no_text:
    case Phrase::say_texts_only:
    case Phrase::say_screen:
    case Phrase::say_screen_missed:
    case Phrase::say_fallback:
    case Phrase::text_failsafe:
    case Phrase::text_triage_reply:
    case Phrase::text_failsafe_elsewhere:
    case Phrase::text_failsafe_late:
    case Phrase::text_failsafe_late_elsewhere:
    case Phrase::text_emergency_advice:
    case Phrase::text_help_generic:
      return false;
  }
  return false;
}

std::vector<AllowedPlaceholder> placeholders_of(Phrase phrase) {
  using enum Placeholder;
  switch (phrase) {
    case Phrase::say_generic_will_text:
    case Phrase::say_generic_already_texted:
    case Phrase::say_generic_no_text:
    case Phrase::say_texts_only:
    case Phrase::say_screen_missed:
    case Phrase::say_fallback:
    case Phrase::text_emergency_advice:
      return {};
    case Phrase::text_failsafe:
    case Phrase::text_triage_reply:
    case Phrase::text_failsafe_late:
    case Phrase::text_help_generic:
      return {must_name(number)};
    case Phrase::text_failsafe_elsewhere:
    case Phrase::text_failsafe_late_elsewhere:
      return {must_name(number), must_name(reply_to)};
    case Phrase::say_screen:
    case Phrase::text_help:
    case Phrase::text_customer_intake:
    case Phrase::text_customer_intake_late:
    case Phrase::text_customer_intake_closed:
      return {must_name(business), may_name(number)};
    case Phrase::text_customer_intake_elsewhere:
    case Phrase::text_customer_intake_late_elsewhere:
      return {must_name(business), may_name(number), must_name(reply_to)};
    case Phrase::text_customer_intake_busy:
      return {must_name(business), may_name(number), must_name(time)};
    case Phrase::say_will_text_busy:
      return {may_name(business), may_name(number), must_name(time)};
    case Phrase::text_job_confirmed:
      return {may_name(business), may_name(number), may_name(job)};
    case Phrase::text_danger:
      return {may_name(business), may_name(number), must_name(advice)};
    case Phrase::say_will_text:
    case Phrase::say_already_texted:
    case Phrase::say_no_text:
    case Phrase::say_will_text_closed:
    case Phrase::say_no_text_voicemail:
    case Phrase::say_will_text_voicemail:
    case Phrase::say_voicemail_thanks:
    case Phrase::text_job_question:
    case Phrase::text_call_confirmed:
    case Phrase::text_passed_on:
    case Phrase::text_cancelled:
    case Phrase::text_accepted:
    case Phrase::text_declined:
      return {may_name(business), may_name(number)};
  }
  return {};
}

Result<void> check_wording(Phrase phrase, std::string_view own) {
  if (phrase == Phrase::text_emergency_advice) return invalid("set emergency_advice instead");
  if (!is_client_wording(phrase)) {
    return invalid(std::string(name_of(phrase)) + " is not said in the business's name, and stays as it is");
  }
  if (Result<void> checked = check_letters(own); !checked) return checked;
  if (Result<void> checked = check_placeholders(placeholders_of(phrase), own); !checked) return checked;
  if (phrase == Phrase::text_help && own.find("STOP") == std::string_view::npos) {
    return invalid("the words must say that STOP ends our texts");
  }
  return {};
}

WordingPreview preview(Phrase phrase, std::string_view own, std::string_view business, Locale locale) {
  // Numbers that are kept for fiction, so that a preview shows nobody's.
  const PhraseWords words{.business = business,
                          .number = "+447700900123",
                          .reply_to = "+447700900124",
                          .job = language_of(locale).sample_job,
                          .time = "15:00",
                          .advice = {}};
  std::string text = fill_in(own.empty() ? template_of(phrase, locale) : own, words, locale);
  const TextSize size = measure_text(text);
  return {std::move(text), size};
}

std::string render_for(const ClientSettings& settings, Locale locale, Phrase phrase, const PhraseWords& words) {
  PhraseWords told = words;
  if (told.advice.empty()) told.advice = settings.emergency_advice;
  if (phrase == Phrase::text_emergency_advice && !told.advice.empty()) return std::string(told.advice);
  phrase = phrase_with(told, phrase);
  const std::string_view own = own_words(settings, phrase);
  return fill_in(own.empty() ? template_of(phrase, locale) : own, told, locale);
}

Locale locale_for(const ClientSettings& settings, std::optional<Locale> customer_language,
                  std::string_view country) {
  const Locale usual = settings.locale.value_or(locale_of_country(country));
  if (!customer_language) return usual;
  // What reads a customer's words tells English, not whose.
  if (*customer_language != Locale::en_us || usual == Locale::en_us) return *customer_language;
  const bool is_in_the_americas = is_spanish_american(country) || locale_of_country(country) == Locale::en_us;
  return usual != Locale::en_gb && is_in_the_americas ? Locale::en_us : Locale::en_gb;
}

std::string emergency_advice_for(const ClientSettings& settings, Locale locale, std::string_view country) {
  if (!settings.emergency_advice.empty()) return settings.emergency_advice;
  if (country.empty() || is_at_home(locale, country)) {
    return std::string(template_of(Phrase::text_emergency_advice, locale));
  }
  return fill_in(language_of(locale).advice_elsewhere, {.business = {}, .number = emergency_number_of(country)},
                 locale);
}

bool is_open(const ClientSettings& settings, const LocalTime& time) {
  if (std::ranges::find(settings.holidays, time.date) != settings.holidays.end()) return false;
  return settings.business_hours.contains(time);
}

bool may_be_told(const ClientSettings& settings, TimeOfDay time, bool is_danger) {
  return is_danger || !settings.quiet_hours.contains(time);
}

}  // namespace jobrun
