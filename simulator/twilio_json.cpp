#include "twilio_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/utf8.hpp"

namespace jobrun::simulator {

namespace {

using OrderedJson = nlohmann::ordered_json;

struct ErrorRow {
  int code;
  int http_status;
  std::string_view message;
};

constexpr std::array errors = {
    ErrorRow{14107, 400, "Message rate limit exceeded between two numbers"},
    ErrorRow{20001, 400, "Unknown parameters"},
    ErrorRow{20003, 401, "Authenticate"},
    ErrorRow{20004, 405, "Method not allowed"},
    ErrorRow{20404, 404, "The requested resource was not found"},
    ErrorRow{20429, 429, "Too Many Requests"},
    ErrorRow{20500, 500, "Internal Server Error"},
    ErrorRow{20503, 503, "Service unavailable"},
    ErrorRow{21211, 400, "The 'To' number is not a valid phone number."},
    ErrorRow{21212, 400, "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID."},
    ErrorRow{21266, 400, "'To' and 'From' number cannot be the same"},
    ErrorRow{21408, 400, "Permission to send an SMS has not been enabled for the region of the 'To' number"},
    ErrorRow{21602, 400, "Message body is required."},
    ErrorRow{21603, 400, "A 'From' phone number is required."},
    ErrorRow{21604, 400, "A 'To' phone number is required."},
    ErrorRow{21606, 400, "The 'From' phone number is not a valid message-capable phone number of this account."},
    ErrorRow{21608, 400, "The number is unverified. Trial accounts cannot send messages to unverified numbers"},
    ErrorRow{21610, 400, "Attempt to send to unsubscribed recipient"},
    ErrorRow{21611, 429, "This 'From' number has exceeded the maximum number of queued messages"},
    ErrorRow{21612, 400, "Message cannot be sent with the current combination of 'To' and 'From'"},
    ErrorRow{21614, 400, "'To' number is not a valid mobile number"},
    ErrorRow{21617, 400, "The concatenated message body exceeds the 1600 character limit"},
    ErrorRow{21635, 400, "'To' number cannot be a landline"},
    ErrorRow{30001, 429, "Queue overflow"},
    ErrorRow{30002, 403, "Account suspended"},
    ErrorRow{30022, 429, "US A2P 10DLC - Rate Limits Exceeded"},
    ErrorRow{30023, 429, "US A2P 10DLC - Daily Message Cap Reached"},
};

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_digits(std::string& out, unsigned value, int width) {
  std::array<char, 8> digits{};
  for (int i = width; i > 0; --i) {
    digits[static_cast<std::size_t>(i - 1)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

void append_rfc2822(std::string& out, Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(instant - day)};
  out += days[std::chrono::weekday{day}.c_encoding()];
  out += ", ";
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  out += months[static_cast<unsigned>(date.month()) - 1];
  out += ' ';
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += ' ';
  append_digits(out, static_cast<unsigned>(time.hours().count()), 2);
  out += ':';
  append_digits(out, static_cast<unsigned>(time.minutes().count()), 2);
  out += ':';
  append_digits(out, static_cast<unsigned>(time.seconds().count()), 2);
  out += " +0000";
}

void append_moment(std::string& out, const std::optional<Instant>& instant) {
  if (!instant) {
    out += "null";
    return;
  }
  out += '"';
  append_rfc2822(out, *instant);
  out += '"';
}

OrderedJson text_or_null(std::string_view text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(std::string(text));
}

std::string account_path(std::string_view account_sid) {
  return "/" + std::string(api_version) + "/Accounts/" + std::string(account_sid) + "/";
}

std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t length) {
  int value = 0;
  const char* begin = text.data() + at;
  const auto read = std::from_chars(begin, begin + length, value);
  if (read.ec != std::errc{} || read.ptr != begin + length || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string rfc2822(Instant instant) {
  std::string out;
  append_rfc2822(out, instant);
  return out;
}

std::optional<MomentOrDay> parse_moment(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits_at(text, 0, 4);
  const auto month = digits_at(text, 5, 2);
  const auto day = digits_at(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const Instant midnight{std::chrono::sys_days{date}};
  if (text.size() == 10) return MomentOrDay{midnight, true};
  if (text.size() < 19 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const std::string_view zone = text.substr(19);
  if (!zone.empty() && zone != "Z" && zone != "+00:00") return std::nullopt;
  const auto hours = digits_at(text, 11, 2);
  const auto minutes = digits_at(text, 14, 2);
  const auto seconds = digits_at(text, 17, 2);
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return MomentOrDay{
      midnight + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds},
      false};
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      out += static_cast<char>(c);
      text.remove_prefix(1);
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
      text.remove_prefix(1);
    } else if (c < 0x20) {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
      text.remove_prefix(1);
    } else {
      const std::string_view before = text;
      const char32_t point = take_code_point(text);
      if (point == U'\uFFFD') {
        out += "\xEF\xBF\xBD";
      } else {
        out += before.substr(0, before.size() - text.size());
      }
    }
  }
  out += '"';
}

void append_message(std::string& out, const TextRecord& text, std::string_view account_sid) {
  const std::string segments = std::to_string(text.segments);
  out += R"({"body":)";
  append_quoted(out, text.body);
  out.append(R"(,"num_segments":")").append(segments);
  out.append(R"(","direction":")").append(text.direction);
  out += R"(","from":)";
  if (text.from.empty()) {
    out += "null";
  } else {
    append_quoted(out, text.from);
  }
  out += R"(,"to":)";
  append_quoted(out, text.to);
  out += R"(,"date_updated":)";
  append_moment(out, text.updated_at);
  out += R"(,"price":null,"error_message":)";
  if (text.error_code == 0) {
    out += "null";
  } else {
    append_quoted(out, "Error " + std::to_string(text.error_code));
  }
  out.append(R"(,"uri":"/2010-04-01/Accounts/)").append(account_sid).append("/Messages/").append(text.sid);
  out.append(R"(.json","account_sid":")").append(account_sid);
  out.append(R"(","num_media":"0","status":")").append(text.status).append(R"(","messaging_service_sid":)");
  if (text.messaging_service_sid.empty()) {
    out += "null";
  } else {
    append_quoted(out, text.messaging_service_sid);
  }
  out.append(R"(,"sid":")").append(text.sid).append(R"(","date_sent":)");
  append_moment(out, text.sent_at);
  out += R"(,"date_created":)";
  append_moment(out, text.created_at);
  out += R"(,"error_code":)";
  out += text.error_code == 0 ? "null" : std::to_string(text.error_code);
  out += R"(,"price_unit":"USD","api_version":"2010-04-01","subresource_uris":{"media":"/2010-04-01/Accounts/)";
  out.append(account_sid).append("/Messages/").append(text.sid).append(R"(/Media.json"}})");
}

