#include "net/http_client.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "certificates/test_certificate.hpp"
#include "net/http_server.hpp"
#include "test_socket.hpp"

namespace jobrun::net {
namespace {

using Kind = ClientResult::Kind;
using std::chrono::milliseconds;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A server that does exactly what the test's script says with each connection, in order of arrival.
class ScriptedServer {
 public:
  using Script = std::function<void(TestSocket&, int connection)>;
  explicit ScriptedServer(Script script)
      : listener_(TestSocket::listen()), thread_([this, script = std::move(script)] { run(script); }) {}
  ~ScriptedServer() {
    is_stopping_ = true;
    TestSocket::connect(listener_.port());
    thread_.join();
  }
  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(listener_.port()) + path;
  }
  int connections() const { return connections_; }

 private:
  void run(const Script& script) {
    std::vector<std::thread> threads;
    for (;;) {
      auto socket = std::make_shared<TestSocket>(listener_.accept());
      if (is_stopping_) break;
      const int number = connections_++;
      threads.emplace_back([script, socket, number] { script(*socket, number); });
    }
    for (std::thread& thread : threads) thread.join();
  }

  TestSocket listener_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

/// Sends and waits; the wait is bounded by the request's own time-out.
ClientResult ask(HttpClient& client, ClientRequest request) {
  auto promise = std::make_shared<std::promise<ClientResult>>();
  std::future<ClientResult> future = promise->get_future();
  client.send(std::move(request), [promise](ClientResult result) { promise->set_value(std::move(result)); });
  if (future.wait_for(std::chrono::seconds{test_wait_seconds * 2}) != std::future_status::ready) {
    throw std::runtime_error("the client never said what became of a request");
  }
  return future.get();
}

// Goal: the request on the wire is the one that was asked for.
// Method: the bytes a server receives, and the answer's parts as the client hands them out.
TEST(HttpClient, WritesTheRequestAsGiven) {
  std::string seen;
  const ScriptedServer server([&](TestSocket& socket, int) {
    seen = socket.read_message();
    socket.write("HTTP/1.1 100 Continue\r\nX: interim\r\n\r\n");
    socket.write("HTTP/1.1 201 Created\r\nX-One:  a \r\nx-two: b\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
  });
  HttpClient client({});
  const ClientResult result =
      ask(client, {.url = server.url("/a/b.json?c=%20d"),
                   .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Empty", ""}},
                   .body = "To=%2B1&Body=a+b",
                   .user = "AC1",
                   .password = "secret"});
  ASSERT_EQ(result.kind, Kind::answered) << result.reason;
  EXPECT_EQ(result.response.status, 201);
  EXPECT_EQ(result.response.body, "{\"a\":1}");
  EXPECT_EQ(result.response.header("x-one"), "a");
  EXPECT_EQ(result.response.header("X-Two"), "b");
  EXPECT_EQ(result.response.header("X"), "") << "an interim response is not the response";
  EXPECT_TRUE(seen.starts_with("POST /a/b.json?c=%20d HTTP/1.1\r\n")) << seen;
  for (const std::string line : {"Authorization: Basic QUMxOnNlY3JldA==\r\n", "Content-Length: 16\r\n",
                                 "X-Empty:\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"}) {
    EXPECT_NE(seen.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(seen.find("Expect"), std::string::npos);
  EXPECT_TRUE(seen.ends_with("\r\n\r\nTo=%2B1&Body=a+b"));
}

// Goal: every method arrives as itself.
// Method: methods with and without a body, seen by our own server.
TEST(HttpClient, SendsAnyMethod) {
  HttpServer server({}, [](HttpRequest&& request, const Respond& respond) {
    respond({.status = 200, .body = request.method + "|" + request.body});
  });
  ASSERT_TRUE(server.start().has_value());
  HttpClient client({});
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  for (const std::string method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
    for (const std::string body : {"", "body"}) {
      const ClientResult result = ask(client, {.method = method, .url = url, .body = body});
      ASSERT_EQ(result.kind, Kind::answered) << method << result.reason;
      EXPECT_EQ(result.response.body, method + "|" + body);
    }
  }
  const ClientResult head = ask(client, {.method = "HEAD", .url = url});
  ASSERT_EQ(head.kind, Kind::answered) << head.reason;
  EXPECT_EQ(head.response.body, "");
  EXPECT_EQ(head.response.header("Content-Length"), "5");
}

// Goal: a body may be large, and hold any byte.
// Method: 3 MB of every byte, compared by the server.
TEST(HttpClient, SendsLargeBinaryBodies) {
  std::string body(3 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 >> 3);
  HttpServer server({.body_bytes_max = 4 << 20}, [&](HttpRequest&& request, const Respond& respond) {
    respond({.status = request.body == body ? 200 : 400, .body = request.body});
  });
  ASSERT_TRUE(server.start().has_value());
  HttpClient client({});
  const ClientResult result = ask(client, {.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/",
                                           .body = body,
                                           .response_bytes_max = 4 << 20});
  ASSERT_EQ(result.kind, Kind::answered) << result.reason;
  EXPECT_EQ(result.response.status, 200);
  EXPECT_EQ(result.response.body.size(), body.size());
}

// Goal: connections are reused.
// Method: 50 requests one after the other; the server counts connections.
TEST(HttpClient, ReusesConnections) {
  const ScriptedServer server([](TestSocket& socket, int) {
    while (!socket.read_message().empty()) socket.write(ok);
  });
  {
    HttpClient client({});
    for (int i = 0; i < 50; ++i) ASSERT_EQ(ask(client, {.url = server.url()}).kind, Kind::answered);
  }
  EXPECT_EQ(server.connections(), 1);
}

// Goal: a request that may have been read is never written a second time, whatever it is.
// Method: a server answers one request, reads the next on the kept connection, and closes or resets it
// without an answer: libcurl alone would repeat it on a new connection. The server counts what it reads.
TEST(HttpClient, NeverRepeatsARequestThatMayHaveBeenRead) {
  struct Row {
    std::string method, body;
    bool resets;
  };
  for (const Row& row : {Row{"POST", "To=1", false}, Row{"POST", "To=1", true}, Row{"POST", "", false},
                         Row{"GET", "", false}, Row{"GET", "", true}, Row{"PUT", "x", false},
                         Row{"POST", std::string(2 << 20, 'x'), false}, Row{"HEAD", "", false}}) {
    SCOPED_TRACE(row.method + " " + row.body.substr(0, 10) + (row.resets ? " reset" : " close"));
    std::atomic<int> second_requests = 0;
    ClientResult result;
    {
      const ScriptedServer server([&](TestSocket& socket, int) {
        for (std::string message; !(message = socket.read_message()).empty();) {
          if (message.find(" /first ") != std::string::npos) {
            socket.write(ok);
            continue;
          }
          ++second_requests;
          if (row.resets) socket.reset();
          return;
        }
      });
      HttpClient client({});
      ASSERT_EQ(ask(client, {.url = server.url("/first"), .body = "1"}).kind, Kind::answered);
      result = ask(client, {.method = row.method, .url = server.url("/second"), .body = row.body});
      // Requests sent later come later: had the second been repeated, it would have been seen by now.
      EXPECT_EQ(ask(client, {.url = server.url("/first"), .body = "1"}).kind, Kind::answered);
    }
    EXPECT_EQ(result.kind, Kind::unknown) << result.reason;
    EXPECT_EQ(second_requests, 1);
  }
}

// Goal: a kept connection that the server has closed meanwhile costs nothing: no byte was written into it.
// Method: a server that closes after each answer without saying so; each request waits until that has happened.
TEST(HttpClient, ConnectsAgainWhenAKeptConnectionWasClosed) {
  std::mutex mutex;
  std::condition_variable closed_changed;
  int closed = 0;
  const ScriptedServer server([&](TestSocket& socket, int) {
    if (socket.read_message().empty()) return;
    socket.write(ok);
    socket.close();
    const std::lock_guard lock(mutex);
    ++closed;
    closed_changed.notify_all();
  });
  HttpClient client({});
  for (int i = 1; i <= 5; ++i) {
    ASSERT_EQ(ask(client, {.url = server.url(), .body = "1"}).kind, Kind::answered);
    std::unique_lock lock(mutex);
    ASSERT_TRUE(
        closed_changed.wait_for(lock, std::chrono::seconds{test_wait_seconds}, [&] { return closed == i; }));
  }
  EXPECT_EQ(server.connections(), 5);
}

std::uint16_t closed_port() {
  return TestSocket::listen().port();  // closed again at the end of this statement
}

// Goal: what certainly did not leave is said to be so.
// Method: nobody listening, a name that does not exist, a peer that never finishes the TLS handshake, and
// requests that cannot be written as they stand.
TEST(HttpClient, KnowsWhatWasNotWritten) {
  const ScriptedServer silent([](TestSocket& socket, int) { socket.is_closed_by_peer(); });
  std::string https = silent.url();
  https.insert(4, "s");
  HttpClient client({});
  const milliseconds brief{300};
  for (const ClientRequest& request :
       {ClientRequest{.url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/"},
        ClientRequest{.url = "http://does-not-exist.invalid/", .connect_timeout = brief},
        ClientRequest{.url = https, .connect_timeout = brief}, ClientRequest{.url = "file:///etc/hostname"},
        ClientRequest{.url = "ftp://127.0.0.1/"}, ClientRequest{.url = ""}, ClientRequest{.url = "http://"},
        ClientRequest{.url = silent.url("/a b")}, ClientRequest{.url = silent.url("/\r\nX: y")},
        ClientRequest{.method = "GET /x HTTP/1.1\r\nX: y", .url = silent.url()},
        ClientRequest{.url = silent.url(), .headers = {{"X", "a\r\nY: b"}}},
        ClientRequest{.url = silent.url(), .headers = {{"X: a\r\nY", "b"}}},
        ClientRequest{.url = silent.url(), .headers = {{"", "b"}}},
        ClientRequest{.url = "http://user:password@127.0.0.1:1/"}}) {
    const ClientResult result = ask(client, request);
    EXPECT_EQ(result.kind, Kind::not_written) << request.url;
    EXPECT_FALSE(result.reason.empty());
  }
}

// Goal: what was written and not properly answered is unknown, never taken for an answer or for a failure.
// Method: a server that breaks each part of an answer.
TEST(HttpClient, KnowsWhatIsUnknown) {
  for (const std::string& answer :
       {std::string(), std::string("HTTP/1.1 200 OK\r\nContent-Le"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"), std::string("HTTP/1.1 100 Continue\r\n\r\n"),
        std::string("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Cre"),
        std::string("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nshort"),
        std::string("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        std::string("this is not HTTP\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'x'),
        "HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x') + "\r\nContent-Length: 0\r\n\r\n"}) {
    const ScriptedServer server([&](TestSocket& socket, int) {
      if (!socket.read_message().empty()) socket.write(answer);
    });
    HttpClient client({});
    const ClientResult result = ask(client, {.url = server.url(), .body = "1", .response_bytes_max = 1000});
    EXPECT_EQ(result.kind, Kind::unknown) << answer.substr(0, 80);
    EXPECT_FALSE(result.reason.empty());
  }
}

// Goal: a request that is not answered in time is unknown.
// Method: a server that reads and says nothing, or only half; a short time-out.
TEST(HttpClient, TimesOutAsUnknown) {
  for (const std::string answer : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}) {
    const ScriptedServer server([&](TestSocket& socket, int) {
      if (socket.read_message().empty()) return;
      socket.write(answer);
      socket.is_closed_by_peer();
    });
    HttpClient client({});
    EXPECT_EQ(ask(client, {.url = server.url(), .body = "1", .timeout = milliseconds{200}}).kind, Kind::unknown);
  }
}

// Goal: a redirect is an answer: a request goes where it was sent and nowhere else.
// Method: a redirect to a path that would answer 200.
TEST(HttpClient, FollowsNoRedirect) {
  const ScriptedServer server([](TestSocket& socket, int) {
    for (std::string message; !(message = socket.read_message()).empty();) {
      socket.write(message.find(" /old ") != std::string::npos
                       ? "HTTP/1.1 307 Go\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"
                       : ok);
    }
  });
  HttpClient client({});
  const ClientResult result = ask(client, {.url = server.url("/old"), .body = "1"});
  ASSERT_EQ(result.kind, Kind::answered);
  EXPECT_EQ(result.response.status, 307);
  EXPECT_EQ(result.response.header("Location"), "/new");
}

// Goal: nothing in the environment sends our requests elsewhere.
// Method: proxy variables that name a port where nobody listens.
TEST(HttpClient, IgnoresProxiesOfTheEnvironment) {
  const std::string proxy = "http://127.0.0.1:" + std::to_string(closed_port());
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::setenv(name, proxy.c_str(), 1);
  const ScriptedServer server([](TestSocket& socket, int) {
    while (!socket.read_message().empty()) socket.write(ok);
  });
  {
    HttpClient client({});
    EXPECT_EQ(ask(client, {.url = server.url()}).kind, Kind::answered);
  }
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
}

// Goal: many requests are in flight at once, over no more connections than allowed, each ending once.
// Method: 2,000 requests at once to our own server, 8 connections; the answers name their requests.
TEST(HttpClient, CarriesManyRequestsAtOnce) {
  HttpServer server({.connections_max = 8},
                    [](HttpRequest&& request, const Respond& respond) { respond({.body = request.body}); });
  ASSERT_TRUE(server.start().has_value());
  constexpr int count = 2000;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> ended(count, 0);
  int right = 0;
  int all = 0;
  HttpClient client({.connections_per_host_max = 8, .in_flight_max = 100});
  for (int i = 0; i < count; ++i) {
    client.send({.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/", .body = std::to_string(i)},
                [&, i](const ClientResult& result) {
                  const std::lock_guard lock(mutex);
                  ++ended[static_cast<std::size_t>(i)];
                  right += result.kind == Kind::answered && result.response.body == std::to_string(i) ? 1 : 0;
                  ++all;
                  changed.notify_all();
                });
  }
  std::unique_lock lock(mutex);
  ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds{test_wait_seconds}, [&] { return all == count; }));
  EXPECT_EQ(right, count);
  for (const int times : ended) EXPECT_EQ(times, 1);
}

// Goal: the queue is bounded, and what does not fit certainly did not leave.
// Method: one place in flight and two waiting, taken by requests to a silent server; then one more.
TEST(HttpClient, BoundsItsQueue) {
  std::promise<void> read;
  const ScriptedServer server([&](TestSocket& socket, int) {
    if (socket.read_message().empty()) return;
    read.set_value();
    socket.is_closed_by_peer();
  });
  std::vector<Kind> kinds;
  {
    HttpClient client({.in_flight_max = 1, .waiting_max = 2});
    const auto done = [&](const ClientResult& result) { kinds.push_back(result.kind); };
    client.send({.url = server.url(), .body = "1"}, done);
    read.get_future().wait();
    for (int i = 0; i < 2; ++i) client.send({.url = server.url(), .body = "1"}, done);
    const ClientResult refused = ask(client, {.url = server.url(), .body = "1"});
    EXPECT_EQ(refused.kind, Kind::not_written);
    EXPECT_EQ(refused.reason, "too many requests are waiting");
    EXPECT_TRUE(kinds.empty());
  }
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::unknown, Kind::not_written, Kind::not_written}));
}

// Goal: time spent waiting for a turn counts, so that a text is not sent long after it was due, and whoever
// waits is told in time.
// Method: the only place is held for good; the request behind it has little time.
TEST(HttpClient, CountsTheTimeSpentWaiting) {
  std::atomic<int> seen = 0;
  std::atomic<bool> first_ended = false;
  ClientResult result;
  {
    const ScriptedServer server([&](TestSocket& socket, int) {
      while (!socket.read_message().empty()) ++seen;
    });
    HttpClient client({.in_flight_max = 1});
    client.send({.url = server.url(), .body = "1"}, [&](const ClientResult&) { first_ended = true; });
    result = ask(client, {.url = server.url(), .body = "2", .timeout = milliseconds{100}});
    EXPECT_FALSE(first_ended);
  }
  EXPECT_EQ(result.kind, Kind::not_written);
  EXPECT_LE(seen, 1);
}

// Goal: when the client goes, every request is told its fate, and the fate is exact.
// Method: one request that the server has read, one that waits; then the client is destroyed.
TEST(HttpClient, TellsEveryRequestItsFateWhenDestroyed) {
  std::promise<void> read;
  const ScriptedServer server([&](TestSocket& socket, int) {
    if (socket.read_message().empty()) return;
    read.set_value();
    socket.is_closed_by_peer();
  });
  std::vector<Kind> kinds(2);
  int ended = 0;
  {
    HttpClient client({.in_flight_max = 1});
    for (std::size_t i = 0; i < 2; ++i) {
      client.send({.url = server.url(), .body = "1"}, [&, i](const ClientResult& result) {
        kinds[i] = result.kind;
        ++ended;
      });
    }
    read.get_future().wait();
  }
  EXPECT_EQ(ended, 2);
  EXPECT_EQ(kinds[0], Kind::unknown);
  EXPECT_EQ(kinds[1], Kind::not_written);
}

// Goal: whoever is told what became of a request may send the next one.
// Method: a chain of 100 requests, each sent from the one before.
TEST(HttpClient, MaySendFromItsOwnAnswers) {
  const ScriptedServer server([](TestSocket& socket, int) {
    while (!socket.read_message().empty()) socket.write(ok);
  });
  std::promise<void> finished;
  int left = 100;
  HttpClient client({});
  std::function<void()> send_next = [&] {
    client.send({.url = server.url(), .body = "1"}, [&](const ClientResult& result) {
      if (result.kind != Kind::answered || --left == 0) return finished.set_value();
      send_next();
    });
  };
  send_next();
  ASSERT_EQ(finished.get_future().wait_for(std::chrono::seconds{test_wait_seconds}), std::future_status::ready);
  EXPECT_EQ(left, 0);
}

/// An HTTPS server with a certificate for 127.0.0.1 that only itself vouches for.
class TlsServer {
 public:
  TlsServer() : listener_(TestSocket::listen()), context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
    directory_ = std::filesystem::temp_directory_path() /
                 ("jobrun-tls-" + std::to_string(::getpid()) + "-" + std::to_string(listener_.port()));
    std::filesystem::create_directory(directory_);
    make_certificate();
    thread_ = std::thread([this] { run(); });
  }
  ~TlsServer() {
    is_stopping_ = true;
    TestSocket::connect(listener_.port());
    thread_.join();
    std::filesystem::remove_all(directory_);
  }
  std::string url(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + std::to_string(listener_.port()) + "/";
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(listener_.port()); }
  std::string certificate_file() const { return directory_ / "certificate.pem"; }
  int requests() const { return requests_; }

 private:
  void make_certificate() {
    const TestCertificate made = make_test_certificate("test");
    std::ofstream(certificate_file()) << made.certificate;
    std::ofstream(directory_ / "key.pem") << made.key;
    SSL_CTX_use_certificate_file(context_.get(), certificate_file().c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_.get(), (directory_ / "key.pem").c_str(), SSL_FILETYPE_PEM);
  }

  void run() {
    // OpenSSL writes with write(), and the client may have hung up.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    for (;;) {
      TestSocket socket = listener_.accept();
      if (is_stopping_) return;
      const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_.get()), &SSL_free);
      SSL_set_fd(tls.get(), socket.descriptor());
      if (SSL_accept(tls.get()) != 1) continue;
      std::string input;
      std::array<char, 4096> bytes{};
      for (int count = 0; (count = SSL_read(tls.get(), bytes.data(), bytes.size())) > 0;) {
        input.append(bytes.data(), static_cast<std::size_t>(count));
        if (!input.ends_with("body")) continue;
        ++requests_;
        SSL_write(tls.get(), ok.data(), static_cast<int>(ok.size()));
        break;
      }
    }
  }

  TestSocket listener_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::filesystem::path directory_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<int> requests_ = 0;
  std::thread thread_;
};

