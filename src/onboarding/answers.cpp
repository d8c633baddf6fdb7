#include "answers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "names.hpp"
#include "places.hpp"
#include "vocabulary.hpp"

namespace jobrun::onboarding {
namespace {

using Span = std::span<const Word>;

// --- what tells the meaning of the words that follow ----------------------------------------------

enum class Label { none, self, we, work, place, business, person, name, email };

struct Marker {
  std::string_view words;
  Label label;
};

/// The longest first where one begins another.
constexpr std::array markers = {
    Marker{"the name of my business is", Label::business},
    Marker{"the name of the business is", Label::business},
    Marker{"name of my business is", Label::business},
    Marker{"my business name is", Label::business},
    Marker{"the business name is", Label::business},
    Marker{"business name is", Label::business},
    Marker{"my company name is", Label::business},
    Marker{"company name is", Label::business},
    Marker{"my business is called", Label::business},
    Marker{"my company is called", Label::business},
    Marker{"the business is called", Label::business},
    Marker{"the company is called", Label::business},
    Marker{"business is called", Label::business},
    Marker{"company is called", Label::business},
    Marker{"my business is", Label::business},
    Marker{"my company is", Label::business},
    Marker{"the business is", Label::business},
    Marker{"business is", Label::business},
    Marker{"company is", Label::business},
    Marker{"it is called", Label::business},
    Marker{"its called", Label::business},
    Marker{"we are called", Label::business},
    Marker{"were called", Label::business},
    Marker{"i am called", Label::person},
    Marker{"im called", Label::person},
    Marker{"trading as", Label::business},
    Marker{"i trade as", Label::business},
    Marker{"called", Label::business},
    Marker{"named", Label::business},
    Marker{"mi empresa se llama", Label::business},
    Marker{"mi negocio se llama", Label::business},
    Marker{"se llama", Label::business},
    Marker{"sappelle", Label::business},
    Marker{"meine firma heisst", Label::business},
    Marker{"firma heisst", Label::business},
    Marker{"my name is", Label::person},
    Marker{"my names", Label::person},
    Marker{"owner is", Label::person},
    Marker{"call me", Label::person},
    Marker{"me llamo", Label::person},
    Marker{"mi nombre es", Label::person},
    Marker{"je mappelle", Label::person},
    Marker{"mon nom est", Label::person},
    Marker{"ich heisse", Label::person},
    Marker{"mein name ist", Label::person},
    Marker{"the name is", Label::name},
    Marker{"name is", Label::name},
    Marker{"the names", Label::name},
    Marker{"names", Label::name},
    Marker{"name", Label::name},
    Marker{"we are", Label::we},
    Marker{"were", Label::we},
    Marker{"i am", Label::self},
    Marker{"im", Label::self},
    Marker{"this is", Label::self},
    Marker{"soy", Label::self},
    Marker{"je suis", Label::self},
    Marker{"ich bin", Label::self},
    Marker{"i do", Label::work},
    Marker{"we do", Label::work},
    Marker{"i run a", Label::work},
    Marker{"i run", Label::work},
    Marker{"i have a", Label::work},
    Marker{"i own a", Label::work},
    Marker{"i work as", Label::work},
    Marker{"work as", Label::work},
    Marker{"my trade is", Label::work},
    Marker{"based in", Label::place},
    Marker{"based out of", Label::place},
    Marker{"located in", Label::place},
    Marker{"out of", Label::place},
    Marker{"in", Label::place},
    Marker{"from", Label::place},
    Marker{"near", Label::place},
    Marker{"around", Label::place},
    Marker{"en", Label::place},
    Marker{"aus", Label::place},
    Marker{"my email is", Label::email},
    Marker{"email is", Label::email},
};

struct MarkerHere {
  Label label = Label::none;
  std::size_t words = 0;
};

MarkerHere marker_at(Span words) {
  MarkerHere longest;
  for (const Marker& marker : markers) {
    const std::size_t count = words_spelling(marker.words, words);
    if (count > longest.words) longest = {marker.label, count};
  }
  return longest;
}

struct Labelled {
  Label label = Label::none;
  Piece words;
};

bool is_joint(const Word& word) {
  constexpr std::string_view joints[] = {"and", "y", "et", "und", "with", "but", "also", "then"};
  return is_one_of(word.folded, joints);
}

/// Whether a marker changes the meaning here. `in` begins a place, unless it is part of a name: then only a town
/// that we know follows it. Where a name is asked for, what may be part of one has to stand in front.
bool begins_here(const MarkerHere& marker, const std::vector<Labelled>& parts, Span after, Step step,
                 const Answers& known) {
  const Labelled& now = parts.back();
  const bool is_name_step = step == Step::business_name || step == Step::owner_name;
  const bool is_in_name = now.label == Label::business || now.label == Label::name || now.label == Label::person;
  const bool is_first = parts.size() == 1 && std::ranges::all_of(now.words, [](const Word& word) {
                          return is_polite_noise(word) || is_joint(word);
                        });
  switch (marker.label) {
    case Label::place:
      return known.place.empty() && !after.empty() && (!(is_in_name || is_name_step) || town_at(after).words > 0);
    case Label::name:
    case Label::self:
    case Label::we:
      if (is_name_step || marker.label == Label::name) return is_first || marker.words > 2;
      break;
    case Label::none:
    case Label::work:
    case Label::business:
    case Label::person:
    case Label::email:
      if (is_name_step && marker.words == 1) return is_first;
      break;
  }
  return marker.words > 1 || !is_in_name;
}

/// Cuts a piece where the meaning of its words changes.
std::vector<Labelled> labelled(const Piece& piece, Step step, const Answers& known) {
  std::vector<Labelled> parts(1);
  for (std::size_t at = 0; at < piece.size();) {
    const Span rest = Span(piece).subspan(at);
    const MarkerHere marker = marker_at(rest);
    const bool begins = marker.words > 0 && begins_here(marker, parts, rest.subspan(marker.words), step, known);
    if (!begins) {
      parts.back().words.push_back(piece[at]);
      ++at;
      continue;
    }
    Piece& before = parts.back().words;
    while (!before.empty() && is_joint(before.back())) before.pop_back();
    parts.push_back({marker.label, {}});
    at += marker.words;
  }
  std::erase_if(parts, [](const Labelled& part) { return part.words.empty(); });
  return parts;
}

// --- reading --------------------------------------------------------------------------------------

class Reader {
 public:
  Reader(Step step, const Answers& known, bool may_guess) : step_(step), known_(known), may_guess_(may_guess) {}

