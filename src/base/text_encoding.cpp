#include "base/text_encoding.hpp"

#include <array>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

// 3GPP TS 23.038, default alphabet beyond ASCII, and its extension table.
constexpr std::u32string_view gsm7_beyond_ascii = U"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view gsm7_extension = U"^{}\\[~]|€\f";

struct LookAlikes {
  std::u32string_view characters;
  std::string_view instead;
};

// What keyboards, word processors and names on the web put where GSM-7 has something alike.
constexpr std::array look_alikes = {
    LookAlikes{U"\u2018\u2019\u201A\u201B\u2032`\u00B4\u02BC", "'"},
    LookAlikes{U"\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB", "\""},
    LookAlikes{U"\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"},
    LookAlikes{U"\u00A0\u2002\u2003\u2009\u202F", " "},
    LookAlikes{U"\u2026", "..."},
    LookAlikes{U"\u2022\u00B7", "*"},
    LookAlikes{U"\u00D7", "x"},
    LookAlikes{U"\u00AE", "(R)"},
    LookAlikes{U"\u00A9", "(C)"},
    LookAlikes{U"\u2122", "(TM)"},
    LookAlikes{U"ÁÀÂÃĀĂĄ", "A"},
    LookAlikes{U"áâãāăą", "a"},
    LookAlikes{U"ĆČ", "C"},
    LookAlikes{U"çćč", "c"},
    LookAlikes{U"ĐĎ", "D"},
    LookAlikes{U"đď", "d"},
    LookAlikes{U"ÈÊËĒĘĚ", "E"},
    LookAlikes{U"êëēęě", "e"},
    LookAlikes{U"Ğ", "G"},
    LookAlikes{U"ğ", "g"},
    LookAlikes{U"ÌÍÎÏĪİ", "I"},
    LookAlikes{U"íîïīı", "i"},
    LookAlikes{U"Ł", "L"},
    LookAlikes{U"ł", "l"},
    LookAlikes{U"ŃŇ", "N"},
    LookAlikes{U"ńň", "n"},
    LookAlikes{U"ÒÓÔÕŌŐ", "O"},
    LookAlikes{U"óôõōő", "o"},
    LookAlikes{U"Ř", "R"},
    LookAlikes{U"ř", "r"},
    LookAlikes{U"ŚŠŞ", "S"},
    LookAlikes{U"śšş", "s"},
    LookAlikes{U"Ť", "T"},
    LookAlikes{U"ť", "t"},
    LookAlikes{U"ÙÚÛŪŮŰ", "U"},
    LookAlikes{U"úûūůű", "u"},
    LookAlikes{U"ÝŸ", "Y"},
    LookAlikes{U"ýÿ", "y"},
    LookAlikes{U"ŹŻŽ", "Z"},
    LookAlikes{U"źżž", "z"},
};

std::size_t gsm7_septets(char32_t c) {
  if (gsm7_extension.find(c) != std::u32string_view::npos) return 2;
  const bool plain = c == U'\n' || c == U'\r' || (c >= 0x20 && c < 0x7F && c != U'`');
  return plain || gsm7_beyond_ascii.find(c) != std::u32string_view::npos ? 1 : 0;
}

std::size_t segments_of(std::size_t units, std::size_t single, std::size_t several) {
  if (units == 0) return 0;
  return units <= single ? 1 : (units + several - 1) / several;
}

}  // namespace

bool is_gsm7(char32_t character) {
  return gsm7_septets(character) > 0;
}

std::string_view gsm7_instead_of(char32_t character) {
  for (const auto& [characters, instead] : look_alikes) {
    if (characters.find(character) != std::u32string_view::npos) return instead;
  }
  return {};
}

TextSize measure_text(std::string_view body) {
  std::size_t septets = 0;
  std::size_t utf16_units = 0;
  bool gsm7 = true;
  while (!body.empty()) {
    const char32_t c = take_code_point(body);
    const std::size_t cost = gsm7_septets(c);
    gsm7 = gsm7 && cost > 0;
    septets += cost;
    utf16_units += c > 0xFFFF ? 2 : 1;
  }
  if (gsm7) return {TextEncoding::gsm7, septets, segments_of(septets, 160, 153)};
  return {TextEncoding::ucs2, utf16_units, segments_of(utf16_units, 70, 67)};
}

}  // namespace jobrun
