// The carrier's JSON: the shapes of Twilio's API version 2010-04-01, and its errors.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "net/http_server.hpp"
#include "practice.hpp"

namespace jobrun::simulator {

inline constexpr std::string_view api_version = "2010-04-01";

/// `Mon, 16 Aug 2010 03:45:01 +0000`.
std::string rfc2822(Instant instant);

/// Seconds since the epoch of `2010-08-16` or `2010-08-16T03:45:01Z`; empty when it is neither.
struct MomentOrDay {
  Instant at{};
  bool is_day = false;
};
std::optional<MomentOrDay> parse_moment(std::string_view text);

/// Appends a message as JSON. Written by hand: it is what a benchmark of the service spends its time on here.
void append_message(std::string& out, const TextRecord& text, std::string_view account_sid);
nlohmann::ordered_json call_json(const CallRecord& call, std::string_view account_sid,
                                 std::string_view number_sid);
nlohmann::ordered_json number_json(const NumberRecord& number, const Practice& practice,
                                   std::string_view account_sid);

/// Twilio's answer to a request it does not fulfil; `detail` replaces the usual sentence for the code, and
/// `http_status` the usual status, unless empty and 0.
net::HttpResponse error_response(int code, std::string_view detail = {}, int http_status = 0);

net::HttpResponse json_response(int status, const nlohmann::ordered_json& body);

/// Appends a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace jobrun::simulator
