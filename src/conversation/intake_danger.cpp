#include "intake_danger.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace jobrun::conversation {
namespace {

/// Two senses close to each other, or one that is enough, mean danger, unless another sense stands in the text.
struct Rule {
  Danger danger;
  Sense first;
  Sense second = Sense::none;  ///< none: the first is enough
  std::size_t gap = 0;         ///< words between them, at most
  std::array<Sense, 5> unless = {Sense::none, Sense::none, Sense::none, Sense::none, Sense::none};
  Sense with = Sense::none;  ///< has to stand beside them
};

constexpr std::size_t anywhere = 1000;
constexpr std::array not_long_ago = {Sense::past, Sense::resolved, Sense::none, Sense::none, Sense::none};
constexpr std::array not_stopped = {Sense::past, Sense::resolved, Sense::stopped, Sense::none, Sense::none};
constexpr std::array no_drip = {Sense::stopped, Sense::gentle, Sense::resolved, Sense::dry, Sense::outdoors};
constexpr std::array no_rubble = {Sense::stopped, Sense::resolved, Sense::past, Sense::dry, Sense::none};
constexpr std::array not_outdoors = {Sense::stopped, Sense::outdoors, Sense::past, Sense::dry, Sense::resolved};
constexpr std::array no_drain = {Sense::drain_smell, Sense::past, Sense::burning, Sense::fumes, Sense::smoke};
constexpr std::array no_chirp = {Sense::chirping, Sense::past, Sense::none, Sense::none, Sense::none};
constexpr std::array no_upkeep = {Sense::chirping, Sense::upkeep, Sense::past, Sense::none, Sense::none};

constexpr std::array rules = {
    Rule{Danger::gas, Sense::gas_itself, Sense::none, 0, not_long_ago},
    Rule{Danger::gas, Sense::smell, Sense::gas, 8, not_long_ago},
    Rule{Danger::gas, Sense::gas, Sense::escape, 4, not_long_ago},
    Rule{Danger::gas, Sense::gas_pipe, Sense::escape, 5, not_long_ago},
    Rule{Danger::gas, Sense::gas_pipe, Sense::struck, 4, not_long_ago},
    Rule{Danger::gas, Sense::gas, Sense::at_once, 0, not_long_ago},
    Rule{Danger::gas,
         Sense::gas,
         Sense::leak,
         8,
         {Sense::water, Sense::gas_appliance, Sense::past, Sense::resolved, Sense::none}},
    Rule{Danger::gas, Sense::gas_alarm, Sense::loud, 8, no_chirp},
    Rule{Danger::gas, Sense::gas_alarm, Sense::sounding, 6, no_upkeep},
    Rule{Danger::gas, Sense::hiss, Sense::gas_pipe, 8, not_long_ago},
    Rule{Danger::gas, Sense::hiss, Sense::stove, 10, not_long_ago},
    Rule{Danger::gas, Sense::eggs, Sense::burner, 8, no_drain},
    Rule{Danger::gas, Sense::eggs, Sense::smell, 5, no_drain},
    Rule{Danger::gas, Sense::smell, Sense::unlit, 14, no_drain},
    Rule{Danger::gas, Sense::smell, Sense::stove, 6, no_drain},
    Rule{Danger::gas, Sense::smell, Sense::gas_meter, 16, no_drain},
    Rule{Danger::gas, Sense::hiss, Sense::struck, 12, not_long_ago},
    Rule{Danger::gas, Sense::smell, Sense::struck, 10, no_drain},
    Rule{Danger::gas, Sense::smell, Sense::got_out, 14, no_drain},
    Rule{Danger::gas, Sense::gas, Sense::got_out, 14, not_long_ago},

    Rule{Danger::carbon_monoxide, Sense::monoxide_itself, Sense::none, 0, not_long_ago},
    Rule{Danger::carbon_monoxide, Sense::monoxide, Sense::symptom, anywhere},
    Rule{Danger::carbon_monoxide, Sense::monoxide, Sense::loud, 12, no_chirp},
    Rule{Danger::carbon_monoxide, Sense::monoxide, Sense::sounding, 9, no_upkeep},
    Rule{Danger::carbon_monoxide, Sense::monoxide, Sense::at_once, 12, no_upkeep},
    Rule{Danger::carbon_monoxide,
         Sense::symptom,
         Sense::hearth,
         anywhere,
         {Sense::no_heat, Sense::none, Sense::none, Sense::none, Sense::none}},
    Rule{Danger::carbon_monoxide, Sense::symptom, Sense::household, 8, not_long_ago},
    Rule{Danger::carbon_monoxide, Sense::flue, Sense::flue_fault, 6, not_long_ago},
    Rule{Danger::carbon_monoxide, Sense::flame_seen, Sense::yellow, 9, not_long_ago},
    Rule{Danger::carbon_monoxide, Sense::an_alarm, Sense::loud, 8, no_upkeep, Sense::a_fire},
    Rule{Danger::carbon_monoxide, Sense::hearth, Sense::got_out, 14, not_long_ago},
    Rule{Danger::carbon_monoxide,
         Sense::soot,
         Sense::hearth,
         12,
         {Sense::past, Sense::none, Sense::none, Sense::none, Sense::none}},

    Rule{Danger::fire, Sense::fire_itself, Sense::none, 0, not_long_ago},
    Rule{Danger::fire, Sense::shock_itself, Sense::none, 0, not_long_ago},
    Rule{Danger::fire, Sense::smoke, Sense::none, 0, not_long_ago},
    Rule{Danger::fire, Sense::spark, Sense::none, 0, not_long_ago},
    Rule{Danger::fire, Sense::flame, Sense::none, 0, not_long_ago},
    Rule{Danger::fire, Sense::burning, Sense::smell, 6, not_long_ago},
    Rule{Danger::fire, Sense::burning, Sense::wiring, 5, not_long_ago},
    Rule{Danger::fire, Sense::burning, Sense::machine, 4, not_long_ago},
    Rule{Danger::fire, Sense::scorch, Sense::wiring, 6, not_long_ago},
    Rule{Danger::fire, Sense::hot, Sense::wiring, 6, not_long_ago},
    Rule{Danger::fire, Sense::crackle, Sense::wiring, 7, not_long_ago},
    Rule{Danger::fire, Sense::glow, Sense::wiring, 10, not_long_ago},
    Rule{Danger::fire, Sense::shock, Sense::shock_source, 4, not_long_ago},
    Rule{Danger::fire, Sense::bang, Sense::wiring, 5, not_long_ago},

    Rule{Danger::flooding, Sense::flood_itself, Sense::none, 0, not_stopped},
    Rule{Danger::flooding, Sense::gush, Sense::none, 0, not_outdoors},
    Rule{Danger::flooding, Sense::gush, Sense::inside, 8, not_stopped},
    Rule{Danger::flooding, Sense::burst, Sense::pipe, 6, not_stopped},
    Rule{Danger::flooding, Sense::drilled, Sense::pipe, 4, not_stopped},
    Rule{Danger::flooding, Sense::drilled, Sense::water, 5, not_stopped},
    Rule{Danger::flooding, Sense::flow, Sense::inside, 4, no_drip, Sense::water},
    Rule{Danger::flooding, Sense::collapse, Sense::ceiling, 6, no_rubble},
    Rule{Danger::flooding, Sense::through, Sense::ceiling, 3, no_drip, Sense::flow},
    Rule{Danger::flooding, Sense::unstoppable, Sense::stopcock, 5, not_stopped},
    Rule{Danger::flooding, Sense::flow, Sense::lots, 5, no_drip, Sense::water},
    Rule{Danger::flooding, Sense::stuck, Sense::leak, 8, not_stopped, Sense::lots},
    Rule{Danger::flooding, Sense::stuck, Sense::flow, 8, not_stopped, Sense::water},
    Rule{Danger::flooding, Sense::overflow, Sense::basin, 6, not_outdoors},
    Rule{Danger::flooding, Sense::overflow, Sense::inside, 6, not_outdoors},
    Rule{Danger::flooding, Sense::sewage, Sense::rising, 6, not_outdoors},
    Rule{Danger::flooding, Sense::sewage, Sense::basin, 4, not_outdoors},
    Rule{Danger::flooding, Sense::sewage, Sense::inside, 6, not_outdoors},
    Rule{Danger::flooding, Sense::rising, Sense::water, 6, not_outdoors},
    Rule{Danger::flooding, Sense::rising, Sense::inside, 5, not_outdoors},
    Rule{Danger::flooding, Sense::lots, Sense::leak, 4, not_outdoors},
};

/// Two of the same kind are not a pair: a word has several senses.
bool are_apart(const Span& a, const Span& b) {
  return a.last <= b.first || b.last <= a.first;
}

std::size_t words_between(const Span& a, const Span& b) {
  return a.last <= b.first ? b.first - a.last : a.first - b.last;
}

Span around(const Span& a, const Span& b) {
  return {std::min(a.first, b.first), std::max(a.last, b.last)};
}

/// What may stand between a denial and what it denies: `no strong smell of`, `isn't any sign of`.
bool is_filler(std::string_view word) {
  constexpr std::string_view fillers[] = {
      "hay",      "se",      "of",       "the",     "a",       "an",      "any",     "sign",     "signs",
      "more",     "longer",  "real",     "actual",  "strong",  "obvious", "visible", "kind",     "sort",
      "trace",    "getting", "been",     "there",   "is",      "really",  "even",    "actually", "seeing",
      "smelling", "hearing", "anything", "or",      "nor",     "ni",      "de",      "d",        "du",
      "la",       "el",      "ma",       "zadnego", "burning", "water"};
  return is_one_of(word, fillers);
}

/// Whether a `no` before these words, in the same breath, denies them: `no smell of gas`.
bool is_denied_before(const Reading& reading, std::size_t first, std::size_t not_before = 0) {
  constexpr std::size_t reach = 4;
  for (std::size_t back = 1; back <= std::min(reach, first - not_before); ++back) {
    const std::size_t at = first - back;
    const Word& word = reading.words[at];
    if (word.after >= Break::comma || reading.has_at(Sense::no_denial, at)) return false;
    if (reading.has_at(Sense::no, at) || reading.has_at(Sense::cannot, at)) return true;
    const bool is_of_danger = reading.has_at(Sense::smell, at) || reading.has_at(Sense::leak, at) ||
                              reading.has_at(Sense::gas, at) || reading.has_at(Sense::smoke, at) ||
                              reading.has_at(Sense::spark, at);
    if (!is_filler(word.folded) && !is_of_danger) return false;
  }
  return false;
}

/// Whether the second of two is denied: `smells, but not of gas`.
bool is_denied_within(const Reading& reading, const Span& a, const Span& b) {
  const Span& second = a.first < b.first ? b : a;
  return is_denied_before(reading, second.first, a.first < b.first ? a.last : b.last);
}

/// As far as two words of one thought stand apart.
constexpr std::size_t beside = 6;

/// In the same sentence, not far from it, and not denied: `and it is not the bins`.
bool has_beside(const Reading& reading, Sense sense, const Span& span, std::size_t reach) {
  return std::ranges::any_of(reading.of(sense), [&](const Span& one) {
    const Span both = around(one, span);
    if (are_apart(one, span) && words_between(one, span) > reach) return false;
    if (is_denied_before(reading, one.first)) return false;
    for (std::size_t at = both.first; at + 1 < both.last; ++at) {
      if (reading.words[at].after >= Break::sentence) return false;
    }
    return true;
  });
}

/// Whether the text says beside these words, or anywhere where that is enough, that there is no danger.
bool is_off(const Reading& reading, const Rule& rule, const Span& span) {
  const bool goes_on = reading.has(Sense::still) || reading.has(Sense::unstoppable);
  return std::ranges::any_of(rule.unless, [&](Sense sense) {
    const bool is_over = sense == Sense::past || sense == Sense::resolved || sense == Sense::stopped;
    if (sense == Sense::none || (is_over && goes_on)) return false;
    return sense == Sense::stopped ? reading.has(sense) : has_beside(reading, sense, span, beside);
  });
}

/// A gas boiler that leaks, leaks water.
bool is_of_appliance(const Reading& reading, const Rule& rule, const Span& span) {
  return rule.danger == Danger::gas && rule.second == Sense::escape &&
         reading.has_at(Sense::gas_appliance, span.first);
}

std::optional<Span> found_by(const Reading& reading, const Rule& rule) {
  for (const Span& first : reading.of(rule.first)) {
    if (rule.second == Sense::none) {
      if (!is_denied_before(reading, first.first) && !is_off(reading, rule, first)) return first;
      continue;
    }
    if (is_of_appliance(reading, rule, first)) continue;
    for (const Span& second : reading.of(rule.second)) {
      if (!are_apart(first, second) || words_between(first, second) > rule.gap) continue;
      const Span both = around(first, second);
      const bool is_denied = is_denied_before(reading, both.first) || is_denied_within(reading, first, second);
      const bool is_whole = rule.with == Sense::none || has_beside(reading, rule.with, both, beside);
      if (!is_denied && is_whole && !is_off(reading, rule, both)) return both;
    }
  }
  return std::nullopt;
}

/// `84`, said of a person: `mum is 84`, `(91)`, `88 ans`.
bool is_old_age(const Reading& reading, std::size_t at) {
  constexpr int old = 65;
  constexpr int oldest = 110;
  constexpr std::array<std::string_view, 17> years = {"year", "years", "yr",   "yrs",   "yo",   "y",
                                                      "lat",  "ans",   "anos", "jahre", "anni", "ani",
                                                      "de",   "old",   "roku", "plus",  "letni"};
  constexpr std::array<std::string_view, 12> measures = {"degrees", "degree", "deg", "c",    "f",       "grados",
                                                         "stopni",  "street", "st",  "road", "minutes", "percent"};
  const std::string_view word = reading.words[at].folded;
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  const int number = number_in(word.substr(0, digits));
  if (number >= old && number <= oldest && is_one_of(word.substr(digits), years)) return true;
  if (digits < word.size() || number < old || number > oldest) return false;
  const bool has_next = at + 1 < reading.words.size();
  if (has_next && is_one_of(reading.words[at + 1].folded, measures)) return false;
  if (has_next && is_one_of(reading.words[at + 1].folded, years)) return true;
  constexpr std::size_t near = 4;
  for (std::size_t back = 1; back <= std::min(near, at); ++back) {
    if (reading.words[at - back].after >= Break::sentence) break;
    if (reading.has_at(Sense::family, at - back) || reading.has_at(Sense::frail, at - back)) return true;
  }
  return false;
}

/// `8 weeks`, said of a child: `youngest is 8 weeks`, `5 month old`.
bool is_young_age(const Reading& reading, std::size_t at) {
  constexpr std::array<std::string_view, 14> spans = {"week",   "weeks",    "wk",       "wks",     "month",
                                                      "months", "mth",      "mths",     "semanas", "mois",
                                                      "meses",  "miesiace", "miesiecy", "tygodnie"};
  constexpr std::array<std::string_view, 5> of_a_child = {"old", "ans", "along", "gone", "pregnant"};
  constexpr std::array<std::string_view, 6> since = {"ago", "now", "back", "without", "off", "wait"};
  constexpr int oldest = 24;
  const int number = number_in(reading.words[at].folded);
  const bool has_span = at + 1 < reading.words.size() && is_one_of(reading.words[at + 1].folded, spans);
  if (number < 1 || number > oldest || !has_span) return false;
  if (at + 2 < reading.words.size()) {
    if (is_one_of(reading.words[at + 2].folded, of_a_child)) return true;
    if (is_one_of(reading.words[at + 2].folded, since)) return false;
  }
  constexpr std::array<std::string_view, 8> children = {"youngest", "daughter",      "son", "kid",
                                                        "grandson", "granddaughter", "boy", "girl"};
  constexpr std::size_t near = 3;
  for (std::size_t back = 1; back <= std::min(near, at); ++back) {
    if (is_one_of(reading.words[at - back].folded, children)) return true;
  }
  return false;
}

/// `39 in the kitchen`, `down to 52`: somebody says how cold a house is, without a unit.
bool is_bare_cold_number(const Reading& reading, std::size_t at) {
  constexpr int freezing = 32;
  constexpr int cold = 59;
  constexpr std::array<std::string_view, 7> before = {"its", "is", "at", "only", "reads", "says", "to"};
  constexpr std::array<std::string_view, 5> behind = {"in", "inside", "indoors", "now", "upstairs"};
  const Word& word = reading.words[at];
  const int number = number_in(word.folded);
  const bool is_digits = word.folded.find_first_not_of("0123456789") == std::string::npos;
  if (!is_digits || number < 1 || number >= cold || at == 0) return false;
  if (number < freezing) {
    // In Celsius, then, and only where a thermometer is quoted: there are other things of which three are left.
    constexpr int cold_celsius = 15;
    constexpr std::array<std::string_view, 4> quoted = {"says", "reads", "at", "showing"};
    return number < cold_celsius && is_one_of(reading.words[at - 1].folded, quoted) &&
           at + 1 < reading.words.size() && is_one_of(reading.words[at + 1].folded, behind);
  }
  if (!is_one_of(reading.words[at - 1].folded, before)) return false;
  const bool is_down_to = at > 1 && reading.words[at - 1].folded == "to" && reading.words[at - 2].folded == "down";
  if (is_down_to) return true;
  return reading.words[at - 1].folded != "to" && at + 1 < reading.words.size() &&
         is_one_of(reading.words[at + 1].folded, behind);
}

/// `12 degrees in here`, `-5`.
bool is_cold_number(const Reading& reading, std::size_t at) {
  constexpr int cold_celsius = 15;
  constexpr int freezing_fahrenheit = 32;
  constexpr int cold_fahrenheit = 59;
  constexpr std::array<std::string_view, 9> degrees = {"degrees", "degree", "degs",   "deg", "c",
                                                       "celsius", "grados", "stopni", "grad"};
  constexpr std::array<std::string_view, 3> fahrenheit = {"f", "fahrenheit", "farenheit"};
  const Word& word = reading.words[at];
  if (word.is_negative && number_in(word.folded) > 0) return true;
  const std::string_view digits =
      std::string_view(word.folded).substr(0, word.folded.find_first_not_of("0123456789"));
  const std::string_view unit = std::string_view(word.folded).substr(digits.size());
  const std::string_view next =
      at + 1 < reading.words.size() ? std::string_view(reading.words[at + 1].folded) : "";
  if (digits.empty() || (digits != "0" && number_in(digits) == 0)) return false;
  const std::string_view measure = unit.empty() ? next : unit;
  if (is_one_of(measure, fahrenheit)) return number_in(digits) < cold_fahrenheit;
  const int number = number_in(digits);
  const bool is_indoors = at + 2 < reading.words.size() &&
                          (reading.has_at(Sense::indoors, at + 1) || reading.has_at(Sense::indoors, at + 2));
  const bool is_cold =
      number < cold_celsius || (is_indoors && number >= freezing_fahrenheit && number < cold_fahrenheit);
  return is_cold && is_one_of(measure, degrees);
}

std::optional<Span> first_where(const Reading& reading, bool (*is_so)(const Reading&, std::size_t)) {
  for (std::size_t at = 0; at < reading.words.size(); ++at) {
    if (is_so(reading, at)) return Span{at, at + 1};
  }
  return std::nullopt;
}

/// No heat, or what heats is broken.
std::optional<Span> no_heat_in(const Reading& reading) {
  if (reading.has(Sense::no_heat)) return reading.of(Sense::no_heat).front();
  constexpr std::size_t reach = 3;
  for (const Span& heat : reading.of(Sense::heat)) {
    for (std::size_t back = 1; back <= std::min(reach, heat.first); ++back) {
      if (reading.words[heat.first - back].after >= Break::comma) break;
      if (reading.has_at(Sense::no, heat.first - back)) return Span{heat.first - back, heat.last};
    }
  }
  constexpr std::size_t gap = 6;
  for (const Span& heat : reading.of(Sense::heat)) {
    for (const Span& broken : reading.of(Sense::broken)) {
      if (are_apart(heat, broken) && words_between(heat, broken) <= gap) return around(heat, broken);
    }
  }
  return std::nullopt;
}

std::optional<Span> first_undenied(const Reading& reading, Sense sense) {
  for (const Span& span : reading.of(sense)) {
    if (!is_denied_before(reading, span.first)) return span;
  }
  return std::nullopt;
}

/// Cold is a danger to who is frail, and to everybody where it freezes.
DangerFound find_cold(const Reading& reading) {
  std::optional<Span> no_heat = no_heat_in(reading);
  const std::optional<Span> frail = first_undenied(reading, Sense::frail);
  const std::optional<Span> cold = first_where(reading, [](const Reading& r, std::size_t at) {
    return is_cold_number(r, at) || is_bare_cold_number(r, at);
  });
  const bool is_of_house = reading.has(Sense::indoors) || (frail && reading.has(Sense::heat));
  if (!no_heat && is_of_house) no_heat = cold;
  if (!no_heat && frail && reading.has(Sense::freezing) && reading.has(Sense::heat)) {
    no_heat = reading.of(Sense::heat).front();
  }
  if (!no_heat || reading.has(Sense::resolved)) return {};
  const std::array reasons = {frail, first_where(reading, is_old_age), first_where(reading, is_young_age),
                              first_undenied(reading, Sense::freezing), cold};
  for (const std::optional<Span>& reason : reasons) {
    if (reason) return {Danger::no_heating, {*no_heat, *reason}};
  }
  return {};
}

/// `gas!!`, `burst`: whoever writes no more than that has no time to. Not a question.
DangerFound find_cry(const Reading& reading) {
  constexpr std::size_t words_max = 2;
  const bool asks = reading.text.find('?') != std::string_view::npos;
  if (reading.words.size() > words_max || asks) return {};
  if (reading.has(Sense::gas) && !reading.has(Sense::gas_appliance))
    return {Danger::gas, {reading.of(Sense::gas).front()}};
  if (reading.has(Sense::burst) && reading.words.size() == 1)
    return {Danger::flooding, {reading.of(Sense::burst).front()}};
  return {};
}

}  // namespace

DangerFound find_danger(const Reading& reading) {
  DangerFound worst;
  for (const Rule& rule : rules) {
    if (rule.danger <= worst.danger) continue;
    if (const std::optional<Span> span = found_by(reading, rule)) worst = {rule.danger, {*span}};
  }
  if (worst.danger == Danger::none) worst = find_cry(reading);
  return worst.danger == Danger::none ? find_cold(reading) : worst;
}

}  // namespace jobrun::conversation
