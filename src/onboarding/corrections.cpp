#include "corrections.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "names.hpp"
#include "places.hpp"
#include "vocabulary.hpp"

namespace jobrun::onboarding {
namespace {

using Span = std::span<const Word>;

struct FieldRow {
  std::string_view words;
  Field field;
};

constexpr std::array field_rows = {
    FieldRow{"business name", Field::business_name},
    FieldRow{"company name", Field::business_name},
    FieldRow{"my name", Field::owner_name},
    FieldRow{"owner name", Field::owner_name},
    FieldRow{"owners name", Field::owner_name},
    FieldRow{"owner", Field::owner_name},
    FieldRow{"name", Field::business_name},
    FieldRow{"business type", Field::business_type},
    FieldRow{"business", Field::business_name},
    FieldRow{"company", Field::business_name},
    FieldRow{"type", Field::business_type},
    FieldRow{"trade", Field::business_type},
    FieldRow{"work", Field::business_type},
    FieldRow{"job", Field::business_type},
    FieldRow{"place", Field::place},
    FieldRow{"city", Field::place},
    FieldRow{"town", Field::place},
    FieldRow{"area", Field::place},
    FieldRow{"location", Field::place},
    FieldRow{"email address", Field::email},
    FieldRow{"email", Field::email},
    FieldRow{"mail", Field::email},
    FieldRow{"alerts", Field::alert_by},
    FieldRow{"alert", Field::alert_by},
    FieldRow{"phone", Field::phone},
    FieldRow{"phone type", Field::phone},
};

struct FieldHere {
  Field field = Field::business_name;
  std::size_t words = 0;
};

FieldHere field_at(Span words) {
  FieldHere longest;
  for (const FieldRow& row : field_rows) {
    const std::size_t count = words_spelling(row.words, words);
    if (count > longest.words) longest = {row.field, count};
  }
  return longest;
}

NameOf name_of_field(Field field) {
  switch (field) {
    case Field::business_type:
      return NameOf::work;
    case Field::place:
      return NameOf::place;
    case Field::owner_name:
      return NameOf::person;
    case Field::business_name:
    case Field::alert_by:
    case Field::email:
    case Field::phone:
      break;
  }
  return NameOf::business;
}

bool takes_a_name(Field field) {
  return field == Field::business_type || field == Field::place || field == Field::business_name ||
         field == Field::owner_name;
}

/// `change the name to Joe's`: the words before the field, between, and the value.
std::optional<Correction> correction_in(Span words, std::optional<Refusal>& refused) {
  constexpr std::string_view verbs[] = {"change", "update", "correct", "fix", "edit", "set", "make"};
  constexpr std::string_view before[] = {"change", "update", "correct", "fix", "edit", "set",      "make", "the",
                                         "no",     "yes",    "but",     "my",  "and",  "actually", "to",   "i",
                                         "want",   "need",   "please",  "can", "you",  "sorry",    "wrong"};
  constexpr std::string_view between[] = {"is",  "to",       "should", "be", "as", "=",
                                          "its", "actually", "are",    "by", "it"};
  bool has_verb = false;
  std::size_t at = 0;
  FieldHere field = field_at(words);
  while (field.words == 0 && at < words.size() &&
         (is_one_of(words[at].folded, before) || is_polite_noise(words[at]))) {
    has_verb = has_verb || is_one_of(words[at].folded, verbs) || words[at].folded == "wrong";
    field = field_at(words.subspan(++at));
  }
  if (field.words == 0) return std::nullopt;
  at += field.words;
  const std::size_t value_from = at;
  while (at < words.size() && is_one_of(words[at].folded, between)) ++at;
  const bool has_between = at > value_from;
  Span value = words.subspan(at);
  while (!value.empty() && is_polite_noise(value.back())) value = value.first(value.size() - 1);
  if (!has_verb && !has_between && !(field.field == Field::email && !value.empty()) &&
      value.size() + at != field.words)
    return std::nullopt;
  Correction made{field.field, {}, {}};
  if (value.size() == 1 && value[0].folded == "wrong") return made;
  Piece words_only(value.begin(), value.end());
  std::erase_if(words_only, [](const Word& word) { return is_email(word.shown); });
  if (field.field == Field::alert_by) made.alert_by = alert_way_in(words_only);
  for (const Word& word : value) {
    if (is_email(word.shown)) made.value = word.shown;
    if (is_link(word.folded) && !is_email(word.shown)) refused = Refusal::link;
  }
  if (takes_a_name(field.field) && !value.empty()) {
    made.value = field.field == Field::business_type ? joined(value) : capitalised(joined(value));
    const std::optional<Trade> trade = trade_at(value);
    if (field.field == Field::business_type && trade) made.value = trade->name;
    const KnownPlace town = town_at(value);
    if (field.field == Field::place && town.words == value.size()) made.value = town.name;
    if (const auto why = refusal_of(made.value, name_of_field(field.field)); why && !refused) refused = why;
  } else if (field.field == Field::email && !value.empty() && made.value.empty()) {
    refused = Refusal::bad_email;
  }
  return made;
}

}  // namespace

Corrections read_corrections(const Text& text) {
  Corrections all;
  for (const Piece& piece : text.pieces) {
    if (const auto made = correction_in(piece, all.refused)) all.made.push_back(*made);
  }
  if (text.has_signs && !all.made.empty() && !all.refused) all.refused = Refusal::signs;
  if (all.refused) all.made.clear();
  return all;
}

bool apply_correction(const Correction& correction, Answers& answers) {
  const auto put = [&correction](std::string& field) {
    field = correction.value;
    return !field.empty();
  };
  switch (correction.field) {
    case Field::business_type:
      return put(answers.business_type);
    case Field::place:
      return put(answers.place);
    case Field::business_name:
      return put(answers.business_name);
    case Field::owner_name:
      return put(answers.owner_name);
    case Field::email:
      answers.alert_by = answers.alert_by.value_or(AlertBy::email);
      if (answers.alert_by == AlertBy::text) answers.alert_by = AlertBy::both;
      return put(answers.email);
    case Field::alert_by:
      answers.alert_by = correction.alert_by;
      if (!correction.value.empty()) answers.email = correction.value;
      return answers.alert_by.has_value();
    case Field::phone:
      break;
  }
  return false;
}

}  // namespace jobrun::onboarding
