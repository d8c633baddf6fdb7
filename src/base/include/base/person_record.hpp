// What is kept of people, and how it goes: settled by a person, too old, or asked for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/conversation_record.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/time.hpp"

namespace jobrun {

/// How a text to nobody's number was dealt with.
enum class SettledAs {
  adopted,    ///< it is a customer's of a business now
  dismissed,  ///< nothing is to be done
};

template <>
struct NamesOf<SettledAs> {
  static constexpr std::array<Named<SettledAs>, 2> rows = {
      {{SettledAs::adopted, "adopted"}, {SettledAs::dismissed, "dismissed"}}};
};

struct Settlement {
  std::string reason{};                     ///< in a person's words; may be empty for an adoption
  std::optional<CustomerContact> adopts{};  ///< whose conversation it joins; empty: it is dismissed
};

/// The places in which the words of people are kept.
enum class WordsIn { messages, inbound_texts, texts, alerts, conversations, recordings };

inline constexpr std::array places_of_words = {WordsIn::messages, WordsIn::inbound_texts, WordsIn::texts,
                                               WordsIn::alerts,   WordsIn::conversations, WordsIn::recordings};

/// A row that still holds words.
struct OldWords {
  std::int64_t row = 0;
  std::optional<ClientId> client{};
  Instant at{};
  friend bool operator==(const OldWords&, const OldWords&) = default;
};

struct OldWordsPage {
  std::vector<OldWords> rows{};
  std::optional<std::int64_t> next{};  ///< look on after this row; empty: that was all
};

/// Whoever has that phone.
struct Person {
  E164 phone;
  std::optional<ClientId> client{};  ///< only as this business knows him; empty: as everybody does
};

/// Rows that lead to a person.
struct PersonRows {
  std::vector<std::int64_t> calls{}, texts{}, inbound_texts{}, customers{}, alerts{}, decisions{};
  bool is_empty() const {
    return calls.empty() && texts.empty() && inbound_texts.empty() && customers.empty() && alerts.empty() &&
           decisions.empty();
  }
};

}  // namespace jobrun
