// What a client's customers read and hear: in the client's own words where it has some, in whose language, and
// when.
//
// A client's own words are checked when they are set, because a wrong one would go to every caller: a text that
// names no business, or a placeholder that nothing fills in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/client_settings.hpp"
#include "base/local_time.hpp"
#include "base/locale.hpp"
#include "base/result.hpp"
#include "base/text_encoding.hpp"

namespace jobrun {

// --- own words ------------------------------------------------------------------------------------

/// True for what a client may say in its own words: what is said in its name to its customers. Not what is said in
/// ours, nor to its own phones; nor the emergency advice, which is a setting of its own.
bool is_client_wording(Phrase phrase);

struct AllowedPlaceholder {
  Placeholder placeholder{};
  bool is_obligatory = false;
  friend bool operator==(const AllowedPlaceholder&, const AllowedPlaceholder&) = default;
};

/// What a phrase may name, in anybody's words.
std::vector<AllowedPlaceholder> placeholders_of(Phrase phrase);

/// Whether a client may say the phrase so; the error says what to change. Any bytes.
///
/// Refused: a phrase that is not the client's; words that are empty, too long (wording_characters_max), no UTF-8
/// or of several lines; a brace that is not a placeholder's; a placeholder that the phrase does not have; and the
/// lack of one that it must have. A HELP text must name STOP.
Result<void> check_wording(Phrase phrase, std::string_view own);

/// A phrase as a customer gets it, with sample words for all but the business's name, without an opt-out line.
struct WordingPreview {
  std::string text;
  TextSize size;  ///< of the text; what is spoken has no segments, its size is of no use
};

/// `own` need not have been checked; empty: the catalogue's words.
WordingPreview preview(Phrase phrase, std::string_view own, std::string_view business, Locale locale);

/// As render(), in the client's own words where it has some that pass check_wording(). Without `words.advice`, the
/// client's emergency advice is given, in text_danger and as text_emergency_advice.
std::string render_for(const ClientSettings& settings, Locale locale, Phrase phrase, const PhraseWords& words);

// --- which language -------------------------------------------------------------------------------

/// The customer's own choice; else the client's; else by the country (ISO 3166) of the client's number. For a
/// customer, en_us stands for English of either kind: the client's, else the country's.
Locale locale_for(const ClientSettings& settings, std::optional<Locale> customer_language,
                  std::string_view country);

/// What to do in danger: the client's own advice, else the catalogue's, with the emergency number of the country
/// where the customer is: who writes Polish in London is not to call a Polish number. For PhraseWords::advice.
std::string emergency_advice_for(const ClientSettings& settings, Locale locale, std::string_view country);

// --- when -----------------------------------------------------------------------------------------

/// Whether the business is open: within its hours, and not on one of its holidays.
bool is_open(const ClientSettings& settings, const LocalTime& time);

/// Whether the owner may be told of something now: in quiet hours of danger only.
bool may_be_told(const ClientSettings& settings, TimeOfDay time, bool is_danger);

}  // namespace jobrun
