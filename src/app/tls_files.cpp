#include "tls_files.hpp"

#include <fstream>
#include <utility>

namespace jobrun::app {
namespace {

/// The file's bytes; fails when it cannot be read or is larger than any certificate with its chain.
Result<std::string> bytes_of(const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return invalid(path.string() + " is a directory");
  std::ifstream file(path, std::ios::binary);
  if (!file) return invalid("cannot read " + path.string());
  std::string bytes(secret_bytes_max + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > secret_bytes_max) {
    return invalid(path.string() + " is larger than " + std::to_string(secret_bytes_max) + " bytes");
  }
  return bytes;
}

}  // namespace

Result<TlsIdentity> load_tls(const Settings& settings, const Clock& clock) {
  if (settings.tls_certificate_file.empty()) return TlsIdentity();
  const Result<std::string> certificate = bytes_of(settings.tls_certificate_file);
  if (!certificate) return invalid("tls_certificate_file: " + certificate.error().message);
  const Result<std::string> key = bytes_of(settings.tls_key_file);
  if (!key) return invalid("tls_key_file: " + key.error().message);
  Result<TlsIdentity> identity = net::TlsIdentity::load(*certificate, *key, clock.now());
  if (!identity) {
    return invalid("tls_certificate_file " + settings.tls_certificate_file.string() + " and tls_key_file " +
                   settings.tls_key_file.string() + ": " + identity.error().message);
  }
  return identity;
}

TlsFiles::TlsFiles(Settings settings, Renew renew, const Clock& clock, Log& log)
    : settings_(std::move(settings)), renew_(std::move(renew)), clock_(clock), log_(log), known_(read()) {}

TlsFiles::Contents TlsFiles::read() const {
  return {bytes_of(settings_.tls_certificate_file).value_or(""), bytes_of(settings_.tls_key_file).value_or("")};
}

void TlsFiles::look() {
  // Before they are loaded: a file that changes in between is looked at once more.
  Contents now = read();
  if (now == known_) {
    told_.clear();
    return;
  }
  Result<TlsIdentity> identity = load_tls(settings_, clock_);
  if (!identity) {
    // It may be right later: it is not yet valid, or the other file is on its way.
    if (std::exchange(told_, identity.error().message) == identity.error().message) return;
    log_.write({LogLevel::error,
                "the certificate's files have changed and cannot be used; the one in force stays",
                "",
                {{"error", identity.error().message}}});
    return;
  }
  known_ = std::move(now);
  told_.clear();
  const std::string ends_at = to_iso8601((*identity)->ends_at());
  renew_(*std::move(identity));
  log_.write({LogLevel::info, "certificate replaced", "", {{"ends_at", ends_at}}});
}

}  // namespace jobrun::app
