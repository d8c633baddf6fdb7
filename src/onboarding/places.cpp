#include "places.hpp"

#include <algorithm>
#include <array>

namespace jobrun::onboarding {
namespace {

struct Town {
  std::string_view folded;  ///< with spaces between its words
  std::string_view name;
  std::string_view prefixes;  ///< of its numbers, with spaces between
};

constexpr std::array towns = {
    // United States
    Town{"new york city", "New York", "+1212 +1646 +1917 +1718 +1347"},
    Town{"new york", "New York", "+1212 +1646 +1917 +1718 +1347"},
    Town{"nyc", "New York", "+1212 +1646 +1917 +1718 +1347"},
    Town{"brooklyn", "Brooklyn", "+1718 +1347 +1917"},
    Town{"los angeles", "Los Angeles", "+1213 +1323 +1310 +1818"},
    Town{"chicago", "Chicago", "+1312 +1773 +1872"},
    Town{"houston", "Houston", "+1713 +1281 +1832"},
    Town{"phoenix", "Phoenix", "+1602 +1480 +1623"},
    Town{"philadelphia", "Philadelphia", "+1215 +1267"},
    Town{"san antonio", "San Antonio", "+1210 +1726"},
    Town{"san diego", "San Diego", "+1619 +1858"},
    Town{"dallas", "Dallas", "+1214 +1972 +1469"},
    Town{"san jose", "San Jose", "+1408 +1669"},
    Town{"austin", "Austin", "+1512 +1737"},
    Town{"fort worth", "Fort Worth", "+1817 +1682"},
    Town{"jacksonville", "Jacksonville", "+1904"},
    Town{"columbus", "Columbus", "+1614 +1380"},
    Town{"charlotte", "Charlotte", "+1704 +1980"},
    Town{"indianapolis", "Indianapolis", "+1317 +1463"},
    Town{"san francisco", "San Francisco", "+1415 +1628"},
    Town{"oakland", "Oakland", "+1510 +1341"},
    Town{"seattle", "Seattle", "+1206"},
    Town{"denver", "Denver", "+1303 +1720"},
    Town{"boston", "Boston", "+1617 +1857"},
    Town{"nashville", "Nashville", "+1615 +1629"},
    Town{"detroit", "Detroit", "+1313"},
    Town{"portland", "Portland", "+1503 +1971"},
    Town{"memphis", "Memphis", "+1901"},
    Town{"las vegas", "Las Vegas", "+1702 +1725"},
    Town{"baltimore", "Baltimore", "+1410 +1443"},
    Town{"atlanta", "Atlanta", "+1404 +1470 +1678"},
    Town{"miami", "Miami", "+1305 +1786"},
    Town{"tampa", "Tampa", "+1813"},
    Town{"orlando", "Orlando", "+1407 +1321"},
    Town{"minneapolis", "Minneapolis", "+1612"},
    Town{"sacramento", "Sacramento", "+1916"},
    // Canada
    Town{"toronto", "Toronto", "+1416 +1647 +1437"},
    Town{"montreal", "Montreal", "+1514 +1438"},
    Town{"vancouver", "Vancouver", "+1604 +1778 +1236"},
    Town{"calgary", "Calgary", "+1403 +1587"},
    Town{"edmonton", "Edmonton", "+1780 +1587"},
    Town{"ottawa", "Ottawa", "+1613 +1343"},
    Town{"winnipeg", "Winnipeg", "+1204 +1431"},
    // United Kingdom
    Town{"london", "London", "+4420"},
    Town{"birmingham", "Birmingham", "+44121"},
    Town{"manchester", "Manchester", "+44161"},
    Town{"leeds", "Leeds", "+44113"},
    Town{"sheffield", "Sheffield", "+44114"},
    Town{"liverpool", "Liverpool", "+44151"},
    Town{"bristol", "Bristol", "+44117"},
    Town{"newcastle", "Newcastle", "+44191"},
    Town{"nottingham", "Nottingham", "+44115"},
    Town{"leicester", "Leicester", "+44116"},
    Town{"glasgow", "Glasgow", "+44141"},
    Town{"edinburgh", "Edinburgh", "+44131"},
    Town{"cardiff", "Cardiff", "+4429"},
    Town{"belfast", "Belfast", "+4428"},
    Town{"reading", "Reading", "+44118"},
    Town{"southampton", "Southampton", "+4423"},
    // Ireland
    Town{"dublin", "Dublin", "+3531"},
    Town{"cork", "Cork", "+35321"},
    Town{"galway", "Galway", "+35391"},
    Town{"limerick", "Limerick", "+35361"},
    // Australia
    Town{"sydney", "Sydney", "+612"},
    Town{"melbourne", "Melbourne", "+613"},
    Town{"brisbane", "Brisbane", "+617"},
    Town{"perth", "Perth", "+618"},
    Town{"adelaide", "Adelaide", "+618"},
    Town{"canberra", "Canberra", "+612"},
};

constexpr std::array<int, 47> canadian_area_codes = {204, 226, 236, 249, 250, 263, 289, 306, 343, 354, 365, 367,
                                                     368, 382, 403, 416, 418, 428, 431, 437, 438, 450, 468, 474,
                                                     506, 514, 519, 548, 579, 581, 584, 587, 604, 613, 639, 647,
                                                     672, 683, 705, 709, 742, 753, 778, 780, 782, 807, 819};
constexpr std::array<int, 5> canadian_area_codes_too = {825, 867, 873, 879, 905};

constexpr std::string_view regions[] = {
    "al",       "ak",     "az",      "ar",        "ca",     "co",    "ct",         "de",       "fl",
    "ga",       "hi",     "id",      "il",        "in",     "ia",    "ks",         "ky",       "la",
    "me",       "md",     "ma",      "mi",        "mn",     "ms",    "mo",         "mt",       "ne",
    "nv",       "nh",     "nj",      "nm",        "ny",     "nc",    "nd",         "oh",       "ok",
    "or",       "pa",     "ri",      "sc",        "sd",     "tn",    "tx",         "ut",       "vt",
    "va",       "wa",     "wv",      "wi",        "wy",     "dc",    "on",         "bc",       "ab",
    "qc",       "mb",     "nsw",     "vic",       "qld",    "uk",    "us",         "usa",      "england",
    "scotland", "wales",  "ireland", "australia", "canada", "texas", "california", "florida",  "georgia",
    "ontario",  "quebec", "arizona", "colorado",  "oregon", "ohio",  "michigan",   "illinois", "yorkshire"};

int area_code_of(E164 number) {
  return static_cast<int>(number.digits() / 10'000'000 % 1'000);
}

bool has_prefix(const std::string& number, std::string_view prefix) {
  return number.starts_with(prefix);
}

/// `+1` and ten digits.
bool is_north_american(const std::string& number) {
  return has_prefix(number, "+1") && number.size() == 12;
}

void append_prefixes(std::vector<std::string>& area, std::string_view prefixes) {
  while (!prefixes.empty()) {
    const std::size_t end = std::min(prefixes.find(' '), prefixes.size());
    area.emplace_back(prefixes.substr(0, end));
    prefixes.remove_prefix(std::min(end + 1, prefixes.size()));
  }
}

std::string_view calling_code(Country country) {
  switch (country) {
    case Country::united_states:
    case Country::canada:
      return "+1";
    case Country::united_kingdom:
      return "+44";
    case Country::ireland:
      return "+353";
    case Country::australia:
      return "+61";
    case Country::elsewhere:
      return "";
  }
  return "";
}

/// How many of these words spell the town; 0: they do not.
std::size_t words_naming(const Town& town, std::span<const Word> words) {
  std::string_view rest = town.folded;
  std::size_t count = 0;
  while (!rest.empty()) {
    if (count == words.size()) return 0;
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view part = rest.substr(0, end);
    const std::string& typed = words[count].folded;
    if (typed != part && !(part.size() >= 6 && is_close(typed, part))) return 0;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++count;
  }
  return count;
}

}  // namespace

Country country_of(E164 number) {
  const std::string text = number.text();
  if (has_prefix(text, "+44")) return Country::united_kingdom;
  if (has_prefix(text, "+353")) return Country::ireland;
  if (has_prefix(text, "+61")) return Country::australia;
  if (!is_north_american(text)) return Country::elsewhere;
  const int code = area_code_of(number);
  const bool is_canadian = std::ranges::find(canadian_area_codes, code) != canadian_area_codes.end() ||
                           std::ranges::find(canadian_area_codes_too, code) != canadian_area_codes_too.end();
  return is_canadian ? Country::canada : Country::united_states;
}

std::string national(E164 number) {
  const Country country = country_of(number);
  std::string text = number.text();
  switch (country) {
    case Country::united_states:
    case Country::canada:
      return text.substr(2);
    case Country::united_kingdom:
    case Country::ireland:
    case Country::australia:
      return "0" + text.substr(calling_code(country).size());
    case Country::elsewhere:
      break;
  }
  return text;
}

std::string readable(E164 number) {
  std::string digits = national(number);
  switch (country_of(number)) {
    case Country::united_states:
    case Country::canada:
      return "(" + digits.substr(0, 3) + ") " + digits.substr(3, 3) + "-" + digits.substr(6);
    case Country::united_kingdom:
    case Country::ireland:
    case Country::australia:
    case Country::elsewhere:
      break;
  }
  return digits;
}

KnownPlace town_at(std::span<const Word> words) {
  for (const Town& town : towns) {
    if (const std::size_t count = words_naming(town, words)) return {town.name, count};
  }
  return {};
}

bool is_region(const Word& word) {
  // Words of their own, unless somebody wrote them as a State's.
  constexpr std::string_view words_too[] = {"in", "me", "or", "hi", "ok", "de", "la", "co",
                                            "id", "ma", "pa", "on", "al", "us", "oh"};
  const bool is_shouted = word.shown.size() == 2 && word.shown[0] <= 'Z' && word.shown[1] <= 'Z';
  return is_one_of(word.folded, regions) && (is_shouted || !is_one_of(word.folded, words_too));
}

std::vector<std::string> preferred_area(std::string_view place, E164 owner) {
  std::vector<std::string> area;
  const std::optional<Text> text = read_words(place);
  if (text && !text->pieces.empty()) {
    const Piece words = text->words();
    const KnownPlace known = town_at(words);
    const auto town = std::ranges::find(towns, known.name, &Town::name);
    if (known.words > 0 && town != towns.end()) append_prefixes(area, town->prefixes);
  }
  const std::string own = owner.text();
  if (is_north_american(own)) area.push_back(own.substr(0, 5));
  const std::string_view country = calling_code(country_of(owner));
  if (!country.empty()) area.emplace_back(country);
  return area;
}

}  // namespace jobrun::onboarding
