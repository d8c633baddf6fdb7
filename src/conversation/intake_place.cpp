#include "intake_place.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "intake_when.hpp"

namespace jobrun::conversation {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view street_words[] = {
    "street",   "st",     "road",    "rd",       "lane",    "ln",        "avenue", "ave",      "av",   "drive",
    "dr",       "close",  "cl",      "crescent", "cres",    "court",     "ct",     "place",    "pl",   "way",
    "terrace",  "ter",    "grove",   "gardens",  "gdns",    "square",    "sq",     "hill",     "row",  "walk",
    "view",     "park",   "rise",    "mews",     "parade",  "boulevard", "blvd",   "highway",  "hwy",  "parkway",
    "pkwy",     "circle", "cir",     "trail",    "trl",     "quay",      "wharf",  "gate",     "vale", "dale",
    "green",    "mount",  "lodge",   "house",    "cottage", "cottages",  "farm",   "barn",     "hall", "manor",
    "heights",  "fields", "meadow",  "meadows",  "estate",  "yard",      "croft",  "bank",     "top",  "forge",
    "villas",   "villa",  "towers",  "tower",    "point",   "bridge",    "mill",   "crossing", "loop", "pike",
    "turnpike", "plaza",  "strasse", "str",      "weg",     "platz",     "allee",  "gasse"};
constexpr std::string_view first_street_words[] = {
    "calle",  "avenida", "avda",     "plaza", "paseo",   "carrera", "camino",     "ul",  "ulica",     "ulicy",
    "al",     "aleja",   "alei",     "os",    "osiedle", "osiedlu", "plac",       "rue", "boulevard", "bd",
    "chemin", "impasse", "allee",    "quai",  "place",   "avenue",  "route",      "via", "viale",     "piazza",
    "corso",  "rua",     "travessa", "praca", "strada",  "str",     "bulevardul", "bld"};
constexpr std::string_view joining_words[] = {"de", "la", "las", "los", "del", "des", "du", "le",  "les", "di",
                                              "da", "do", "dos", "lui", "und", "of",  "st", "the", "l",   "d"};
constexpr std::string_view unit_words[] = {
    "flat", "apt",     "apartment", "unit", "suite", "piso", "apto",    "mieszkanie", "m",    "appartement",
    "appt", "wohnung", "number",    "no",   "nr",    "lot",  "trailer", "interno",    "scala"};
constexpr std::string_view before_towns[] = {"in",      "at",   "near",     "from",     "to",  "cover", "around",
                                             "en",      "w",    "we",       "a",        "bei", "em",    "zone",
                                             "address", "dans", "nach",     "its",      "by",  "im",    "on",
                                             "live",    "of",   "location", "postcode", "zip"};
constexpr std::string_view capitals_of_no_town[] = {
    "i",        "zip",       "postcode", "sink",    "hi",       "hello",     "monday",    "tuesday",   "wednesday",
    "thursday", "friday",    "saturday", "sunday",  "mon",      "tue",       "tues",      "wed",       "weds",
    "thu",      "thur",      "thurs",    "fri",     "sat",      "sun",       "january",   "february",  "march",
    "april",    "may",       "june",     "july",    "august",   "september", "october",   "november",  "december",
    "easter",   "christmas", "xmas",     "pm",      "am",       "im",        "id",        "ive",       "ill",
    "co",       "ac",        "ev",       "tv",      "hmo",      "upvc",      "karen",     "jean",      "maytag",
    "bosch",    "worcester", "vaillant", "baxi",    "ideal",    "samsung",   "lg",        "ikea",      "tesla",
    "mr",       "mrs",       "ms",       "miss",    "stop",     "yes",       "no",        "name",      "job",
    "when",     "address",   "thanks",   "regards", "kind",     "cheers",    "sent",      "dave",      "john",
    "sarah",    "mike",      "anna",     "mark",    "steve",    "paul",      "priya",     "english",   "polish",
    "spanish",  "french",    "facebook", "google",  "whatsapp", "hotpoint",  "whirlpool", "potterton", "glow",
    "nest",     "hive",      "fiat",     "fiesta",  "corsa"};
constexpr std::string_view states[] = {
    "al", "ak", "az", "ar", "ca", "co", "ct", "de", "fl", "ga", "hi", "id", "il", "in", "ia", "ks", "ky",
    "la", "me", "md", "ma", "mi", "mn", "ms", "mo", "mt", "ne", "nv", "nh", "nj", "nm", "ny", "nc", "nd",
    "oh", "ok", "or", "pa", "ri", "sc", "sd", "tn", "tx", "ut", "vt", "va", "wa", "wv", "wi", "wy", "dc"};

/// What a part of an address is worth where two do not stand together.
struct Part {
  Span span;
  int worth;
};

bool is_letters(std::string_view word, std::size_t from, std::size_t to) {
  return std::ranges::all_of(word.substr(from, to - from), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// `ls6`, `hg1`, `yo26`, `ec1a`.
bool is_outward_code(std::string_view word) {
  if (word.size() < 2 || word.size() > 4) return false;
  const std::size_t digit = word.find_first_of("0123456789");
  if (digit == 0 || digit > 2 || digit == std::string_view::npos) return false;
  const bool ends_well = std::ranges::all_of(word.substr(digit, word.size() - digit - 1), is_digit);
  const char last = word.back();
  return is_letters(word, 0, digit) && ends_well && (is_digit(last) || (last >= 'a' && last <= 'z'));
}

/// `3qp`.
bool is_inward_code(std::string_view word) {
  return word.size() == 3 && is_digit(word[0]) && is_letters(word, 1, 3);
}

/// Goes through the words and puts down what may be a part of an address.
class PlaceFinder {
 public:
  explicit PlaceFinder(const Reading& reading) : reading_(reading), words_(reading.words) {
    const auto small = std::ranges::count_if(words_, [](const Word& word) { return !word.is_shouted; });
    is_shouting_ = static_cast<std::size_t>(small) * 2 < words_.size();
  }

  std::vector<Span> find() {
    for (std::size_t at = 0; at < words_.size();) {
      const std::optional<Part> part = part_at(at);
      if (part) parts_.push_back(*part);
      at = part ? part->span.last : at + 1;
    }
    return joined();
  }

 private:
  std::optional<Part> part_at(std::size_t at) const {
    constexpr int sure = 3;
    constexpr int likely = 2;
    constexpr int possible = 1;
    if (const std::size_t end = postcode_at(at)) return Part{{at, end}, sure};
    if (const std::size_t end = unit_at(at)) return Part{{at, end}, likely};
    if (const std::size_t end = foreign_street_at(at)) return Part{{at, end}, sure};
    if (const std::size_t end = numbered_street_at(at)) return Part{{at, end}, sure};
    if (const std::size_t end = street_at(at)) return Part{{at, end}, likely};
    if (const std::size_t end = crossing_at(at)) return Part{{at, end}, sure};
    if (const std::size_t end = town_at(at)) return Part{{at, end}, possible};
    return std::nullopt;
  }

  bool follows_place(std::size_t at) const { return !parts_.empty() && parts_.back().span.last == at; }

  bool ends_at(std::size_t at) const { return at >= words_.size(); }

  std::size_t postcode_at(std::size_t at) const {
    const std::string& word = words_[at].folded;
    const bool has_next = at + 1 < words_.size();
    if (is_outward_code(word) && has_next && is_inward_code(words_[at + 1].folded)) return at + 2;
    if (word.size() >= 5 && word.size() <= 7 &&
        is_outward_code(std::string_view(word).substr(0, word.size() - 3)) &&
        is_inward_code(std::string_view(word).substr(word.size() - 3)))
      return at + 1;
    const bool is_after_place = follows_place(at);
    if (is_outward_code(word) && words_[at].is_shouted && is_after_place) return at + 1;
    if (is_after_place && words_[at].is_shouted && is_one_of(word, states)) return at + 1;
    const bool is_zip = word.size() == 5 && number_in(word) > 0;
    constexpr std::string_view zips[] = {"zip", "zipcode", "code", "in", "at", "area", "cp", "plz"};
    const bool is_announced = at > 0 && is_one_of(words_[at - 1].folded, zips);
    const bool stands_alone = at > 0 && at + 1 == words_.size() && words_[at - 1].after >= Break::comma;
    return is_zip && (is_announced || is_after_place || stands_alone) ? at + 1 : 0;
  }

  std::size_t unit_at(std::size_t at) const {
    if (!is_one_of(words_[at].folded, unit_words) || at + 1 >= words_.size()) return 0;
    if (words_[at].after > Break::none) return 0;
    const std::string& next = words_[at + 1].folded;
    const bool is_letter = next.size() == 1 && words_[at + 1].is_capital;
    const bool is_unit = is_number(next) || is_letter;
    constexpr std::string_view numbers[] = {"number", "no", "nr", "m"};
    if (!is_unit) return 0;
    if (!is_one_of(words_[at].folded, numbers)) return at + 2;
    const std::size_t end = numbered_street_at(at + 1);
    return end;
  }

  bool is_name(std::size_t at) const {
    const Word& word = words_[at];
    if (word.folded.front() == '<' || is_number(word.folded)) return false;
    return word.is_capital || is_one_of(word.folded, joining_words);
  }

  /// `calle Mayor 12`, `ul. Polna 4`, `12 rue des Lilas`.
  std::size_t foreign_street_at(std::size_t at) const {
    const bool has_number = is_number(words_[at].folded) && at + 1 < words_.size();
    std::size_t end = has_number ? at + 1 : at;
    if (!is_one_of(words_[end].folded, first_street_words)) return german_street_at(at);
    constexpr std::string_view shorts[] = {"al",    "os",     "place", "via",       "a",
                                           "route", "avenue", "allee", "boulevard", "str"};
    const bool is_short = is_one_of(words_[end].folded, shorts) && !has_number;
    const std::size_t first_name = ++end;
    constexpr std::size_t names_max = 5;
    bool has_name = false;
    while (end < words_.size() && end < first_name + names_max) {
      const Word& word = words_[end];
      if (!is_one_of(word.folded, joining_words) && !word.is_capital && (is_short || has_name)) break;
      if (is_number(word.folded)) break;
      has_name = has_name || !is_one_of(word.folded, joining_words);
      ++end;
      if (words_[end - 1].after > Break::none) break;
    }
    if (!has_name) return 0;
    const bool may_have_number = !has_number && end < words_.size() && words_[end - 1].after <= Break::comma;
    if (may_have_number && is_number(words_[end].folded)) ++end;
    return end;
  }

  /// `Gartenstraße 5`.
  std::size_t german_street_at(std::size_t at) const {
    constexpr std::string_view endings[] = {"strasse", "weg", "platz", "gasse", "allee", "str"};
    const std::string_view word = words_[at].folded;
    const bool is_street = words_[at].is_capital && std::ranges::any_of(endings, [&](std::string_view ending) {
                             return word.size() > ending.size() + 2 && word.ends_with(ending);
                           });
    if (!is_street || at + 1 >= words_.size() || !is_number(words_[at + 1].folded)) return 0;
    return at + 2;
  }

  bool may_name_street(std::size_t at) const {
    const Word& word = words_[at];
    constexpr std::string_view never[] = {"in",   "at", "is",   "a",   "my",    "and",   "for",  "on",  "to",
                                          "with", "am", "pm",   "i",   "we",    "you",   "it",   "our", "your",
                                          "from", "of", "days", "day", "weeks", "hours", "years"};
    return word.folded.front() != '<' && !is_number(word.folded) && !is_one_of(word.folded, never);
  }

  /// A number, at most four words, and a word for streets; or a number and names with capitals.
  std::size_t numbered_street_at(std::size_t at) const {
    if (!is_number(words_[at].folded) || words_[at].after > Break::none) return 0;
    constexpr std::size_t names_max = 5;
    std::size_t capitals = at + 1;
    bool is_all_capital = true;
    std::size_t found = 0;
    for (std::size_t end = at + 1; end < words_.size() && end <= at + names_max; ++end) {
      if (!may_name_street(end) || is_one_of(words_[end].folded, unit_words)) break;
      is_all_capital = is_all_capital && words_[end].is_capital && !is_time_or_thing(end);
      if (is_all_capital) capitals = end + 1;
      const bool is_street = is_one_of(words_[end].folded, street_words);
      const bool has_name = end > at + 1 || words_[end].is_capital;
      if (is_street && has_name) found = end + 1;
      if (words_[end].after > Break::none && words_[end].after != Break::sentence) break;
      if (words_[end].after == Break::sentence) break;
    }
    if (found > 0) return std::max(found, is_shouting_ ? found : capitals > found ? capitals : found);
    return capitals > at + 1 && !is_shouting_ ? capitals : 0;
  }

  bool is_time_or_thing(std::size_t at) const {
    return is_one_of(words_[at].folded, capitals_of_no_town) || names_time(words_[at].folded) ||
           reading_.has_at(Sense::heat, at);
  }

  /// Names with capitals and a word for streets: `Mill Lane`, `The Old Forge`.
  std::size_t street_at(std::size_t at) const {
    if (is_shouting_ || !words_[at].is_capital) return small_street_at(at);
    constexpr std::size_t names_max = 4;
    for (std::size_t end = at + 1; end < words_.size() && end <= at + names_max; ++end) {
      if (words_[end - 1].after > Break::none || !is_name(end)) return 0;
      const bool is_last =
          end + 1 >= words_.size() || !words_[end + 1].is_capital || words_[end].after > Break::none;
      const bool is_street = words_[end].is_capital && is_one_of(words_[end].folded, street_words);
      if (is_street && (is_last || !is_one_of(words_[end + 1].folded, street_words))) return end + 1;
    }
    return 0;
  }

  /// `at mill lane`, where nobody wrote capitals.
  std::size_t small_street_at(std::size_t at) const {
    constexpr std::string_view sure[] = {"street", "road",     "rd",      "lane",  "avenue",
                                         "ave",    "crescent", "terrace", "grove", "close"};
    constexpr std::string_view before[] = {"at", "on", "in", "off"};
    const bool is_announced = at > 0 && is_one_of(words_[at - 1].folded, before);
    if (!is_announced || at + 1 >= words_.size() || !may_name_street(at) || words_[at].after > Break::none)
      return 0;
    if (words_[at].folded == "the" || words_[at].folded == "this") return 0;
    return is_one_of(words_[at + 1].folded, sure) ? at + 2 : 0;
  }

  /// `5th and Main`, `I-90 exit 14`, `M62 junction 26`.
  std::size_t crossing_at(std::size_t at) const {
    constexpr std::string_view ways_off[] = {"exit", "junction", "jct", "j"};
    const std::string& word = words_[at].folded;
    const auto has = [&](std::size_t ahead) { return at + ahead < words_.size(); };
    const bool is_ordinal =
        word.ends_with("th") || word.ends_with("st") || word.ends_with("nd") || word.ends_with("rd");
    const bool is_numbered = is_ordinal && is_digit(word.front());
    if (is_numbered && has(2) && words_[at + 1].folded == "and" && words_[at + 2].is_capital) return at + 3;
    const bool is_interstate = word == "i" && has(1) && is_number(words_[at + 1].folded);
    const bool is_motorway = word.size() > 1 && word.size() < 5 && words_[at].is_capital &&
                             (word[0] == 'm' || word[0] == 'a') && number_in(std::string_view(word).substr(1)) > 0;
    const std::size_t end = is_interstate ? at + 2 : at + 1;
    if (!is_interstate && !is_motorway) return 0;
    const bool has_way_off = end + 1 < words_.size() && is_one_of(words_[end].folded, ways_off);
    return has_way_off ? end + 2 : is_interstate ? end : 0;
  }

  bool may_name_town(std::size_t at) const {
    const Word& word = words_[at];
    if (!word.is_capital || word.folded.size() < 3 || is_time_or_thing(at)) return false;
    if (word.folded.find_first_of("0123456789") != std::string::npos) return false;
    return !is_known_word(word.folded) || at > 0;
  }

  /// `in Leeds`, `Leeds` after a comma, at the end; in small letters only a word that is no other.
  std::size_t town_at(std::size_t at) const {
    const bool is_announced =
        at > 0 && is_one_of(words_[at - 1].folded, before_towns) && words_[at - 1].after <= Break::comma;
    if (is_announced && is_unknown_town(at)) return at + 1;
    if (is_shouting_ || !may_name_town(at)) return 0;
    std::size_t end = at;
    while (end < words_.size() && words_[end].is_capital && may_name_town(end)) {
      ++end;
      if (words_[end - 1].after > Break::none) break;
    }
    if (end == at) return 0;
    const bool is_unknown = std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(at),
                                        words_.begin() + static_cast<std::ptrdiff_t>(end),
                                        [](const Word& word) { return !is_known_word(word.folded); });
    const bool is_after_break = at > 0 && words_[at - 1].after >= Break::comma;
    const bool goes_to = end + 1 < words_.size() && words_[end].folded == "to" && words_[end + 1].is_capital &&
                         may_name_town(end + 1);
    if (goes_to && is_unknown && at > 0) return end + 2;
    const bool is_last = end == words_.size();
    const bool begins_sentence = at == 0 || words_[at - 1].after >= Break::sentence;
    if (follows_place(at) && is_after_break) return end;
    const bool has_code =
        end < words_.size() && ((words_[end].is_shouted && is_one_of(words_[end].folded, states)) ||
                                (words_[end].folded.size() == 5 && number_in(words_[end].folded) > 0));
    if (has_code && words_[end - 1].after <= Break::comma) return end;
    if (is_announced && (is_unknown || end > at + 1)) return end;
    if (is_last && is_after_break && (end > at + 1 || is_unknown) && at > 0) return end;
    return is_unknown && !begins_sentence && (is_last || words_[end - 1].after >= Break::comma) ? end : 0;
  }

  bool is_unknown_town(std::size_t at) const {
    constexpr std::string_view sure[] = {"in", "near", "cover", "around"};
    const std::string& word = words_[at].folded;
    if (!is_one_of(words_[at - 1].folded, sure) || word.size() < 5 || is_time_or_thing(at)) return false;
    const bool is_plural = word.back() == 's' && !word.ends_with("ds") && !word.ends_with("ss");
    if (is_plural && !words_[at].is_capital) return false;
    return is_letters(words_[at].folded, 0, words_[at].folded.size()) && !is_known_word(words_[at].folded) &&
           words_[at].key == words_[at].folded;
  }

  /// `Ripon to Thirsk`, `5th and Main`.
  bool is_joining(std::size_t at) const {
    constexpr std::string_view joins[] = {"to", "on", "off", "area"};
    return is_one_of(words_[at].folded, joins) && words_[at].after == Break::none;
  }

  std::vector<Span> joined() const {
    std::vector<Part> runs;
    for (const Part& part : parts_) {
      const bool is_next = !runs.empty() && runs.back().span.last == part.span.first;
      const bool is_over_word =
          !runs.empty() && runs.back().span.last + 1 == part.span.first && is_joining(part.span.first - 1);
      const bool is_broken =
          !runs.empty() && words_[runs.back().span.last - 1].after >= Break::sentence &&
          (words_[runs.back().span.last - 1].after == Break::line || !is_abbreviation(runs.back().span.last - 1));
      if ((is_next || is_over_word) && !is_broken) {
        runs.back().span.last = part.span.last;
        runs.back().worth += part.worth;
      } else {
        runs.push_back(part);
      }
    }
    std::ranges::sort(runs, [](const Part& a, const Part& b) {
      return a.worth != b.worth ? a.worth > b.worth : a.span.first < b.span.first;
    });
    std::vector<Span> places;
    for (const Part& run : runs) places.push_back(with_surroundings(run.span));
    return places;
  }

  /// `Tesco car park on` before a street, `area` behind a town.
  Span with_surroundings(Span span) const {
    constexpr std::string_view landmarks[] = {"park", "station", "hall",   "church",   "school",
                                              "pub",  "shop",    "garage", "services", "hospital"};
    constexpr std::string_view before[] = {"car", "gas",     "petrol", "village", "train",
                                           "bus", "primary", "high",   "service"};
    if (span.last < words_.size() && words_[span.last].folded == "area" &&
        words_[span.last - 1].after == Break::none)
      ++span.last;
    const bool has_on = span.first > 1 && words_[span.first - 1].folded == "on";
    std::size_t landmark = span.first - (has_on ? 1 : 0);
    if (landmark == 0 || !is_one_of(words_[landmark - 1].folded, landmarks) ||
        words_[landmark - 1].after > Break::comma)
      return span;
    const std::size_t name = --landmark;
    while (landmark > 0 && (is_one_of(words_[landmark - 1].folded, before) || words_[landmark - 1].is_capital) &&
           words_[landmark - 1].after == Break::none)
      --landmark;
    return landmark == name ? span : Span{landmark, span.last};
  }

  bool is_abbreviation(std::size_t at) const { return words_[at].folded.size() <= 3; }

  const Reading& reading_;
  const std::vector<Word>& words_;
  bool is_shouting_ = false;
  std::vector<Part> parts_;
};

}  // namespace

std::vector<Span> find_places(const Reading& reading) {
  return PlaceFinder(reading).find();
}

}  // namespace jobrun::conversation