OrderedJson call_json(const CallRecord& call, std::string_view account_sid, std::string_view number_sid) {
  const std::string path = account_path(account_sid) + "Calls/" + call.sid;
  OrderedJson out;
  out["sid"] = call.sid;
  out["date_created"] = rfc2822(call.created_at);
  out["date_updated"] = rfc2822(call.updated_at);
  out["parent_call_sid"] = text_or_null(call.parent_sid);
  out["account_sid"] = account_sid;
  out["to"] = call.to;
  out["to_formatted"] = call.to;
  out["from"] = call.from;
  out["from_formatted"] = call.from;
  out["phone_number_sid"] = text_or_null(number_sid);
  out["status"] = name_of(call.status);
  out["start_time"] = rfc2822(call.created_at);
  out["end_time"] = call.ended_at ? OrderedJson(rfc2822(*call.ended_at)) : OrderedJson(nullptr);
  out["duration"] = call.ended_at ? OrderedJson(std::to_string(call.duration_s)) : OrderedJson(nullptr);
  out["price"] = nullptr;
  out["price_unit"] = "USD";
  out["direction"] = call.direction;
  out["answered_by"] = nullptr;
  out["api_version"] = api_version;
  out["forwarded_from"] = text_or_null(call.forwarded_from);
  out["group_sid"] = nullptr;
  out["caller_name"] = text_or_null(call.caller_name);
  out["queue_time"] = "0";
  out["trunk_sid"] = nullptr;
  out["uri"] = path + ".json";
  out["subresource_uris"] = {{"notifications", path + "/Notifications.json"},
                             {"recordings", path + "/Recordings.json"}};
  return out;
}

OrderedJson number_json(const NumberRecord& number, const Practice& practice, std::string_view account_sid) {
  OrderedJson out;
  out["account_sid"] = account_sid;
  out["address_sid"] = nullptr;
  out["address_requirements"] = "none";
  out["api_version"] = api_version;
  out["beta"] = false;
  out["capabilities"] = {{"fax", false}, {"mms", true}, {"sms", true}, {"voice", true}};
  out["date_created"] = rfc2822(number.created_at);
  out["date_updated"] = rfc2822(number.updated_at);
  out["friendly_name"] = number.friendly_name;
  out["identity_sid"] = nullptr;
  out["phone_number"] = number.number;
  out["origin"] = "twilio";
  out["sid"] = number.sid;
  out["sms_application_sid"] = text_or_null(number.sms_application_sid);
  out["sms_fallback_method"] = number.sms_fallback_method;
  out["sms_fallback_url"] = text_or_null(number.sms_fallback_url);
  out["sms_method"] = number.sms_method;
  out["sms_url"] = text_or_null(practice.sms_url(number));
  out["status_callback"] = text_or_null(practice.status_url(number));
  out["status_callback_method"] = number.status_callback_method;
  out["trunk_sid"] = text_or_null(number.trunk_sid);
  out["uri"] = account_path(account_sid) + "IncomingPhoneNumbers/" + number.sid + ".json";
  out["voice_receive_mode"] = "voice";
  out["voice_application_sid"] = text_or_null(number.voice_application_sid);
  out["voice_caller_id_lookup"] = false;
  out["voice_fallback_method"] = number.voice_fallback_method;
  out["voice_fallback_url"] = text_or_null(number.voice_fallback_url);
  out["voice_method"] = number.voice_method;
  out["voice_url"] = text_or_null(practice.voice_url(number));
  out["emergency_status"] = "Inactive";
  out["emergency_address_sid"] = nullptr;
  out["emergency_address_status"] = "unregistered";
  out["bundle_sid"] = nullptr;
  out["status"] = "in-use";
  return out;
}

net::HttpResponse json_response(int status, const nlohmann::ordered_json& body) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

net::HttpResponse error_response(int code, std::string_view detail, int http_status) {
  const auto row = std::ranges::find(errors, code, &ErrorRow::code);
  const std::string_view usual =
      row != errors.end() ? row->message : std::string_view{"The request could not be fulfilled"};
  if (http_status == 0) http_status = row != errors.end() ? row->http_status : 400;
  OrderedJson body;
  body["code"] = code;
  body["message"] = std::string(detail.empty() ? usual : detail);
  body["more_info"] = "https://www.twilio.com/docs/errors/" + std::to_string(code);
  body["status"] = http_status;
  return json_response(http_status, body);
}

}  // namespace jobrun::simulator
