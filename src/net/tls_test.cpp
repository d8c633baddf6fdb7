#include "net/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <rapidcheck.h>

#include <array>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "certificates/test_certificate.hpp"
#include "net/http_server.hpp"
#include "test_socket.hpp"

namespace jobrun::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using Identity = std::shared_ptr<const TlsIdentity>;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

Instant now() {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Identity identity_of(const TestCertificate& made) {
  Result<Identity> loaded = TlsIdentity::load(made.certificate, made.key, now());
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return *loaded;
}

std::string problem_of(std::string_view certificate, std::string_view key, Instant at = now()) {
  const Result<Identity> loaded = TlsIdentity::load(certificate, key, at);
  return loaded ? "" : loaded.error().message;
}

/// A client of OpenSSL's own, at a plain socket; believes everybody and tells whom it spoke to.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version_min = TLS1_2_VERSION, int version_max = TLS1_3_VERSION)
      : socket_(TestSocket::connect(port)), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    SSL_CTX_set_security_level(context_.get(), 0);  // or it would not even offer what is to be refused
    SSL_CTX_set_min_proto_version(context_.get(), version_min);
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    tls_ = {SSL_new(context_.get()), &SSL_free};
    SSL_set_fd(tls_.get(), socket_.descriptor());
    is_open_ = SSL_connect(tls_.get()) == 1;
  }
  bool is_open() const { return is_open_; }
  std::string version() const { return SSL_get_version(tls_.get()); }
  std::string peer() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls_.get()),
                                                                  &X509_free);
    if (!certificate) return "";
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(), name.size());
    return name.data();
  }
  bool write(std::string_view text) {
    return SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
  }
  /// Until `end` has come, or the connection's end.
  std::string read_until(std::string_view end) {
    std::string text;
    std::array<char, 4096> bytes{};
    while (!text.ends_with(end)) {
      const int count = SSL_read(tls_.get(), bytes.data(), bytes.size());
      if (count <= 0) break;
      text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
  }
  std::string ask(std::string_view request = get) {
    if (!write(request)) return "";
    return read_until("answered");
  }

 private:
  TestSocket socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
  bool is_open_ = false;
};

/// A server that answers `METHOD SIZE answered`, with counted refusals.
class SecureServer {
 public:
  explicit SecureServer(Identity identity, HttpServer::Options options = {}) {
    options.tls = std::move(identity);
    options.on_refusal = [this](ServerRefusal refusal) {
      const std::lock_guard lock(mutex_);
      ++refusals_[refusal];
    };
    server_.emplace(std::move(options), [](HttpRequest&& request, const Respond& respond) {
      respond({.body = request.method + " " + std::to_string(request.body.size()) + " answered"});
    });
    if (const Result<void> started = server_->start(); !started) throw std::runtime_error(started.error().message);
  }
  HttpServer& operator*() { return *server_; }
  std::uint16_t port() const { return server_->port(); }
  int refusals(ServerRefusal cause) {
    const std::lock_guard lock(mutex_);
    return refusals_[cause];
  }
  /// Waits, for a bounded time, until so many were counted.
  bool counts(ServerRefusal cause, int wanted) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{test_wait_seconds};
    while (refusals(cause) < wanted) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<ServerRefusal, int> refusals_;
  std::optional<HttpServer> server_;
};

class Tls : public testing::Test {
 protected:
  Tls() {
    // This test's own client writes with write(), to servers that may have hung up.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  }
};

// Goal: a pair that could not serve is refused with what is wrong with it, and one that can is taken with its
// chain. Method: one thing wrong at a time, then any bytes.
TEST_F(Tls, TakesOnlyAPairThatCanServe) {
  const TestCertificate good = make_test_certificate("one");
  const TestCertificate other = make_test_certificate("other");
  const std::string garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(problem_of(good.certificate, good.key), "");
  EXPECT_EQ(problem_of(good.certificate + other.certificate, good.key), "");
  EXPECT_EQ(problem_of(good.certificate, other.key), "the key is not the certificate's");
  EXPECT_EQ(problem_of("", good.key), "the certificate is none in PEM");
  EXPECT_EQ(problem_of(good.key, good.certificate), "the certificate is none in PEM");
  EXPECT_EQ(problem_of(good.certificate, good.certificate), "the key is none in PEM, or has a passphrase");
  EXPECT_EQ(problem_of(good.certificate, ""), "the key is none in PEM, or has a passphrase");
  EXPECT_EQ(problem_of(good.certificate + garbage, good.key), "a certificate of the chain cannot be read");
  EXPECT_EQ(problem_of(good.certificate, good.key, now() + hours{2}).substr(0, 24), "the certificate ended at");
  EXPECT_EQ(problem_of(good.certificate, good.key, now() - hours{2}).substr(0, 30),
            "the certificate does not begin");
  const Result<Identity> loaded = TlsIdentity::load(good.certificate, good.key, now());
  ASSERT_TRUE(loaded);
  EXPECT_LT((*loaded)->ends_at(), now() + hours{1} + std::chrono::seconds{1});
  EXPECT_GT((*loaded)->ends_at(), now() + hours{1} - std::chrono::minutes{5});
  EXPECT_TRUE(rc::check("any bytes are refused", [&](const std::string& certificate, const std::string& key) {
    RC_ASSERT(!problem_of(certificate, key).empty());
    RC_ASSERT(!problem_of(good.certificate, key).empty());
  }));
}

// Goal: the keys' versions that can be broken are refused, and the others serve requests of every size.
// Method: clients of OpenSSL's own that offer one version each; one that speaks HTTP.
TEST_F(Tls, ServesByVersionsThatCannotBeBrokenAlone) {
  SecureServer server(identity_of(make_test_certificate("one")));
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_FALSE(TlsClient(server.port(), version, version).is_open()) << version;
  }
  EXPECT_TRUE(server.counts(ServerRefusal::malformed, 2));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), version, version);
    ASSERT_TRUE(client.is_open()) << version;
    EXPECT_TRUE(client.ask().starts_with("HTTP/1.1 200 OK\r\n"));
    const std::string body(60'000, 'x');  // more than one record of TLS, and more than the first buffer
    const std::string post =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    EXPECT_TRUE(client.ask(post).ends_with("POST 60000 answered"));
    EXPECT_TRUE(client.write(get + get));  // in one record, of which the socket tells once
    const std::string two = client.read_until("answered");
    EXPECT_TRUE(two.find("answered") != two.rfind("answered") ||
                client.read_until("answered").ends_with("answered"));
  }
  TestSocket plain = TestSocket::connect(server.port());
  plain.write(get);
  EXPECT_FALSE(plain.read_message().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(server.counts(ServerRefusal::malformed, 3));
}