  Reading read(const Text& text) {
    for (const Word& word : text.words()) {
      if (is_link(word.folded) && !is_email(word.shown)) reading_.refused = Refusal::link;
    }
    if (text.has_signs && !reading_.refused) reading_.refused = Refusal::signs;
    has_several_pieces_ = text.pieces.size() > 1;
    std::vector<Piece> pieces;
    pieces.reserve(text.pieces.size());
    for (const Piece& piece : text.pieces) pieces.push_back(without_addresses(piece));
    for (const Piece& piece : pieces) read_piece(piece);
    const Piece all = text.words();
    if (step_ == Step::how_to_be_alerted && reading_.is_empty()) take_alert(alert_way_among(all), all);
    if (may_guess_) place_loose();
    if (reading_.refused) reading_.found = {};
    return std::move(reading_);
  }

 private:
  bool is_first_step() const { return step_ == Step::business_type_and_place; }

  void take(std::string Answers::* field, std::string value, NameOf what) {
    if (value.empty() || reading_.refused) return;
    if (const auto refused = refusal_of(value, what)) {
      reading_.refused = refused;
      return;
    }
    reading_.found.*field = std::move(value);
  }

  void take_name(std::string Answers::* field, Span words, NameOf what) {
    while (!words.empty() && (is_joint(words.back()) || words.back().folded == "please"))
      words = words.first(words.size() - 1);
    take(field, capitalised(joined(words)), what);
  }

  /// Takes the addresses out of a text, wherever they stand.
  Piece without_addresses(const Piece& piece) {
    Piece rest;
    for (const Word& word : piece) {
      if (!is_email(word.shown)) {
        rest.push_back(word);
        continue;
      }
      std::string address = word.shown;
      for (char& c : address) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      reading_.found.email = std::move(address);
    }
    return rest;
  }