// Goal: a peer that cannot prove who it is gets no byte of a request.
// Method: a self-signed server, refused; the same with its certificate trusted, answered; trusted but under
// another name, refused.
TEST(HttpClient, WritesOnlyToVerifiedPeers) {
  TlsServer server;
  {
    HttpClient client({});
    const ClientResult result = ask(client, {.url = server.url(), .body = "body"});
    EXPECT_EQ(result.kind, Kind::not_written);
    EXPECT_NE(result.reason.find("certificate"), std::string::npos) << result.reason;
    EXPECT_TRUE(result.is_untrusted);
  }
  EXPECT_EQ(server.requests(), 0);
  HttpClient client({.ca_file = server.certificate_file()});
  const ClientResult trusted = ask(client, {.url = server.url(), .body = "body"});
  EXPECT_EQ(trusted.kind, Kind::answered) << trusted.reason;
  EXPECT_FALSE(trusted.is_untrusted || trusted.certificate_end);
  EXPECT_EQ(server.requests(), 1);
  const ClientResult misnamed = ask(client, {.url = server.url("localhost"), .body = "body"});
  EXPECT_EQ(misnamed.kind, Kind::not_written);
  EXPECT_EQ(server.requests(), 1);
}

// Goal: whoever asks is told when the peer's certificate ends, before it does.
// Method: the certificate of the server above is made to end in an hour.
TEST(HttpClient, TellsWhenACertificateEnds) {
  TlsServer server;
  HttpClient client({.ca_file = server.certificate_file()});
  const ClientResult result = ask(client, {.url = server.url(), .body = "body", .wants_certificate_end = true});
  ASSERT_EQ(result.kind, Kind::answered) << result.reason;
  ASSERT_TRUE(result.certificate_end.has_value());
  const auto left = *result.certificate_end - std::chrono::system_clock::now();
  EXPECT_GT(left, std::chrono::minutes{50});
  EXPECT_LE(left, std::chrono::minutes{60});
}

// Goal: a server of this machine can be asked by its public name, and must prove to bear it.
// Method: a URL of no port that anybody listens on, sent to the server; the same under another name.
TEST(HttpClient, ConnectsWhereItIsToldAndVerifiesTheUrlsName) {
  TlsServer server;
  HttpClient client({.ca_file = server.certificate_file(), .connect_to = server.address()});
  const ClientResult named = ask(client, {.url = "https://127.0.0.1:1/", .body = "body"});
  EXPECT_EQ(named.kind, Kind::answered) << named.reason;
  const ClientResult misnamed = ask(client, {.url = "https://calls.example.com/", .body = "body"});
  EXPECT_EQ(misnamed.kind, Kind::not_written);
  EXPECT_EQ(server.requests(), 1);
}

}  // namespace
}  // namespace jobrun::net
