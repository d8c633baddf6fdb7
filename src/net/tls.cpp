#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>
#include <new>
#include <string>
#include <utility>

#include "tls_stream.hpp"

namespace jobrun::net {
namespace {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using SslContext = std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>>;

Bio bytes_of(std::string_view text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(std::min<std::size_t>(text.size(), INT_MAX))));
  if (!bio) throw std::bad_alloc();
  return bio;
}

/// Instead of OpenSSL's own, which would ask at the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

Result<Instant> instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return invalid("the certificate's dates cannot be read");
  return std::chrono::floor<Duration>(std::chrono::system_clock::from_time_t(timegm(&parts)));
}

/// What holds for every connection: TLS 1.2 or later, nothing negotiated anew, nothing kept between connections.
SslContext new_context() {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // What is not the request's own bytes ends a read: whoever sends such without end holds up nobody.
  SSL_CTX_clear_mode(context.get(), SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

/// The rest of the file after the certificate itself.
Result<void> add_chain(SSL_CTX* context, BIO* file) {
  constexpr int chain_certificates_max = 16;
  for (int added = 0;; ++added) {
    Certificate next(PEM_read_bio_X509(file, nullptr, no_passphrase, nullptr));
    if (!next) {
      const unsigned long error = ERR_peek_last_error();
      ERR_clear_error();
      const bool is_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
      if (is_end) return {};
      return invalid("a certificate of the chain cannot be read");
    }
    if (added == chain_certificates_max) return invalid("the chain has more than 16 certificates");
    if (SSL_CTX_add0_chain_cert(context, next.get()) != 1) {
      return invalid("a certificate of the chain cannot be used");
    }
    static_cast<void>(next.release());  // the context's now
  }
}

}  // namespace

// ---- The identity -----------------------------------------------------------------------------------------

struct TlsIdentity::Context {
  SslContext ssl;
};

TlsIdentity::TlsIdentity(std::unique_ptr<Context> context, Instant ends_at)
    : context_(std::move(context)), ends_at_(ends_at) {}

TlsIdentity::~TlsIdentity() = default;

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::load(std::string_view certificate, std::string_view key,
                                                             Instant now) {
  ERR_clear_error();
  SslContext context = new_context();
  const Bio certificate_file = bytes_of(certificate);
  const Certificate own(PEM_read_bio_X509_AUX(certificate_file.get(), nullptr, no_passphrase, nullptr));
  if (!own) return invalid("the certificate is none in PEM");
  const Result<Instant> begins_at = instant_of(X509_get0_notBefore(own.get()));
  if (!begins_at) return std::unexpected(begins_at.error());
  const Result<Instant> ends_at = instant_of(X509_get0_notAfter(own.get()));
  if (!ends_at) return std::unexpected(ends_at.error());
  if (now >= *ends_at) return invalid("the certificate ended at " + to_iso8601(*ends_at));
  if (now < *begins_at) return invalid("the certificate does not begin before " + to_iso8601(*begins_at));
  const Bio key_file = bytes_of(key);
  const Key own_key(PEM_read_bio_PrivateKey(key_file.get(), nullptr, no_passphrase, nullptr));
  if (!own_key) return invalid("the key is none in PEM, or has a passphrase");
  if (X509_check_private_key(own.get(), own_key.get()) != 1) {
    ERR_clear_error();
    return invalid("the key is not the certificate's");
  }
  if (SSL_CTX_use_certificate(context.get(), own.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), own_key.get()) != 1) {
    ERR_clear_error();
    return invalid("the certificate or its key is too weak, or of a kind that cannot be used");
  }
  if (const Result<void> added = add_chain(context.get(), certificate_file.get()); !added) {
    return std::unexpected(added.error());
  }
  auto held = std::make_unique<Context>();
  held->ssl = std::move(context);
  return std::shared_ptr<const TlsIdentity>(new TlsIdentity(std::move(held), *ends_at));
}

// ---- One connection ---------------------------------------------------------------------------------------

struct TlsStream::State {
  std::unique_ptr<SSL, FreedBy<SSL_free>> ssl;  ///< holds its context, which may have been replaced since
  bool is_broken = false;
};

TlsStream::TlsStream(const TlsIdentity& identity, int descriptor) : state_(std::make_unique<State>()) {
  state_->ssl.reset(SSL_new(identity.context_->ssl.get()));
  if (!state_->ssl || SSL_set_fd(state_->ssl.get(), descriptor) != 1) throw std::bad_alloc();
  SSL_set_accept_state(state_->ssl.get());
}

TlsStream::~TlsStream() = default;

TlsStep TlsStream::step_of(int result) const {
  if (result > 0) return TlsStep::done;
  const int error = SSL_get_error(state_->ssl.get(), result);
  if (error == SSL_ERROR_WANT_READ) return TlsStep::wants_read;
  if (error == SSL_ERROR_WANT_WRITE) return TlsStep::wants_write;
  if (error == SSL_ERROR_ZERO_RETURN) return TlsStep::closed;
  state_->is_broken = true;
  const unsigned long reason = ERR_peek_error();
  const bool is_end = error == SSL_ERROR_SYSCALL || (ERR_GET_LIB(reason) == ERR_LIB_SSL &&
                                                     ERR_GET_REASON(reason) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
  ERR_clear_error();
  return is_end ? TlsStep::closed : TlsStep::broken;
}

TlsStep TlsStream::shake_hands() {
  ERR_clear_error();
  return step_of(SSL_do_handshake(state_->ssl.get()));
}

TlsStep TlsStream::read(char* data, std::size_t size, std::size_t& count) {
  ERR_clear_error();
  return step_of(SSL_read_ex(state_->ssl.get(), data, size, &count));
}

TlsStep TlsStream::write(std::string_view data, std::size_t& count) {
  ERR_clear_error();
  return step_of(SSL_write_ex(state_->ssl.get(), data.data(), data.size(), &count));
}

bool TlsStream::holds_bytes() const {
  return SSL_has_pending(state_->ssl.get()) == 1;
}

void TlsStream::end_writing() {
  if (state_->is_broken || SSL_in_init(state_->ssl.get()) == 1) return;
  ERR_clear_error();
  static_cast<void>(SSL_shutdown(state_->ssl.get()));
  ERR_clear_error();
}

}  // namespace jobrun::net
