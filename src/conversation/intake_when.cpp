#include "intake_when.hpp"

#include <algorithm>
#include <array>

namespace jobrun::conversation {
namespace {

constexpr std::string_view today_words[] = {
    "today",      "2day", "tday", "tonight", "tonite", "2nite",   "2night", "hoy", "dzis",   "dzisiaj",
    "aujourdhui", "hui",  "soir", "heute",   "oggi",   "stasera", "hoje",   "azi", "astazi", "diseara"};
constexpr std::string_view soon_words[] = {
    "tomorrow",  "tomorow",    "tommorow",  "tommorrow",  "tomorro",  "2moro",     "2morrow",  "2mrw",
    "tmrw",      "tmw",        "tmr",       "tomoz",      "tomorra",  "morra",     "monday",   "mondays",
    "tuesday",   "tuesdays",   "wednesday", "wednesdays", "thursday", "thursdays", "friday",   "fridays",
    "saturday",  "saturdays",  "sunday",    "sundays",    "mon",      "tue",       "tues",     "wed",
    "weds",      "wednes",     "thu",       "thur",       "thurs",    "fri",       "sat",      "sun",
    "weekend",   "wkend",      "weekends",  "weekday",    "weekdays", "manana",    "lunes",    "martes",
    "miercoles", "jueves",     "viernes",   "sabado",     "domingo",  "jutro",     "pojutrze", "poniedzialek",
    "wtorek",    "sroda",      "srode",     "czwartek",   "piatek",   "sobota",    "sobote",   "niedziela",
    "niedziele", "weekendzie", "demain",    "lundi",      "mardi",    "mercredi",  "jeudi",    "vendredi",
    "samedi",    "dimanche",   "morgen",    "ubermorgen", "montag",   "dienstag",  "mittwoch", "donnerstag",
    "freitag",   "samstag",    "sonntag",   "wochenende", "domani",   "lunedi",    "martedi",  "mercoledi",
    "giovedi",   "venerdi",    "sabato",    "domenica",   "amanha",   "segunda",   "terca",    "quarta",
    "quinta",    "sexta",      "maine",     "luni",       "marti",    "miercuri",  "joi",      "vineri",
    "sambata",   "duminica"};
constexpr std::string_view later_words[] = {
    "january",   "february", "april",      "june",    "july",      "august",    "september",    "october",
    "november",  "december", "jan",        "feb",     "aug",       "sept",      "oct",          "nov",
    "dec",       "spring",   "summer",     "autumn",  "winter",    "easter",    "christmas",    "xmas",
    "month",     "months",   "enero",      "febrero", "marzo",     "abril",     "mayo",         "junio",
    "julio",     "agosto",   "septiembre", "octubre", "noviembre", "diciembre", "verano",       "invierno",
    "primavera", "otono",    "mes",        "navidad", "styczniu",  "styczen",   "lutym",        "marcu",
    "kwietniu",  "maju",     "czerwcu",    "lipcu",   "sierpniu",  "wrzesniu",  "pazdzierniku", "listopadzie",
    "grudniu",   "wiosna",   "wiosne",     "latem",   "lato",      "jesienia",  "zima",         "zime",
    "miesiacu",  "swietach", "janvier",    "fevrier", "mars",      "avril",     "mai",          "juin",
    "juillet",   "aout",     "septembre",  "octobre", "novembre",  "decembre",  "printemps",    "ete",
    "hiver",     "automne",  "mois",       "noel",    "fruhling",  "sommer",    "herbst",       "winter",
    "monat",     "mese",     "estate",     "inverno", "natale"};
constexpr std::string_view parts_of_days[] = {
    "morning",  "mornings", "afternoon", "afternoons", "evening",   "evenings", "eve",        "evenin",
    "night",    "nite",     "noon",      "midday",     "lunchtime", "lunch",    "am",         "pm",
    "matin",    "midi",     "apres",     "rano",       "wieczorem", "poludniu", "tarde",      "noche",
    "temprano", "fruh",     "abend",     "nachmittag", "vormittag", "mattina",  "pomeriggio", "sera",
    "manha",    "noite",    "dimineata", "seara",      "first",     "thing"};
constexpr std::string_view joiners[] = {
    "latest",  "only",     "week",      "beginning", "not",       "couple",   "or",       "and",
    "to",      "till",     "til",       "until",     "between",   "after",    "before",   "by",
    "from",    "around",   "about",     "at",        "on",        "in",       "the",      "of",
    "next",    "this",     "any",       "anytime",   "time",      "day",      "days",     "sometime",
    "some",    "week",     "wk",        "weeks",     "early",     "late",     "later",    "first",
    "last",    "end",      "start",     "middle",    "mid",       "half",     "past",     "quarter",
    "but",     "except",   "onwards",   "all",       "year",      "new",      "possible", "a",
    "ideally", "coming",   "following", "oclock",    "ish",       "both",     "either",   "term",
    "half",    "que",      "viene",     "la",        "el",        "semana",   "proxima",  "proximo",
    "por",     "de",       "del",       "a",         "las",       "despues",  "antes",    "pasado",
    "fin",     "finales",  "po",        "przed",     "w",         "we",       "o",        "godzinie",
    "godz",    "przyszly", "przyszlym", "nastepny",  "tygodniu",  "tydzien",  "tygodnia", "do",
    "od",      "koniec",   "ten",       "semaine",   "prochaine", "prochain", "ce",       "cette",
    "le",      "avant",    "vers",      "heures",    "h",         "midi",     "d",        "dans",
    "nachste", "nachsten", "woche",     "um",        "uhr",       "nach",     "vor",      "am",
    "ab",      "prossima", "settimana", "dopo",      "alle",      "depois",   "das",      "as",
    "semana",  "proxima",  "dupa",      "ora",       "saptamana", "viitoare", "weekend",  "hour",
    "bank",    "holiday",  "couple",    "few",       "within",    "other"};
/// At the edges of a time, they belong to the rest of the sentence.
constexpr std::string_view not_first[] = {
    "or",       "and",  "to",      "on",     "at",   "in",   "till",  "til",    "until", "about",   "the",
    "of",       "but",  "a",       "day",    "days", "time", "week",  "all",    "que",   "de",      "por",
    "la",       "el",   "w",       "we",     "le",   "d",    "am",    "um",     "a",     "first",   "thing",
    "possible", "last", "last",    "do",     "year", "half", "past",  "coming", "dans",  "das",     "as",
    "alle",     "new",  "ideally", "o",      "both", "od",   "ten",   "ce",     "hour",  "holiday", "thing",
    "other",    "du",   "later",   "except", "term", "h",    "about", "couple", "few",   "start",   "middle"};
constexpr std::string_view not_last[] = {
    "or",      "and",  "to",       "on",     "at",      "in",       "till",  "til",   "until",   "about",
    "the",     "of",   "but",      "a",      "by",      "before",   "after", "from",  "between", "around",
    "any",     "some", "sometime", "this",   "next",    "que",      "de",    "por",   "la",      "el",
    "w",       "we",   "le",       "d",      "um",      "possible", "first", "last",  "all",     "new",
    "half",    "past", "quarter",  "do",     "po",      "od",       "przed", "avant", "apres",   "vers",
    "nach",    "vor",  "ab",       "dopo",   "alle",    "depois",   "das",   "as",    "dupa",    "a",
    "dans",    "both", "except",   "either", "ideally", "del",      "o",     "ten",   "early",   "time",
    "anytime", "bank", "couple",   "few",    "thing",   "within",   "other", "coming"};
constexpr std::string_view of_the_past[] = {"since",   "last",   "started", "broke",   "twice", "every",
                                            "seit",    "depuis", "desde",   "od",      "ago",   "previous",
                                            "ostatni", "zeszly", "dernier", "happened"};

bool is_ordinal(std::string_view word) {
  const std::size_t digits = word.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 2) return false;
  constexpr std::string_view endings[] = {"st", "nd", "rd", "th"};
  return is_one_of(word.substr(digits), endings);
}

/// `8am`, `3.30pm`, `10:30`, `16h`.
bool is_clock_time(std::string_view word) {
  const std::size_t digits = word.find_first_not_of("0123456789.:");
  if (digits == 0 || word.empty()) return false;
  if (digits == std::string_view::npos) return word.find(':') != std::string_view::npos && word.size() <= 5;
  constexpr std::string_view endings[] = {"am", "pm", "ish", "h", "oclock", "a", "p"};
  return digits <= 5 && is_one_of(word.substr(digits), endings);
}

bool is_small_number(std::string_view word) {
  constexpr int hours = 31;
  const int number = number_in(word.substr(0, word.find('.')));
  return number > 0 && number <= hours;
}

class WishFinder {
 public:
  WishFinder(const Reading& reading, const std::vector<Span>& places) : words_(reading.words), places_(places) {}

