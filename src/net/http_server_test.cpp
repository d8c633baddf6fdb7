#include "net/http_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "test_socket.hpp"

namespace jobrun::net {
namespace {

using std::chrono::milliseconds;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// Hands requests over to the test's thread, which answers when it likes.
class Inbox {
 public:
  struct Item {
    HttpRequest request;
    Respond respond;
  };
  Handler handler() {
    return [this](HttpRequest&& request, Respond respond) {
      const std::lock_guard lock(mutex_);
      items_.push_back({std::move(request), std::move(respond)});
      arrived_.notify_all();
    };
  }
  Item take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds{test_wait_seconds}, [&] { return !items_.empty(); })) {
      throw std::runtime_error("no request arrived");
    }
    Item item = std::move(items_.front());
    items_.erase(items_.begin());
    return item;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Item> items_;
};

void echo(HttpRequest&& request, const Respond& respond) {
  respond({.status = 200,
           .content_type = "text/plain",
           .body = request.method + " " + request.target + " " + request.body});
}

/// A server with counted refusals.
class TestServer {
 public:
  explicit TestServer(Handler handler, HttpServer::Options options = {}) {
    options.on_refusal = [this](ServerRefusal refusal) {
      const std::lock_guard lock(mutex_);
      ++refusals_[refusal];
    };
    server_.emplace(std::move(options), std::move(handler));
    if (const Result<void> started = server_->start(); !started) throw std::runtime_error(started.error().message);
  }
  HttpServer& operator*() { return *server_; }
  TestSocket connect() { return TestSocket::connect(server_->port()); }
  std::map<ServerRefusal, int> refusals() {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }
  void destroy() { server_.reset(); }

 private:
  std::mutex mutex_;
  std::map<ServerRefusal, int> refusals_;
  std::optional<HttpServer> server_;
};

bool has_status(const std::string& message, int status) {
  return message.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

std::string body_of(const std::string& message) {
  const std::size_t end = message.find("\r\n\r\n");
  return end == std::string::npos ? "" : message.substr(end + 4);
}

/// Everything that comes back for `input`, until the server closes.
std::string answers_to(TestServer& server, const std::string& input) {
  TestSocket socket = server.connect();
  EXPECT_TRUE(socket.write(input)) << "the server did not let the client finish";
  std::string answer = socket.read_to_end();
  EXPECT_FALSE(socket.was_reset());
  return answer;
}

void expect_refusal(TestServer& server, const std::string& input, int status, ServerRefusal cause) {
  SCOPED_TRACE(input.substr(0, 100));
  const int before = server.refusals()[cause];
  const std::string answer = answers_to(server, input);
  EXPECT_TRUE(has_status(answer, status)) << answer;
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nContent-Type: application/json\r\n"), std::string::npos);
  EXPECT_TRUE(body_of(answer).starts_with(R"({"error":{"code":")" + std::string(name_of(cause)) + "\"")) << answer;
  EXPECT_EQ(server.refusals()[cause], before + 1);
}

// Goal: a handler sees the request as it was sent.
// Method: method, raw target, header in other letters, body, also in chunks.
TEST(HttpServer, HandsOverTheRequestAsSent) {
  Inbox inbox;
  TestServer server(inbox.handler());
  TestSocket socket = server.connect();
  socket.write(
      "POST /a%20b?x=%31&x=+ HTTP/1.1\r\nHost: h\r\nX-Thing:  some value \r\nContent-Length: 5\r\n\r\nhello");
  Inbox::Item item = inbox.take();
  EXPECT_EQ(item.request.method, "POST");
  EXPECT_EQ(item.request.target, "/a%20b?x=%31&x=+");
  EXPECT_EQ(item.request.path(), "/a%20b");
  EXPECT_EQ(item.request.header("x-tHING"), "some value");
  EXPECT_EQ(item.request.header("X-Other"), "");
  EXPECT_EQ(item.request.body, "hello");
  item.respond({});
  EXPECT_TRUE(has_status(socket.read_message(), 200));

  socket.write(
      "PURGE /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
      "v\r\n\r\n");
  item = inbox.take();
  EXPECT_EQ(item.request.method, "PURGE");
  EXPECT_EQ(item.request.body, "abcde");
  EXPECT_EQ(item.request.header("T"), "") << "trailers are not headers";
  item.respond({});
  EXPECT_TRUE(has_status(socket.read_message(), 200));
}

