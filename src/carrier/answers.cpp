#include "answers.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

#include "net/form_encoding.hpp"

namespace jobrun::carrier {
namespace {

constexpr std::size_t message_id_bytes_max = 64;
constexpr std::int64_t retry_after_seconds_max = std::int64_t{7} * 24 * 3600;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Refused refused_by(const AnswerRow& row, Refused::Because because, int code, std::string_view words) {
  Refused refused;
  refused.because = because;
  refused.code = code;
  refused.detail = tamed(words.empty() ? row.why : words);
  refused.learned = row.learned;
  refused.blocks_sender = row.blocks_sender;
  refused.alert = row.alert;
  return refused;
}

SendAnswer classify_success(const net::ClientResponse& response, std::span<const AnswerRow> table,
                            const AnswerBody& body) {
  if (body.is_lost) {
    Refused refused = refused_as_lost(table, body.code, body.words);
    refused.http_status = response.status;
    return refused;
  }
  if (!body.message_id.empty()) return Accepted{body.message_id};
  return Unknown{"HTTP " + std::to_string(response.status) + " without a message id"};
}

SendAnswer classify_response(const net::ClientResponse& response, std::span<const AnswerRow> table,
                             const AnswerBody& body) {
  constexpr int success_from = 200;
  constexpr int success_to = 299;
  if (response.status >= success_from && response.status <= success_to) {
    return classify_success(response, table, body);
  }
  const AnswerRow* row = find_answer_row(table, response.status, body.code);
  if (row != nullptr && row->because) {
    Refused refused = refused_by(*row, *row->because, body.code, body.words);
    refused.http_status = response.status;
    refused.retry_after = retry_after_in(response);
    return refused;
  }
  std::string reason = "HTTP " + std::to_string(response.status);
  if (!body.words.empty()) reason += ": " + tamed(body.words);
  return Unknown{std::move(reason)};
}

}  // namespace

std::string tamed(std::string_view text) {
  std::string kept(text.substr(0, detail_bytes_max));
  for (char& c : kept) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return kept;
}

std::string string_in(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string status_url(std::string_view base, std::string_view path, const TextId& id, SendAttempt attempt) {
  std::string url = std::string(base) + std::string(path) + net::path_encoded(id.text());
  if (attempt.number > 0) {
    url += "?attempt=" + std::to_string(attempt.number) + "&way=" + std::to_string(attempt.way);
  }
  return url;
}

int code_in(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return no_code;
  const auto found = object.find(name);
  if (found == object.end()) return no_code;
  std::optional<std::int64_t> code;
  if (found->is_number_integer()) code = found->get<std::int64_t>();
  if (found->is_string()) code = number_in<std::int64_t>(found->get_ref<const std::string&>());
  return code && *code > 0 && *code <= std::numeric_limits<int>::max() ? static_cast<int>(*code) : no_code;
}

std::string message_id_or_nothing(std::string text) {
  const bool is_id =
      text.size() >= 2 && text.size() <= message_id_bytes_max && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
      });
  return is_id ? std::move(text) : std::string();
}

std::optional<Duration> retry_after_in(const net::ClientResponse& response) {
  const std::optional<std::int64_t> seconds = number_in<std::int64_t>(response.header("Retry-After"));
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min(*seconds, retry_after_seconds_max)};
}

void put_traceparent(net::ClientRequest& request, const Traces* traces, std::string_view cause) {
  std::string traceparent = traces == nullptr ? std::string() : traces->traceparent_for(cause);
  if (!traceparent.empty()) request.headers.emplace_back("traceparent", std::move(traceparent));
}

SendAnswer classify_answer(const net::ClientResult& result, std::span<const AnswerRow> table, ReadBody read_body) {
  switch (result.kind) {
    case net::ClientResult::Kind::answered:
      return classify_response(result.response, table, read_body(result.response.body));
    case net::ClientResult::Kind::not_written:
      return NotSent{tamed(result.reason)};
    case net::ClientResult::Kind::unknown:
      return Unknown{tamed(result.reason)};
  }
  return Unknown{"no such result"};
}

Refused refused_as_lost(std::span<const AnswerRow> table, int code, std::string_view words) {
  const AnswerRow& row = find_lost_row(table, code);
  return refused_by(row, row.because.value_or(Refused::Because::other), code, words);
}

}  // namespace jobrun::carrier
