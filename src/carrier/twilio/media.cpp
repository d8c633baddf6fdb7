#include "media.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace jobrun::carrier {
namespace {

constexpr int redirects_max = 3;
/// For the head of the response.
constexpr std::size_t head_bytes_max = 16'384;
constexpr std::size_t url_bytes_max = 4'096;

/// One thing that is fetched, from hop to hop.
struct Fetch {
  TwilioCarrier::Transport transport;
  TwilioCarrier::Options options;
  std::string auth_token;
  std::size_t bytes_max = 0;
  CarrierMedia::Fetched done;
  int redirects = 0;
};

/// Where the carrier sends us on: to its store, which knows its own signature in the link and not us.
Result<std::string> next_url(const Fetch& fetch, std::string_view location) {
  const bool is_tls = location.starts_with("https://");
  // A practice carrier has no TLS, and nothing of ours is shown to where it leads.
  const bool is_practice = location.starts_with("http://") && fetch.options.api_url.starts_with("http://");
  if (!is_tls && !is_practice) return failure(ErrorKind::invalid, "the carrier leads to no https link");
  const bool is_plain = std::ranges::all_of(location, [](char c) { return c > ' ' && c < '\x7F'; });
  if (!is_plain || location.size() > url_bytes_max)
    return failure(ErrorKind::invalid, "the carrier leads to no link");
  return std::string(location);
}

void ask(const std::shared_ptr<Fetch>& fetch, std::string url);

Result<Media> media_in(const Fetch& fetch, net::ClientResult result) {
  constexpr int ok = 200;
  constexpr int gone = 410;
  constexpr int not_found = 404;
  constexpr int unauthorized = 401;
  constexpr int forbidden = 403;
  const auto too_large = [&] {
    return failure(ErrorKind::invalid, "it has more than " + std::to_string(fetch.bytes_max) + " bytes");
  };
  if (result.is_too_large) return too_large();
  if (result.kind != net::ClientResult::Kind::answered) {
    return failure(ErrorKind::unavailable, "the carrier did not give it: " + result.reason);
  }
  const int status = result.response.status;
  if (status == not_found || status == gone) return failure(ErrorKind::not_found, "the carrier has it no more");
  if (status == unauthorized || status == forbidden) {
    return failure(ErrorKind::unavailable, "the carrier refuses our credentials: jobrun doctor");
  }
  if (status != ok) {
    return failure(ErrorKind::unavailable, "the carrier answered HTTP " + std::to_string(status));
  }
  if (result.response.body.size() > fetch.bytes_max) return too_large();
  constexpr std::size_t type_bytes_max = 100;
  std::string type(result.response.header("Content-Type").substr(0, type_bytes_max));
  return Media{.type = std::move(type), .bytes = std::move(result.response.body)};
}

void take(const std::shared_ptr<Fetch>& fetch, net::ClientResult result) {
  constexpr int redirects_from = 300;
  constexpr int redirects_to = 400;
  const int status = result.response.status;
  const bool leads_on =
      result.kind == net::ClientResult::Kind::answered && status >= redirects_from && status < redirects_to;
  if (!leads_on) return fetch->done(media_in(*fetch, std::move(result)));
  if (++fetch->redirects > redirects_max) {
    return fetch->done(failure(ErrorKind::unavailable, "the carrier leads from link to link"));
  }
  Result<std::string> next = next_url(*fetch, result.response.header("Location"));
  if (!next) return fetch->done(std::unexpected(next.error()));
  ask(fetch, *std::move(next));
}

void ask(const std::shared_ptr<Fetch>& fetch, std::string url) {
  net::ClientRequest request;
  request.method = "GET";
  request.connect_timeout = fetch->options.connect_timeout;
  request.timeout = fetch->options.timeout;
  request.response_bytes_max = fetch->bytes_max + head_bytes_max;
  if (is_own_media(fetch->options, url)) {
    request.user = fetch->options.account_sid;
    request.password = fetch->auth_token;
  }
  request.url = std::move(url);
  fetch->transport(std::move(request), [fetch](net::ClientResult result) { take(fetch, std::move(result)); });
}

}  // namespace

bool is_own_media(const TwilioCarrier::Options& options, std::string_view url) {
  const std::string account = options.api_url + "/2010-04-01/Accounts/" + options.account_sid + "/";
  if (options.account_sid.empty() || !url.starts_with(account) || url.size() > url_bytes_max) return false;
  const std::string_view path = url.substr(account.size());
  const bool is_plain = std::ranges::all_of(path, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/' || c == '.';
  });
  if (!is_plain || path.contains("..")) return false;
  const bool is_media = path.starts_with("Messages/") && path.contains("/Media/");
  return is_media || path.starts_with("Recordings/");
}

void TwilioCarrier::fetch_media(std::string url, std::size_t bytes_max, Fetched done) {
  if (!is_own_media(options_, url)) {
    return done(failure(ErrorKind::invalid, "the link leads to no media of our account at the carrier"));
  }
  ask(std::make_shared<Fetch>(Fetch{.transport = transport_,
                                    .options = options_,
                                    .auth_token = auth_token(),
                                    .bytes_max = bytes_max,
                                    .done = std::move(done)}),
      std::move(url));
}

}  // namespace jobrun::carrier