// Goal: a response says what the handler said, and nothing it did not.
// Method: the whole message but its date; then a header value that would be two headers.
TEST(HttpServer, WritesTheResponseAsGiven) {
  TestServer server([](HttpRequest&& request, const Respond& respond) {
    if (request.target == "/1") {
      respond({.status = 405, .content_type = "text/xml", .body = "<a/>", .headers = {{"Allow", "POST"}}});
    } else {
      respond({.status = 204, .headers = {{"X", "a\r\nSet-Cookie: b"}}});
    }
  });
  TestSocket socket = server.connect();
  socket.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string message = socket.read_message();
  const std::size_t date = message.find("Date: ");
  ASSERT_NE(date, std::string::npos);
  message.erase(date, message.find("\r\n", date) + 2 - date);
  EXPECT_EQ(
      message,
      "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/xml\r\nAllow: POST\r\nContent-Length: 4\r\n\r\n<a/>");
  socket.write("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  message = socket.read_message();
  EXPECT_TRUE(has_status(message, 204));
  EXPECT_EQ(message.find("\nSet-Cookie"), std::string::npos);
  EXPECT_EQ(message.find("Content-Length"), std::string::npos);
}

// Goal: one connection carries many requests.
// Method: 200 requests with bodies of growing size over one connection.
TEST(HttpServer, KeepsConnectionsAlive) {
  TestServer server(echo);
  TestSocket socket = server.connect();
  for (std::size_t i = 0; i < 200; ++i) {
    const std::string body(i * 150, 'b');
    socket.write("POST /" + std::to_string(i) +
                 " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    ASSERT_EQ(body_of(socket.read_message()), "POST /" + std::to_string(i) + " " + body);
  }
}

// Goal: pipelined requests are answered in their order, even if the answers come from other threads.
// Method: 50 requests in one write, cut at random places too; each is answered by a thread of its own.
TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  std::vector<std::thread> threads;
  {
    TestServer server([&](HttpRequest&& request, const Respond& respond) {
      threads.emplace_back([respond, target = request.target, body = request.body] {
        respond({.status = 200, .body = target + body});
      });
    });
    TestSocket socket = server.connect();
    std::string all;
    for (int i = 0; i < 50; ++i) {
      all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy";
    }
    for (std::size_t at = 0, size = 1; at < all.size(); at += size, size = size * 7 % 401 + 1) {
      socket.write(all.substr(at, size));
    }
    for (int i = 0; i < 50; ++i) ASSERT_EQ(body_of(socket.read_message()), "/" + std::to_string(i) + "xy");
  }
  for (std::thread& thread : threads) thread.join();
}

// Goal: connections end when the client wants them to, and with HTTP/1.0 unless it wants otherwise.
// Method: rows of requests; whether the server closes.
TEST(HttpServer, ClosesWhenAsked) {
  TestServer server(echo);
  EXPECT_NE(answers_to(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").find("Connection: close"),
            std::string::npos);
  EXPECT_NE(answers_to(server, "GET / HTTP/1.0\r\n\r\n").find("Connection: close"), std::string::npos);
  TestSocket socket = server.connect();
  for (int i = 0; i < 2; ++i) {
    socket.write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_NE(socket.read_message().find("Connection: keep-alive"), std::string::npos);
  }
}

// Goal: HEAD gets the headers of the answer and no body.
// Method: HEAD, then GET on the same connection; a body in between would be read as the next answer.
TEST(HttpServer, SendsNoBodyForHead) {
  TestServer server(echo);
  TestSocket socket = server.connect();
  socket.write("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  EXPECT_NE(socket.read_message(false).find("Content-Length: 8"), std::string::npos);
  EXPECT_EQ(body_of(socket.read_message()), "GET / ");
}

// Goal: a client that asks before it sends its body is told to go on.
// Method: headers only; the interim answer; then the body.
TEST(HttpServer, ToldToContinueAClientGoesOn) {
  TestServer server(echo);
  TestSocket socket = server.connect();
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(socket.read_message(), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.write("ab");
  EXPECT_EQ(body_of(socket.read_message()), "POST / ab");
  expect_refusal(server, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n",
                 413, ServerRefusal::body_too_large);
}

// Goal: what is not HTTP/1.1, or could be read in two ways, is refused and the connection closed.
// Method: one flaw per row; the handler must not see any.
TEST(HttpServer, RefusesMalformedRequests) {
  std::atomic<int> handled = 0;
  TestServer server([&](HttpRequest&&, const Respond& respond) {
    ++handled;
    respond({});
  });
  const std::string nul(1, '\0');
  for (const std::string& input :
       {std::string("hello\r\n\r\n"),
        std::string("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET / HTTP/1.1\nHost: a\n\n"),
        std::string("GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        std::string("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET /\x7F HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET /\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n"),
        "GET /" + nul + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a" + nul + "\r\n\r\n",
        std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        std::string(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n"),
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(30'000, 'x')}) {
    expect_refusal(server, input, 400, ServerRefusal::malformed);
  }
  EXPECT_EQ(handled, 0);
}

// Goal: a header has one limit, however it is made up and however it arrives.
// Method: a long target, a long value, many fields, trailers, and fields that come one by one.
TEST(HttpServer, LimitsTheHeader) {
  TestServer server(echo, {.header_bytes_max = 1000});
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  std::string many = start;
  while (many.size() < 2000) many += "A: b\r\n";
  for (const std::string& input :
       {"GET /" + std::string(2000, 'x'), start + "A: " + std::string(2000, 'x'), many + "\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + many.substr(start.size()) +
            "\r\n"}) {
    expect_refusal(server, input, 431, ServerRefusal::header_too_large);
  }
  TestSocket socket = server.connect();
  socket.write(start);
  for (int i = 0; i < 200 && socket.write("A: b\r\n"); ++i) {
  }
  EXPECT_TRUE(has_status(socket.read_to_end(), 431));
  EXPECT_TRUE(has_status(
      answers_to(server, start + "Connection: close\r\nA: " + std::string(900, 'x') + "\r\n\r\n"), 200));
}

// Goal: a body has one limit, announced or in chunks, and the client gets to read why even while it sends.
// Method: exactly the limit passes; one more is refused; a client that sends far more still reads the answer.
TEST(HttpServer, LimitsTheBody) {
  TestServer server(echo, {.body_bytes_max = 1000});
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
  const auto announced = [&](std::size_t size) {
    return start + "Content-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
  };
  const auto chunked = [&](int count) {
    std::string input = start + "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < count; ++i) input += "1\r\nx\r\n";
    return input + "0\r\n\r\n";
  };
  EXPECT_TRUE(has_status(answers_to(server, announced(1000)), 200));
  EXPECT_TRUE(has_status(answers_to(server, chunked(1000)), 200));
  expect_refusal(server, announced(1001), 413, ServerRefusal::body_too_large);
  expect_refusal(server, announced(500'000), 413, ServerRefusal::body_too_large);
  expect_refusal(server, chunked(1001), 413, ServerRefusal::body_too_large);
}

// Goal: a client that sends slowly, header or body, does not hold a connection for ever, and is told.
// Method: half a header and half a body, then nothing; a short time-out.
TEST(HttpServer, TimesOutSlowRequests) {
  TestServer server(echo, {.request_timeout = milliseconds{50}});
  expect_refusal(server, "GET / HT", 408, ServerRefusal::timed_out);
  expect_refusal(server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab", 408,
                 ServerRefusal::timed_out);
}

// Goal: the time for a request is counted from its first byte: bytes that keep trickling in do not extend it.
// Method: a byte at a time until the server answers.
TEST(HttpServer, TimesOutATrickle) {
  TestServer server(echo, {.request_timeout = milliseconds{50}});
  TestSocket socket = server.connect();
  socket.write("GET /");
  std::atomic<bool> is_answered = false;
  std::thread trickle([&] {
    while (!is_answered && socket.write("x")) std::this_thread::yield();
  });
  const std::string answer = socket.read_message();
  is_answered = true;
  trickle.join();
  EXPECT_TRUE(has_status(answer, 408) || has_status(answer, 431)) << answer;
}

// Goal: a connection nobody uses is closed, without a word and without being counted.
// Method: a short idle time-out; before any request, and after one.
TEST(HttpServer, ClosesIdleConnections) {
  TestServer server(echo, {.idle_timeout = milliseconds{50}});
  TestSocket unused = server.connect();
  EXPECT_TRUE(unused.is_closed_by_peer());
  TestSocket used = server.connect();
  used.write(get);
  EXPECT_TRUE(has_status(used.read_message(), 200));
  EXPECT_TRUE(used.is_closed_by_peer());
  EXPECT_TRUE(server.refusals().empty());
}

// Goal: a client that does not read its answer does not hold a connection for ever.
// Method: an answer far larger than the sockets' buffers, and a client that reads only once it was cut off.
TEST(HttpServer, TimesOutClientsThatDoNotRead) {
  const std::size_t size = 64 << 20;
  TestServer server([&](HttpRequest&&, const Respond& respond) { respond({.body = std::string(size, 'x')}); },
                    {.connections_max = 1, .write_timeout = milliseconds{50}});
  TestSocket lazy = server.connect();
  lazy.write(get);
  // The place becomes free again only when the lazy client has been cut off.
  for (bool is_served = false; !is_served;) {
    TestSocket next = server.connect();
    next.write("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    is_served = has_status(next.read_message(false), 200);
  }
  EXPECT_LT(lazy.read_to_end().size(), size);
}

// Goal: a handler that never answers does not hold a client for ever, and its late answer harms nobody.
// Method: a short answer time-out; the answer comes after it, while the slot serves somebody else.
TEST(HttpServer, TimesOutMissingAnswers) {
  Inbox inbox;
  TestServer server(inbox.handler(), {.answer_timeout = milliseconds{50}});
  expect_refusal(server, get, 503, ServerRefusal::unanswered);
  const Inbox::Item late = inbox.take();
  TestServer patient_server(inbox.handler());
  late.respond({.status = 200, .body = "late"});
  TestSocket socket = patient_server.connect();
  socket.write(get);
  const Inbox::Item item = inbox.take();
  late.respond({.status = 200, .body = "late"});
  item.respond({.status = 200, .body = "right"});
  EXPECT_EQ(body_of(socket.read_message()), "right");
}

// Goal: connections over the limit are told to come back, and places freed are given out again.
// Method: the limit's worth of connections, one more, then one less.
TEST(HttpServer, LimitsConnections) {
  TestServer server(echo, {.connections_max = 2});
  TestSocket first = server.connect();
  first.write(get);
  EXPECT_TRUE(has_status(first.read_message(), 200));
  TestSocket second = server.connect();
  second.write(get);
  EXPECT_TRUE(has_status(second.read_message(), 200));
  expect_refusal(server, get, 503, ServerRefusal::too_many_connections);
  second.close();
  // The server notices the close when it notices it; until then it refuses.
  for (bool is_served = false; !is_served;) {
    TestSocket next = server.connect();
    next.write(get);
    is_served = has_status(next.read_message(), 200);
  }
}

// Goal: a request is answered once, whoever else tries.
// Method: two answers inside the handler, two from another thread, and one after the next request came.
TEST(HttpServer, IgnoresFurtherAnswers) {
  Inbox inbox;
  TestServer server([&](HttpRequest&& request, const Respond& respond) {
    if (request.target == "/sync") {
      respond({.body = "first"});
      respond({.body = "second"});
    } else {
      inbox.handler()(std::move(request), respond);
    }
  });
  TestSocket socket = server.connect();
  socket.write("GET /sync HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(socket.read_message()), "first");
  socket.write(get);
  const Inbox::Item item = inbox.take();
  item.respond({.body = "first"});
  item.respond({.body = "second"});
  EXPECT_EQ(body_of(socket.read_message()), "first");
  socket.write(get);
  const Inbox::Item next = inbox.take();
  item.respond({.body = "third"});
  next.respond({.body = "next"});
  EXPECT_EQ(body_of(socket.read_message()), "next");
}

// Goal: a handler that throws costs its request a 500, and nobody else anything.
// Method: a throwing request and a good one on one connection.
TEST(HttpServer, AnswersAThrowingHandlerWith500) {
  TestServer server([](HttpRequest&& request, const Respond& respond) {
    if (request.target == "/bad") throw std::runtime_error("broken");
    respond({});
  });
  TestSocket socket = server.connect();
  socket.write("GET /bad HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  const std::string message = socket.read_message();
  EXPECT_TRUE(has_status(message, 500));
  EXPECT_TRUE(body_of(message).starts_with(R"({"error":{"code":"internal")"));
  EXPECT_TRUE(has_status(socket.read_message(), 200));
}

// Goal: clients that vanish while their answer is being made leave no trace.
// Method: many resets in mid-request, answers given afterwards; then a good client.
TEST(HttpServer, SurvivesVanishingClients) {
  Inbox inbox;
  TestServer server(inbox.handler());
  std::vector<Inbox::Item> items;
  for (int i = 0; i < 50; ++i) {
    TestSocket socket = server.connect();
    socket.write(get + get);
    items.push_back(inbox.take());
    socket.reset();
  }
  for (const Inbox::Item& item : items) item.respond({.body = std::string(100'000, 'x')});
  TestSocket socket = server.connect();
  socket.write(get);
  // A vanished client's second request may have been read before its end was.
  std::string answer;
  std::thread reader([&] { answer = socket.read_message(); });
  std::atomic<bool> is_read = false;
  std::thread answerer([&] {
    while (!is_read) {
      if (inbox.size() > 0) inbox.take().respond({.body = "good"});
      std::this_thread::yield();
    }
  });
  reader.join();
  is_read = true;
  answerer.join();
  EXPECT_EQ(body_of(answer), "good");
}

// Goal: answers from several threads, for many connections at once, each reach their own request.
// Method: 64 connections, 4 answering threads, 20 requests each; every answer names its request.
TEST(HttpServer, MatchesAnswersToRequestsAcrossThreads) {
  Inbox inbox;
  TestServer server(inbox.handler());
  constexpr int connections = 64;
  constexpr int rounds = 20;
  std::atomic<int> left = connections * rounds;
  std::vector<std::thread> answerers;
  for (int i = 0; i < 4; ++i) {
    answerers.emplace_back([&] {
      while (left.fetch_sub(1) > 0) {
        const Inbox::Item item = inbox.take();
        item.respond({.body = item.request.target});
      }
    });
  }
  std::vector<TestSocket> sockets;
  for (int i = 0; i < connections; ++i) sockets.push_back(server.connect());
  for (int round = 0; round < rounds; ++round) {
    const auto target = [&](int i) { return "/" + std::to_string(i) + "/" + std::to_string(round); };
    for (int i = 0; i < connections; ++i) {
      sockets[static_cast<std::size_t>(i)].write("GET " + target(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for (int i = 0; i < connections; ++i) {
      ASSERT_EQ(body_of(sockets[static_cast<std::size_t>(i)].read_message()), target(i));
    }
  }
  for (std::thread& thread : answerers) thread.join();
}

// Goal: stopping answers what is in progress, closes what is idle, and takes nothing new.
// Method: one idle and one waiting connection; the answer comes while the server stops.
TEST(HttpServer, StopsWithGrace) {
  Inbox inbox;
  TestServer server(inbox.handler());
  TestSocket idle = server.connect();
  TestSocket busy = server.connect();
  busy.write(get);
  const Inbox::Item item = inbox.take();
  const std::uint16_t port = (*server).port();
  std::thread stopper([&] { (*server).stop(std::chrono::seconds{test_wait_seconds}); });
  EXPECT_TRUE(idle.is_closed_by_peer());
  item.respond({.body = "still"});
  const std::string answer = busy.read_message();
  EXPECT_EQ(body_of(answer), "still");
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy.is_closed_by_peer());
  stopper.join();
  EXPECT_THROW(TestSocket::connect(port), std::runtime_error);
  (*server).stop();
}

// Goal: stopping takes no longer than its grace, and answers that come later go nowhere.
// Method: a request that is never answered, half a request, no grace; then an answer to the destroyed server.
TEST(HttpServer, StopsWithoutGrace) {
  Inbox inbox;
  TestServer server(inbox.handler());
  TestSocket half = server.connect();
  half.write("GET /");
  TestSocket busy = server.connect();
  busy.write(get);
  const Inbox::Item item = inbox.take();
  (*server).stop(milliseconds{0});
  EXPECT_TRUE(busy.is_closed_by_peer());
  EXPECT_TRUE(half.is_closed_by_peer());
  server.destroy();
  item.respond({.body = "nobody"});
}

// Goal: a server that cannot listen says why.
// Method: a taken port, and an address that is none.
TEST(HttpServer, FailsToStartWithAReason) {
  TestServer server(echo);
  HttpServer second({.port = (*server).port()}, echo);
  const Result<void> taken = second.start();
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().kind, ErrorKind::conflict);
  HttpServer nowhere({.address = "localhost"}, echo);
  const Result<void> malformed = nowhere.start();
  ASSERT_FALSE(malformed.has_value());
  EXPECT_EQ(malformed.error().kind, ErrorKind::invalid);
  EXPECT_EQ(nowhere.port(), 0);
}

// Goal: error bodies are JSON, whatever the message.
// Method: a message with everything JSON escapes.
TEST(JsonError, EscapesItsMessage) {
  const HttpResponse response = json_error(400, "a_code", "say \"no\" \\ \n");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"error":{"code":"a_code","message":"say \"no\" \\ \u000a"}})");
}

}  // namespace
}  // namespace jobrun::net
