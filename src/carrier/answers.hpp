// What every carrier's answers have in common: JSON from a network, of which anything may be missing, wrong or
// hostile, and three ends of a request that must never be mixed up.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "answer_row.hpp"
#include "base/ports/carrier.hpp"
#include "base/trace.hpp"
#include "net/http_client.hpp"

namespace jobrun::carrier {

inline constexpr std::size_t detail_bytes_max = 200;
/// Answers to one text's request; lists are larger.
inline constexpr std::size_t answer_bytes_max = std::size_t{64} * 1024;

/// Printable ASCII of somebody else's words, at most detail_bytes_max: they end up in logs, alerts and terminals.
std::string tamed(std::string_view text);

/// The member when it is a string; else empty.
std::string string_in(const nlohmann::json& object, const char* name);
/// What statuses are asked to be sent to: `{base}{path}{text id}`, and which request it was.
std::string status_url(std::string_view base, std::string_view path, const TextId& id, SendAttempt attempt);
/// Puts the request into the trace of what caused the text, if there is one.
void put_traceparent(net::ClientRequest& request, const Traces* traces, std::string_view cause);
/// A positive code, spelt as a number or as a string of digits; else no_code.
int code_in(const nlohmann::json& object, const char* name);
/// The text when it can be a carrier's id of a message: 2 to 64 letters, digits and '-'; else empty.
std::string message_id_or_nothing(std::string text);

/// `Retry-After` in seconds, at most a week; empty when absent or a date.
std::optional<Duration> retry_after_in(const net::ClientResponse& response);

/// What a body says, as far as it is well-formed.
struct AnswerBody {
  std::string message_id;  ///< empty: none, or none that looks like one
  bool is_lost = false;    ///< taken and lost in one answer: `code` says why
  std::string words;
  int code = no_code;
};
using ReadBody = AnswerBody (*)(const std::string& body);

/// What became of a request to send one text.
SendAnswer classify_answer(const net::ClientResult& result, std::span<const AnswerRow> table, ReadBody read_body);

/// What it means that a text which was taken was lost: for delivery statuses.
Refused refused_as_lost(std::span<const AnswerRow> table, int code, std::string_view words);

}  // namespace jobrun::carrier
