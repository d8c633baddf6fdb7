#include "name_warning.hpp"

#include <algorithm>
#include <vector>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "base/wording.hpp"

namespace jobrun::console_api {
namespace {

constexpr std::size_t characters_named_max = 8;

struct Character {
  char32_t code = 0;
  std::string written;
};

/// The characters of a name that GSM-7 lacks, each once.
std::vector<Character> foreign_characters(std::string_view name) {
  std::vector<Character> found;
  while (!name.empty()) {
    const std::string_view before = name;
    const char32_t code = take_code_point(name);
    if (is_gsm7(code) || std::ranges::find(found, code, &Character::code) != found.end()) continue;
    found.push_back({code, std::string(before.substr(0, before.size() - name.size()))});
  }
  return found;
}

/// Some characters cannot be seen, many look like others: so the code point too, as `U+2019`.
std::string code_point_text(char32_t code) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string digits;
  for (; code != 0 || digits.size() < 4; code >>= 4U) digits.insert(digits.begin(), hex[code & 0xFU]);
  return "U+" + digits;
}

std::string in_gsm7(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const std::string_view before = name;
    const char32_t code = take_code_point(name);
    text += is_gsm7(code) ? before.substr(0, before.size() - name.size()) : gsm7_instead_of(code);
  }
  return text;
}

/// The longest that the first text to a caller gets: with the opt-out line.
std::size_t segments_of_intake(std::string_view name, const ClientSettings& settings, Locale locale) {
  const PhraseWords words{.business = name, .number = {}};
  return measure_text(render_for(settings, locale, Phrase::text_customer_intake, words) + opt_out_line(locale))
      .segments;
}

/// As the name makes them, and as they would be.
struct Price {
  std::size_t segments = 0;
  std::size_t within_gsm7 = 0;
};

Price price_of(std::string_view name, const ClientSettings& settings) {
  Price dearest;
  for (const Named<Locale>& row : NamesOf<Locale>::rows) {
    if (settings.locale && *settings.locale != row.value) continue;
    const Price price{segments_of_intake(name, settings, row.value),
                      segments_of_intake(in_gsm7(name), settings, row.value)};
    if (price.segments > dearest.segments) dearest = price;
  }
  return dearest;
}

}  // namespace

std::optional<std::string> warning_about_name(std::string_view name, const ClientSettings& settings) {
  const std::vector<Character> foreign = foreign_characters(name);
  if (foreign.empty()) return std::nullopt;
  const Price price = price_of(name, settings);
  std::string listed;
  std::string advice;
  for (const Character& character : foreign) {
    if (&character - foreign.data() == characters_named_max) {
      listed += " and more";
      break;
    }
    listed += (listed.empty() ? "" : ", ") + character.written + " (" + code_point_text(character.code) + ")";
    const std::string_view instead = gsm7_instead_of(character.code);
    advice += (advice.empty() ? "" : ", ") + (instead.empty() ? "nothing" : std::string(instead)) +
              " instead of " + character.written;
  }
  return "the name has " + listed +
         ", which texts in GSM-7 cannot have: every text that names this business goes "
         "out as UCS-2, and the one after a missed call takes " +
         std::to_string(price.segments) + " segments instead of " + std::to_string(price.within_gsm7) +
         ". Write " + advice;
}

}  // namespace jobrun::console_api
