#include "outside.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "doctor/drift.hpp"
#include "net/http_client.hpp"

namespace jobrun::app {
namespace {

constexpr std::chrono::milliseconds answered_within{8'000};
constexpr std::size_t addresses_max = 16;

struct Resolved {
  std::vector<std::string> addresses{};
  bool is_nobodys_name = false;
  std::string problem{};
};

Resolved resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (failed == EAI_NONAME) return {.is_nobodys_name = true};
  if (failed != 0) return {.problem = gai_strerror(failed)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  Resolved resolved;
  for (const addrinfo* each = found; each != nullptr && resolved.addresses.size() < addresses_max;
       each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    const int unreadable =
        getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    if (unreadable == 0) resolved.addresses.emplace_back(text.data());
  }
  if (resolved.addresses.empty()) resolved.problem = "no address can be read";
  return resolved;
}

void ask(doctor::OutsideFacts& facts) {
  net::ClientRequest request;
  request.method = "GET";
  request.url = facts.url + "/healthz";
  request.connect_timeout = answered_within;
  request.timeout = answered_within;
  request.wants_certificate_end = true;
  net::HttpClient client{net::HttpClient::Options{}};
  std::promise<net::ClientResult> promise;
  client.send(std::move(request), [&promise](net::ClientResult result) { promise.set_value(std::move(result)); });
  const net::ClientResult result = promise.get_future().get();
  facts.certificate_ends = result.certificate_end;
  facts.is_untrusted = result.is_untrusted;
  facts.unanswered = result.reason;
  if (result.kind == net::ClientResult::Kind::answered) facts.status = result.response.status;
}

}  // namespace

std::vector<doctor::Check> outside_checks(const Settings& settings, const Clock& clock) {
  doctor::OutsideFacts facts{.url = settings.public_url, .now = clock.now()};
  std::string host = doctor::host_of(settings.public_url);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Resolved resolved = resolve(host);
  facts.addresses = std::move(resolved.addresses);
  facts.is_nobodys_name = resolved.is_nobodys_name;
  facts.unresolved = std::move(resolved.problem);
  if (facts.addresses.empty()) {
    facts.unanswered = "its host has no known address";
  } else {
    ask(facts);
  }
  std::vector<doctor::Check> checks = {doctor::reachable_check(facts)};
  if (settings.public_url.starts_with("https://")) checks.push_back(doctor::certificate_check(facts));
  return checks;
}

}  // namespace jobrun::app