  std::optional<Wish> find() const {
    std::optional<Wish> first;
    for (std::size_t at = 0; at < words_.size();) {
      const std::optional<Wish> wish = wish_at(at);
      if (!wish) {
        ++at;
        continue;
      }
      const bool is_better = !first || (is_this_morning(first->span) && !is_this_morning(wish->span));
      if (is_better) first = wish;
      at = std::max(wish->span.last, at + 1);
    }
    return first;
  }

 private:
  std::string_view word(std::size_t at) const { return words_[at].folded; }

  /// Rather when it broke than when it is to be mended.
  bool is_this_morning(const Span& span) const {
    return span.last - span.first == 2 && word(span.first) == "this" && word(span.first + 1) == "morning";
  }

  bool is_in_place(std::size_t at) const {
    return std::ranges::any_of(places_, [at](const Span& place) { return place.first <= at && at < place.last; });
  }

  bool is_preceded_by(std::size_t at, std::string_view other) const { return at > 0 && word(at - 1) == other; }

  /// Names a time by itself.
  bool is_core(std::size_t at) const {
    const std::string_view said = word(at);
    constexpr std::string_view before_number[] = {"after", "before",  "by",     "from", "po",  "nach",
                                                  "apres", "despues", "around", "half", "past"};
    constexpr std::string_view this_or_next[] = {"this", "next", "the", "following", "coming", "any"};
    constexpr std::string_view spans[] = {"week", "wk", "fortnight", "year"};
    const bool has_before = at > 0 && words_[at - 1].after == Break::none;
    constexpr std::string_view not_behind[] = {"its", "is", "was", "happy", "merry"};
    constexpr std::string_view seasons[] = {"summer", "winter", "spring", "autumn", "christmas", "xmas", "easter"};
    if (is_in_place(at) || (has_before && is_one_of(said, seasons) && is_one_of(word(at - 1), not_behind)))
      return false;
    if (said == "month" || said == "months" || said == "mes" || said == "mois")
      return has_before && is_month_named(at);
    if (said == "sun" || said == "sat") return has_company(at);
    if (is_one_of(said, today_words) || is_one_of(said, soon_words) || is_one_of(said, later_words)) return true;
    if (is_clock_time(said) || is_span_ahead(at) || is_date(at)) return true;
    if (is_ordinal(said)) return has_before && (word(at - 1) == "the" || is_one_of(word(at - 1), soon_words));
    if (is_one_of(said, spans) && has_before)
      return word(at - 1) == "this" || word(at - 1) == "next" || (said == "year" && word(at - 1) == "new");
    if (is_one_of(said, parts_of_days) && has_before && is_one_of(word(at - 1), this_or_next))
      return said.size() > 2 && said != "first" && said != "thing";
    if (is_small_number(said) && has_before && is_one_of(word(at - 1), before_number)) return !is_measured(at);
    constexpr std::string_view weeks[] = {"semana", "tygodniu", "semaine", "woche", "settimana", "saptamana"};
    return is_one_of(said, weeks) && at + 1 < words_.size();
  }

