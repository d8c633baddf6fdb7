// A carrier's refusals as data: what each means for the text, what is learned, and who has to know.
//
// One table per carrier serves the answers to our requests and the delivery statuses that come later, so that a
// code means the same wherever it appears.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/ports/carrier.hpp"
#include "base/records.hpp"

namespace jobrun::carrier {

/// Where a code is seen.
enum class Where {
  answer,    ///< only in an answer to a request, which then did nothing
  anywhere,  ///< there, and in what is said of a text that was taken and then lost
};

inline constexpr int any_code = -1;
inline constexpr int no_code = 0;

/// Matches an answer's HTTP status range and error code. `any_code` matches every code and none.
struct AnswerRow {
  int status_from;
  int status_to;
  int code;
  Where where;
  std::optional<Refused::Because> because;  ///< empty: it is unknown what became of the text
  AlertTo alert;
  std::string_view why;
  std::optional<PhoneFact> learned = std::nullopt;
  bool blocks_sender = false;
};

/// The row of an answer that is not a success: the first that matches. nullptr when none does: what became of the
/// text is unknown.
constexpr const AnswerRow* find_answer_row(std::span<const AnswerRow> table, int http_status, int code) {
  for (const AnswerRow& row : table) {
    const bool status_matches = row.status_from <= http_status && http_status <= row.status_to;
    if (status_matches && (row.code == any_code || row.code == code)) return &row;
  }
  return nullptr;
}

/// What a text that was taken and then lost with a code nobody knows is held to be: not tried again, and looked
/// at by a person.
inline constexpr AnswerRow lost_for_an_unknown_reason = {
    0, 0, any_code, Where::anywhere, Refused::Because::other, AlertTo::operator_, "not delivered"};

/// The row of a text that was taken and then lost. A code that only refuses requests says nothing here.
constexpr const AnswerRow& find_lost_row(std::span<const AnswerRow> table, int code) {
  for (const AnswerRow& row : table) {
    if (row.where == Where::anywhere && row.code == code && code != no_code) return row;
  }
  return lost_for_an_unknown_reason;
}

}  // namespace jobrun::carrier