  void read_piece(const Piece& piece) {
    if (piece.empty()) return;
    if (step_ != Step::business_name && step_ != Step::owner_name && read_here(piece)) return;
    if (read_alert(piece)) return;
    for (Labelled& part : labelled(piece, step_, known_)) read_part(part);
  }

  /// `Maria here`
  bool read_here(const Piece& piece) {
    if (piece.size() < 2 || piece.size() > 5 || piece.back().folded != "here") return false;
    Span name = Span(piece).first(piece.size() - 1);
    while (!name.empty() && is_polite_noise(name.front())) name = name.subspan(1);
    take_name(&Answers::owner_name, name, NameOf::person);
    return true;
  }

  bool read_alert(const Piece& piece) {
    const bool is_asked = step_ == Step::how_to_be_alerted;
    const bool is_number = piece.size() == 1 && piece[0].shown.size() == 1 && piece[0].shown[0] <= '9';
    // A name may be one of these words.
    const bool may_be_name = step_ == Step::business_name && piece.size() == 1 && reading_.found.email.empty();
    if ((is_number && !is_asked) || may_be_name) return false;
    return take_alert(alert_way_in(piece), piece);
  }

  bool take_alert(std::optional<AlertBy> way, Span words) {
    if (!way) return false;
    constexpr std::string_view none[] = {"no", "not", "dont", "havent", "without"};
    const bool is_declined =
        *way == AlertBy::email && reading_.found.email.empty() &&
        std::ranges::any_of(words, [&](const Word& word) { return is_one_of(word.folded, none); });
    const bool is_address_of_both =
        *way == AlertBy::email && !reading_.found.email.empty() && known_.alert_by == AlertBy::both;
    if (!is_address_of_both) reading_.found.alert_by = is_declined ? AlertBy::text : *way;
    return true;
  }

  void read_part(Labelled& part) {
    switch (part.label) {
      case Label::none:
        return read_unlabelled(part.words);
      case Label::self:
        return step_ == Step::owner_name ? take_name(&Answers::owner_name, part.words, NameOf::person)
                                         : read_self(part.words, &Answers::owner_name, NameOf::person);
      case Label::we:
        return read_self(part.words, &Answers::business_name, NameOf::business);
      case Label::work:
        return read_work(part.words);
      case Label::place:
        return read_place(part.words);
      case Label::business:
        return read_business(part.words);
      case Label::person:
        return take_name(&Answers::owner_name, part.words, NameOf::person);
      case Label::name:
        return step_ == Step::owner_name ? take_name(&Answers::owner_name, part.words, NameOf::person)
                                         : take_name(&Answers::business_name, part.words, NameOf::business);
      case Label::email:
        return;
    }
  }

  static bool names_a_trade(Span words, bool allows_mistakes) {
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (trade_at(words.subspan(at), allows_mistakes)) return true;
    }
    return false;
  }

  static bool names_a_worker(Span words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
      const std::optional<Trade> trade = trade_at(words.subspan(at));
      if (trade && trade->is_person) return true;
    }
    return false;
  }

  /// `I'm a plumber`, `I'm Joe`, `we are Joe's Plumbing`
  void read_self(Span words, std::string Answers::* name, NameOf what) {
    const std::optional<Trade> first = trade_at(words);
    const bool is_lower = words.front().shown == words.front().folded;
    const bool is_work = is_article(words.front()) || (first && first->words == words.size()) ||
                         (is_lower && names_a_worker(words));
    if (is_work) return read_work(words);
    if (what == NameOf::business) return read_business(words);
    take_name(name, words, what);
  }

  /// Its name, and what that tells of its work.
  void read_business(Span words) {
    take_name(&Answers::business_name, words, NameOf::business);
    if (!is_first_step() || !is_open(&Answers::business_type)) return;
    for (std::size_t at = 0; at < words.size(); ++at) {
      const std::optional<Trade> trade = trade_at(words.subspan(at), false);
      if (trade) return take(&Answers::business_type, std::string(trade->name), NameOf::work);
    }
  }