  /// `next few days`, `in 2 weeks`.
  bool is_span_ahead(std::size_t at) const {
    constexpr std::string_view spans[] = {"day", "days", "week", "weeks"};
    constexpr std::string_view ahead[] = {"next", "in", "within"};
    if (at < 2 || !is_one_of(word(at), spans)) return false;
    const bool is_few =
        is_one_of(word(at - 1), std::array<std::string_view, 2>{"few", "couple"}) || is_small_number(word(at - 1));
    if (is_few && is_one_of(word(at - 2), ahead)) return true;
    return at > 3 && word(at - 1) == "of" && word(at - 2) == "couple";
  }

  /// `3/12`.
  bool is_date(std::size_t at) const {
    return at > 0 && words_[at - 1].after == Break::slash && is_small_number(word(at)) &&
           is_small_number(word(at - 1));
  }

  bool is_month_named(std::size_t at) const {
    constexpr std::string_view names[] = {"this", "next", "the", "of", "le", "el", "ce", "proximo", "este"};
    return is_one_of(word(at - 1), names);
  }

  /// `sat` is a verb, `sun` shines.
  bool has_company(std::size_t at) const {
    constexpr std::string_view sat_down[] = {"on", "in", "at", "here", "with", "by", "down", "there"};
    if (at + 1 < words_.size() && is_one_of(word(at + 1), sat_down) && !words_[at].is_capital) return false;
    const bool is_last = at + 1 == words_.size() || words_[at].after >= Break::comma || words_[at].is_question;
    return is_last || words_[at].is_capital || is_part(at + 1);
  }

