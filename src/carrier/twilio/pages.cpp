#include "pages.hpp"

#include <algorithm>

#include "answers.hpp"
#include "net/form_encoding.hpp"

namespace jobrun::carrier::twilio {
namespace {

constexpr std::size_t next_query_bytes_max = 2'000;

std::string list_path(std::string_view account_sid, const Listed& listed) {
  return "/2010-04-01/Accounts/" + net::path_encoded(account_sid) + "/" + std::string(listed.resource) + ".json";
}

}  // namespace

net::ClientRequest signed_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                  std::size_t answer_bytes_max) {
  net::ClientRequest request;
  request.method = "GET";
  request.headers = {{"Accept", "application/json"}};
  request.user = options.account_sid;
  request.password = auth_token;
  request.connect_timeout = options.connect_timeout;
  request.timeout = options.timeout;
  request.response_bytes_max = answer_bytes_max;
  return request;
}

net::ClientRequest page_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                const Listed& listed, const std::string& page_query) {
  net::ClientRequest request = signed_request(options, auth_token, listed.page_bytes_max);
  request.url = options.api_url + list_path(options.account_sid, listed) + page_query;
  return request;
}

std::string to_the_second(Instant instant) {
  constexpr std::size_t length = 19;
  return to_iso8601(instant).substr(0, length) + "Z";
}

Result<nlohmann::json> page_in(const net::ClientResult& result, const Listed& listed) {
  if (result.kind != net::ClientResult::Kind::answered) {
    return failure(ErrorKind::unavailable, "no list: " + tamed(result.reason));
  }
  constexpr int success = 200;
  if (result.response.status != success) {
    return failure(ErrorKind::unavailable, "no list: HTTP " + std::to_string(result.response.status));
  }
  nlohmann::json page = nlohmann::json::parse(result.response.body, nullptr, false);
  const std::string member(listed.member);
  if (!page.is_object() || !page.contains(member) || !page[member].is_array()) {
    return invalid("the list cannot be read");
  }
  return page;
}

Result<std::string> next_query_of(const nlohmann::json& page, std::string_view account_sid, const Listed& listed) {
  const auto member = page.find("next_page_uri");
  if (member == page.end() || !(member->is_null() || member->is_string())) {
    return invalid("the list does not say whether it goes on");
  }
  return query_of_next(string_in(page, "next_page_uri"), list_path(account_sid, listed));
}

Result<std::string> query_of_next(const std::string& uri, const std::string& expected_path) {
  if (uri.empty()) return std::string();
  std::string_view path = uri;
  if (path.starts_with("http://") || path.starts_with("https://")) {
    path.remove_prefix(path.find("://") + 3);
    path.remove_prefix(std::min(path.find('/'), path.size()));
  }
  const bool is_plain = std::ranges::all_of(path, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  const std::string expected = expected_path + "?";
  if (path.size() > next_query_bytes_max || !is_plain || !path.starts_with(expected)) {
    return invalid("the list goes on where no list is: " + tamed(uri));
  }
  return std::string(path.substr(expected.size() - 1));
}

void ask_in_turn(TwilioCarrier::Transport transport, net::ClientRequest first, Hear hear) {
  const TwilioCarrier::Transport ask = transport;  // the other one goes on to the next request
  ask(std::move(first),
      [transport = std::move(transport), hear = std::move(hear)](const net::ClientResult& result) mutable {
        std::optional<net::ClientRequest> next = hear(result);
        if (next) ask_in_turn(std::move(transport), std::move(*next), std::move(hear));
      });
}

}  // namespace jobrun::carrier::twilio
