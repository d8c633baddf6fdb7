#include "calls.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <memory>
#include <utility>

#include "answers.hpp"
#include "base/utf8.hpp"
#include "dates.hpp"
#include "net/form_encoding.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {
namespace {

constexpr Listed account_calls{"Calls", "calls", call_page_bytes_max};
constexpr std::size_t call_bytes_max = std::size_t{64} * 1024;
constexpr std::size_t status_text_bytes_max = 32;
constexpr std::int64_t duration_seconds_max = std::int64_t{30} * 24 * 3600;

std::string page_query(std::vector<std::pair<std::string, std::string>> fields) {
  fields.emplace(fields.begin(), "PageSize", std::to_string(calls_per_page));
  return "?" + net::form_encoded(fields);
}

template <class Value>
std::optional<Value> parsed(std::string_view text) {
  const Result<Value> value = Value::parse(text);
  return value ? std::optional<Value>(*value) : std::nullopt;
}

/// `"22"`; of a call that has not ended, null.
Duration duration_of(const std::string& text, TextMembers& members) {
  if (text.empty()) return Duration{0};
  std::int64_t seconds = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > duration_seconds_max) {
    members.refuse("duration");
    return Duration{0};
  }
  return std::chrono::seconds{seconds};
}

std::optional<Instant> moment_of(const char* name, TextMembers& members) {
  const std::string text = members.take_if_there(name);
  if (text.empty()) return std::nullopt;
  const std::optional<Instant> moment = parse_rfc2822(text);
  if (!moment) members.refuse(name);
  return moment;
}

Result<ListedCall> read_item(const nlohmann::json& item) {
  if (!item.is_object()) return invalid("a listed call is no object");
  TextMembers members(item);
  const Result<CallSid> sid = CallSid::parse(members.take("sid"));
  if (!sid) return invalid("a listed call has no readable sid");
  const std::string to = members.take("to");
  const std::string parent = members.take_if_there("parent_call_sid");
  const std::string status = members.take("status");
  const std::string answered_by = members.take_if_there("answered_by");
  const std::optional<Instant> started_at = moment_of("start_time", members);
  const std::optional<Instant> created_at = moment_of("date_created", members);
  ListedCall call{.call_sid = *sid,
                  .caller = Caller::parse(members.take("from")),
                  .number = parsed<E164>(to),
                  .number_text = std::string(utf8_prefix(to, number_text_bytes_max)),
                  .forwarded_from = parsed<E164>(members.take_if_there("forwarded_from")),
                  .is_inbound = members.take("direction") == "inbound",
                  .parent = parsed<CallSid>(parent),
                  .status = parse_name<CallStatus>(status).value_or(CallStatus::unrecognised),
                  .status_text = std::string(utf8_prefix(status, status_text_bytes_max)),
                  .started_at = started_at.value_or(created_at.value_or(Instant{})),
                  .ended_at = moment_of("end_time", members),
                  .duration = duration_of(members.take_if_there("duration"), members),
                  .machine_answered = answered_by.starts_with("machine") || answered_by == "fax"};
  if (status.empty()) members.refuse("status");
  if (!parent.empty() && !call.parent) members.refuse("parent_call_sid");
  if (!started_at && !created_at) members.refuse("start_time");
  if (!members.missing().empty()) return invalid("a listed call has no readable " + members.missing());
  return call;
}

}  // namespace

net::ClientRequest first_calls_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                       const CallWindow& window) {
  return page_request(options, auth_token, account_calls,
                      page_query({{"StartTime>", to_the_second(window.from)},
                                  {"StartTime<", to_the_second(window.to + std::chrono::seconds{1})}}));
}

net::ClientRequest first_children_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                          const CallSid& parent) {
  return page_request(options, auth_token, account_calls, page_query({{"ParentCallSid", parent.text()}}));
}

net::ClientRequest call_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                const CallSid& call_sid) {
  const std::string resource = "Calls/" + net::path_encoded(call_sid.text());
  return page_request(options, auth_token, {resource, {}, call_bytes_max}, "");
}

Result<CallsPage> read_calls_page(const net::ClientResult& result, std::string_view account_sid) {
  return read_items(result, account_sid, account_calls, read_item);
}

Result<ListedCall> read_call(const net::ClientResult& result, const CallSid& call_sid) {
  constexpr int success = 200;
  constexpr int not_found = 404;
  if (result.kind != net::ClientResult::Kind::answered) {
    return failure(ErrorKind::unavailable, "no answer: " + tamed(result.reason));
  }
  if (result.response.status != success) {
    const bool is_absent = result.response.status == not_found;
    return failure(is_absent ? ErrorKind::not_found : ErrorKind::unavailable,
                   "no call: HTTP " + std::to_string(result.response.status));
  }
  Result<ListedCall> call = read_item(nlohmann::json::parse(result.response.body, nullptr, false));
  if (call && call->call_sid != call_sid) return invalid("the answer is about another call");
  return call;
}

void list_calls(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                net::ClientRequest first, CarrierCalls::Listed done) {
  auto hear = [options = std::move(options), auth_token = std::move(auth_token), done = std::move(done), pages = 0,
               calls = std::vector<ListedCall>()](
                  const net::ClientResult& result) mutable -> std::optional<net::ClientRequest> {
    Result<CallsPage> page = read_calls_page(result, options.account_sid);
    if (!page) return done(std::unexpected(page.error())), std::nullopt;
    std::ranges::move(page->items, std::back_inserter(calls));
    if (page->next_query.empty()) return done(std::move(calls)), std::nullopt;
    if (++pages == call_pages_max) {
      done(failure(ErrorKind::unavailable,
                   "the list is longer than " + std::to_string(call_pages_max * calls_per_page) + " calls"));
      return std::nullopt;
    }
    return page_request(options, auth_token, account_calls, page->next_query);
  };
  ask_in_turn(std::move(transport), std::move(first), std::move(hear));
}

}  // namespace jobrun::carrier::twilio