  /// `after 5 days`, `after 2 plumbers`.
  bool is_measured(std::size_t at) const {
    constexpr std::string_view measures[] = {"days", "weeks",    "months",  "years", "hours", "minutes",
                                             "mins", "plumbers", "degrees", "times", "people"};
    return at + 1 < words_.size() && is_one_of(word(at + 1), measures);
  }

  /// May stand beside what names a time.
  bool is_part(std::size_t at) const {
    if (at >= words_.size() || is_in_place(at)) return false;
    const std::string_view said = word(at);
    if (is_core(at)) return true;
    return is_one_of(said, parts_of_days) || is_one_of(said, joiners) || is_small_number(said) ||
           is_ordinal(said) || is_clock_time(said);
  }

  std::optional<Wish> wish_at(std::size_t at) const {
    if (!is_core(at)) return std::nullopt;
    Span span{at, at + 1};
    while (span.first > 0 && words_[span.first - 1].after <= Break::slash && is_part(span.first - 1)) --span.first;
    while (span.last < words_.size() && words_[span.last - 1].after <= Break::slash && is_part(span.last))
      ++span.last;
    trim(span, at);
    constexpr std::size_t near = 2;
    for (std::size_t back = 1; back <= std::min(near, span.first); ++back) {
      if (is_one_of(word(span.first - back), of_the_past) && words_[span.first - back].after == Break::none)
        return std::nullopt;
    }
    if (is_one_of(word(span.first), of_the_past) || (span.last < words_.size() && word(span.last) == "ago"))
      return std::nullopt;
    return Wish{span, urgency_of(span)};
  }

  void trim(Span& span, std::size_t core) const {
    while (span.first < core && (is_one_of(word(span.first), not_first) || is_stray_number(span.first)) &&
           !is_kept_first(span.first, core))
      ++span.first;
    while (span.last > core + 1 && (is_one_of(word(span.last - 1), not_last) || is_stray_last(span.last - 1)))
      --span.last;
  }