// Goal: a body that arrives a byte at a time, and an answer that the peer reads late, are served as well as any.
// Method: 3,000 records of one byte; an answer of 8 MB to a client that reads only after it was sent.
TEST_F(Tls, ServesHoweverTheBytesArrive) {
  SecureServer server(identity_of(make_test_certificate("one")));
  TlsClient drop(server.port());
  ASSERT_TRUE(drop.is_open());
  ASSERT_TRUE(drop.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n"));
  for (int byte = 0; byte < 3'000; ++byte) ASSERT_TRUE(drop.write("x"));
  EXPECT_TRUE(drop.read_until("answered").ends_with("POST 3000 answered"));

  const std::string large(8 << 20, 'y');
  HttpServer::Options options;
  options.tls = identity_of(make_test_certificate("two"));
  HttpServer slow(std::move(options),
                  [&](HttpRequest&&, const Respond& respond) { respond({.body = large + "answered"}); });
  ASSERT_TRUE(slow.start());
  TlsClient late(slow.port());
  TlsClient meanwhile(slow.port());
  ASSERT_TRUE(late.write(get));
  ASSERT_TRUE(meanwhile.ask().ends_with("answered"));
  const std::string answer = late.read_until("answered");
  EXPECT_GT(answer.size(), large.size());
  EXPECT_TRUE(answer.ends_with("yyyanswered"));
}

// Goal: whoever connects after a renewal is shown the new certificate; whoever was there is not cut off.
// Method: a connection from before asks again after two renewals; new ones tell whom they spoke to.
TEST_F(Tls, IsRenewedWithoutCuttingAnybodyOff) {
  SecureServer server(identity_of(make_test_certificate("one")));
  TlsClient old(server.port());
  ASSERT_TRUE(old.is_open());
  EXPECT_EQ(old.peer(), "one");
  EXPECT_TRUE(old.ask().ends_with("answered"));
  for (const char* name : {"two", "three"}) {
    (*server).renew_tls(identity_of(make_test_certificate(name)));
    TlsClient young(server.port());
    EXPECT_EQ(young.peer(), name);
    EXPECT_TRUE(young.ask().ends_with("answered"));
    EXPECT_TRUE(old.ask().ends_with("answered"));
  }
}

// Goal: who begins a handshake and does not go on holds up nobody, is let go in time, and counts towards the
// limit. Method: silent and half-begun connections; a client that is served among them; the deadline; then so many
// that the limit is reached, until they are let go.
TEST_F(Tls, SlowHandshakesHoldUpNobody) {
  HttpServer::Options options;
  options.handshake_timeout = milliseconds{400};
  options.connections_max = 20;
  SecureServer server(identity_of(make_test_certificate("one")), std::move(options));
  std::vector<TestSocket> slow;
  for (int i = 0; i < 19; ++i) {
    slow.push_back(TestSocket::connect(server.port()));
    if (i % 2 == 0) slow.back().write(std::string("\x16\x03\x01\x02\x00\x01", 6));  // how a ClientHello begins
  }
  {
    TlsClient client(server.port());
    ASSERT_TRUE(client.is_open());
    EXPECT_TRUE(client.ask().ends_with("answered"));
    EXPECT_FALSE(TlsClient(server.port()).is_open()) << "one more than the limit";
    EXPECT_TRUE(server.counts(ServerRefusal::too_many_connections, 1));
  }
  EXPECT_TRUE(server.counts(ServerRefusal::timed_out, 19));
  for (TestSocket& socket : slow) EXPECT_EQ(socket.read_line(), std::nullopt);
  EXPECT_TRUE(TlsClient(server.port()).ask().ends_with("answered"));
}

// Goal: a server ends with handshakes under way, and whoever is being answered is.
// Method: stop with one connection in each state; then a look at the port that says nothing, which counts as
// nothing.
TEST_F(Tls, StopsWithHandshakesUnderWay) {
  SecureServer server(identity_of(make_test_certificate("one")));
  TestSocket begun = TestSocket::connect(server.port());
  TlsClient idle(server.port());
  ASSERT_TRUE(idle.ask().ends_with("answered"));
  TestSocket::connect(server.port());
  const auto began = std::chrono::steady_clock::now();
  (*server).stop(milliseconds{10'000});
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds{5'000});
  EXPECT_EQ(begun.read_line(), std::nullopt);
  EXPECT_EQ(idle.read_until("answered"), "");
  EXPECT_EQ(server.refusals(ServerRefusal::timed_out) + server.refusals(ServerRefusal::malformed), 0);
}

}  // namespace
}  // namespace jobrun::net