  void read_work(Span words) {
    while (!words.empty() && is_article(words.front())) words = words.subspan(1);
    while (!words.empty() && is_polite_noise(words.back())) words = words.first(words.size() - 1);
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (const std::optional<Trade> trade = trade_at(words.subspan(at))) {
        const std::size_t end = at + trade->words;
        take(&Answers::business_type, std::string(trade->name), NameOf::work);
        for (std::size_t then = end; then < words.size() && known_.place.empty(); ++then) {
          if (read_town(words.subspan(then))) break;
        }
        return;
      }
    }
    take(&Answers::business_type, joined(words), NameOf::work);
  }

  void read_place(Span words) {
    reading_.has_place_words = true;
    const KnownPlace town = town_at(words);
    if (town.words == 0) {
      // "Maria from Bright Sparks Electrical"
      if (is_first_step() && (names_a_trade(words, false) || names_a_trade(words, true)))
        return read_unlabelled(words);
      while (!words.empty() && (is_article(words.front()) || is_polite_noise(words.back()))) {
        words = is_article(words.front()) ? words.subspan(1) : words.first(words.size() - 1);
      }
      return take(&Answers::place, capitalised(joined(words)), NameOf::place);
    }
    read_town(words);
    Span rest = words.subspan(town.words);
    // Of several towns the first is where a number is looked for.
    while (!rest.empty() && (is_region(rest.front()) || is_joint(rest.front()) || town_at(rest).words > 0)) {
      rest = rest.subspan(std::max<std::size_t>(town_at(rest).words, 1));
    }
    if (!rest.empty()) read_unlabelled(rest);
  }

  /// `TX`, however it was written.
  static std::string region_of(const Word& word) {
    if (word.shown.size() > 3) return capitalised(word.shown);
    std::string shown = word.shown;
    for (char& c : shown) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return shown;
  }

  /// A town we know at the beginning of these words, with its region; false: none.
  bool read_town(Span words) {
    const KnownPlace town = town_at(words);
    if (town.words == 0) return false;
    std::string place(town.name);
    if (town.words < words.size() && is_region(words[town.words])) place += ", " + region_of(words[town.words]);
    take(&Answers::place, std::move(place), NameOf::place);
    return true;
  }

  void read_unlabelled(Span words) {
    while (!words.empty() && (is_polite_noise(words.front()) || is_joint(words.front()))) words = words.subspan(1);
    while (!words.empty() && (is_polite_noise(words.back()) || is_joint(words.back())))
      words = words.first(words.size() - 1);
    constexpr std::string_view leads[] = {"its", "thats", "it"};
    if (words.size() > 1 && is_one_of(words.front().folded, leads)) {
      words = words.subspan(words[1].folded == "is" && words.size() > 2 ? 2 : 1);
    }
    if (words.empty() || (has_several_pieces_ && is_filler(words))) return;
    if (is_first_step() && read_work_and_town(words)) return;
    loose_.emplace_back(words.begin(), words.end());
  }

  /// `Plumber Leeds`, `Bright Sparks Electrical`, `Austin TX`
  bool read_work_and_town(Span words) {
    if (words.size() > 1 && is_article(words.front())) words = words.subspan(1);
    // A region after a comma belongs to the town before it.
    if (words.size() == 1 && is_region(words.front()) && !reading_.found.place.empty()) {
      take(&Answers::place, reading_.found.place + ", " + region_of(words.front()), NameOf::place);
      return true;
    }
    bool is_read = false;
    for (std::size_t at = 0; at < words.size() && known_.place.empty(); ++at) {
      const KnownPlace town = town_at(words.subspan(at));
      if (town.words == 0) continue;
      std::size_t end = at + town.words;
      if (end < words.size() && is_region(words[end])) ++end;
      // Inside of a name a town is part of it: "Leeds Plumbing Co".
      if (end < words.size()) break;
      is_read = read_town(words.subspan(at));
      words = words.first(at);
      break;
    }
    if (words.empty()) return is_read;
    if (read_trade_in(words, false) || read_trade_in(words, true)) return true;
    loose_.emplace_back(words.begin(), words.end());
    return true;
  }

  /// `Bright Sparks Electrical`, `Joe's plumbing`; not `Pool cleaning`
  static bool is_like_a_business(Span words) {
    constexpr std::size_t words_max = 6;
    constexpr std::string_view small[] = {"and", "&", "of", "the", "for", "in"};
    if (words.size() > words_max || words.front().shown == words.front().folded) return false;
    if (words.front().shown.find('\'') != std::string::npos) return true;
    return std::ranges::all_of(
        words, [&](const Word& word) { return word.shown != word.folded || is_one_of(word.folded, small); });
  }

  /// `emergency plumber`, `pool cleaning`: one word before says what kind.
  static std::string work_of(Span words, std::size_t at, const Trade& trade) {
    constexpr std::string_view none[] = {"i",    "im",  "my",   "we",   "our",  "his", "her", "mean", "for",
                                         "do",   "of",  "am",   "and",  "&",    "is",  "are", "in",   "run",
                                         "runs", "own", "owns", "have", "just", "be",  "as",  "with", "your"};
    const bool is_somebodys = words[0].folded.ends_with('s') && !words[0].folded.ends_with("ss");
    const bool is_qualified = at == 1 && !is_somebodys && at + trade.words == words.size() &&
                              !is_one_of(words[0].folded, none) && !is_article(words[0]);
    if (!is_qualified) return std::string(trade.name);
    return words[0].shown + " " + (trade.is_person ? std::string(trade.name) : joined(words.subspan(at)));
  }

  /// `plumber`, `Bright Sparks Electrical`
  bool read_trade_in(Span words, bool allows_mistakes) {
    for (std::size_t at = 0; at < words.size(); ++at) {
      const std::optional<Trade> trade = trade_at(words.subspan(at), allows_mistakes);
      if (!trade) continue;
      const bool is_all = trade->words == words.size();
      const bool has_owner = words.front().shown.find('\'') != std::string::npos;
      if (!is_all && (!trade->is_person || has_owner) && is_like_a_business(words)) {
        take(&Answers::business_type, std::string(trade->name), NameOf::work);
        take_name(&Answers::business_name, words, NameOf::business);
      } else {
        take(&Answers::business_type, work_of(words, at, *trade), NameOf::work);
      }
      return true;
    }
    return false;
  }

  static bool is_like_a_person(Span words) {
    return words.size() <= 3 && std::ranges::all_of(words, [](const Word& word) {
             return word.shown.find_first_of("0123456789&/+!") == std::string::npos;
           });
  }

  bool is_open(std::string Answers::* field) const {
    return (known_.*field).empty() && (reading_.found.*field).empty();
  }

  /// Words that nothing tells the meaning of: the answer to what is asked, and then to what would be asked next.
  void place_loose() {
    std::size_t next = 0;
    if (is_first_step()) next = place_loose_work();
    if (next >= loose_.size()) return;
    const bool is_name_asked = step_ == Step::business_name || step_ == Step::owner_name;
    if (!is_name_asked && (!is_first_step() || reading_.found.business_type.empty())) return;
    if (step_ != Step::owner_name && is_open(&Answers::business_name)) {
      std::string name = joined(loose_[next++]);
      while (next < loose_.size() && !is_like_a_person(loose_[next])) name += ", " + joined(loose_[next++]);
      take(&Answers::business_name, capitalised(std::move(name)), NameOf::business);
    }
    if (next < loose_.size() && is_open(&Answers::owner_name) &&
        (step_ == Step::owner_name || is_like_a_person(loose_[next]))) {
      take_name(&Answers::owner_name, loose_[next], NameOf::person);
    }
  }

  std::size_t place_loose_work() {
    constexpr std::size_t words_max = 5;
    std::size_t next = 0;
    if (next < loose_.size() && is_open(&Answers::business_type) && loose_[next].size() <= words_max) {
      Span work = loose_[next++];
      if (work.size() > 1 && (work.front().folded == "i" || work.front().folded == "we")) work = work.subspan(1);
      take(&Answers::business_type, joined(work), NameOf::work);
    }
    if (next < loose_.size() && is_open(&Answers::place) && loose_[next].size() <= words_max) {
      take(&Answers::place, capitalised(joined(loose_[next++])), NameOf::place);
    }
    return next;
  }

  Step step_;
  const Answers& known_;
  bool may_guess_;
  bool has_several_pieces_ = false;
  Reading reading_;
  std::vector<Piece> loose_;
};

}  // namespace

Reading read_answers(const Text& text, Step step, const Answers& known, bool may_guess) {
  return Reader(step, known, may_guess).read(text);
}

}  // namespace jobrun::onboarding