  /// `the weekend`, `the 14th`, `half 3 thursday`, `first week of next month`, `end of the month`.
  bool is_kept_first(std::size_t at, std::size_t core) const {
    const std::string_view next = at + 1 < words_.size() ? word(at + 1) : "";
    if (word(at) == "the")
      return next == "weekend" || next == "new" || is_ordinal(next) || next == "end" || next == "first" ||
             next == "week" || next == "day" || at + 1 == core;
    if (word(at) == "half") return is_small_number(next);
    if (word(at) == "new") return next == "year";
    if (word(at) == "last") return next == "week" || next == "thing";
    if (word(at) == "about" || word(at) == "couple" || word(at) == "few") return false;
    if (word(at) == "a") return next == "couple" || next == "few";
    if (word(at) == "first" || word(at) == "middle" || word(at) == "start")
      return next == "week" || next == "of" || next == "thing";
    if (word(at) == "w" || word(at) == "we" || word(at) == "do") return false;
    if (word(at) == "la" || word(at) == "le" || word(at) == "el")
      return next == "semana" || next == "semaine" || next == "prochaine";
    return word(at) == "later" && next == "this";
  }

  bool is_stray_number(std::size_t at) const {
    if (!is_small_number(word(at))) return false;
    const bool is_after_word = at > 0 && (word(at - 1) == "half" || word(at - 1) == "after");
    const std::string_view next = at + 1 < words_.size() ? word(at + 1) : "";
    constexpr std::string_view goes_on[] = {"pm", "am", "on", "oclock", "to", "or", "and"};
    return !is_after_word && !is_one_of(next, goes_on) && !is_one_of(next, soon_words) &&
           !is_one_of(next, today_words) && !is_one_of(next, later_words);
  }

  bool is_stray_last(std::size_t at) const {
    const bool is_day = word(at) == "day" || word(at) == "days" || word(at) == "year";
    return is_day && at > 0 && !is_core(at) && is_core(at - 1);
  }

  Urgency urgency_of(const Span& span) const {
    Urgency urgency = Urgency::soon;
    for (std::size_t at = span.first; at < span.last; ++at) {
      constexpr std::string_view parts[] = {"morning", "afternoon", "evening", "eve"};
      const std::string_view said = word(at);
      const bool is_today =
          is_one_of(said, today_words) || (said == "this" && at + 1 < span.last && is_one_of(word(at + 1), parts));
      if (is_today) return Urgency::today;
      const bool is_later = is_one_of(said, later_words) || said == "year" || said == "months" || said == "weeks";
      const bool is_day_too = std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(span.first),
                                          words_.begin() + static_cast<std::ptrdiff_t>(span.last),
                                          [](const Word& one) { return is_one_of(one.folded, soon_words); });
      if (is_later && !is_day_too) urgency = Urgency::flexible;
    }
    const bool is_time_alone = !std::any_of(
        words_.begin() + static_cast<std::ptrdiff_t>(span.first),
        words_.begin() + static_cast<std::ptrdiff_t>(span.last), [](const Word& one) {
          constexpr std::string_view weeks[] = {"week",    "wk",    "fortnight", "semana",   "tygodniu",
                                                "semaine", "woche", "settimana", "saptamana"};
          return one.after == Break::slash || is_one_of(one.folded, soon_words) ||
                 is_one_of(one.folded, later_words) || is_one_of(one.folded, weeks) || is_ordinal(one.folded) ||
                 one.folded == "year";
        });
    return is_time_alone ? Urgency::unknown : urgency;
  }

  const std::vector<Word>& words_;
  const std::vector<Span>& places_;
};

}  // namespace

bool names_time(std::string_view folded) {
  return is_one_of(folded, today_words) || is_one_of(folded, soon_words) || is_one_of(folded, later_words);
}

std::optional<Wish> find_wish(const Reading& reading, const std::vector<Span>& places) {
  return WishFinder(reading, places).find();
}

}  // namespace jobrun::conversation
