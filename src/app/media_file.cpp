#include "media_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <utility>

#include "carrier/twilio.hpp"
#include "net/http_client.hpp"
#include "store/file_descriptor.hpp"

namespace jobrun::app {
namespace {

/// More than carriers take.
constexpr std::size_t media_bytes_max = 25 << 20;

Result<Media> fetch(const Settings& settings, const std::string& url) {
  net::HttpClient client{{}};
  carrier::TwilioCarrier twilio(client, {.api_url = settings.twilio_api_url,
                                         .account_sid = settings.twilio_account_sid,
                                         .auth_token = settings.twilio_auth_tokens.front(),
                                         .timeout = std::chrono::milliseconds{60'000}});
  const auto promise = std::make_shared<std::promise<Result<Media>>>();
  std::future<Result<Media>> fetched = promise->get_future();
  twilio.fetch_media(url, media_bytes_max,
                     [promise](Result<Media> media) { promise->set_value(std::move(media)); });
  return fetched.get();
}

Result<void> write_new_file(const std::string& path, std::string_view bytes) {
  constexpr int owner_only = 0600;
  const store::FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
  if (!file.is_open()) {
    const ErrorKind kind = errno == EEXIST ? ErrorKind::conflict : ErrorKind::unavailable;
    return failure(kind, path + " cannot be made: " + std::strerror(errno));
  }
  while (!bytes.empty()) {
    const ssize_t written = write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const std::string why = std::strerror(errno);
      unlink(path.c_str());
      return failure(ErrorKind::unavailable, path + " cannot be written: " + why);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<MediaFile> fetch_to_file(const Settings& settings, const std::string& url, const std::string& path) {
  const Result<Media> media = fetch(settings, url);
  if (!media) return std::unexpected(media.error());
  if (const Result<void> written = write_new_file(path, media->bytes); !written) {
    return std::unexpected(written.error());
  }
  return MediaFile{.type = media->type, .bytes = media->bytes.size()};
}

}  // namespace jobrun::app
