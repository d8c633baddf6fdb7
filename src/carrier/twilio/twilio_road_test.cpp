// The road from a promised text to a real HTTP server and back, with the real dispatcher and client.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "carrier/twilio.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::carrier {
namespace {

using outbox::testing::World;

constexpr std::chrono::seconds patience{20};

/// Where the answers of the carrier's thread wake the test.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    changed_.notify_one();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    const bool rung = changed_.wait_for(lock, patience, [&] { return rung_; });
    rung_ = false;
    return rung;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false;
};

/// A world whose texts leave through TwilioCarrier to a server that answers as told.
struct Road {
  explicit Road(net::Handler handler)
      : server({}, std::move(handler)), port(started()), carrier(http, options_for(port)) {
    world.dispatcher = std::make_unique<outbox::Dispatcher>(
        outbox::Dispatcher::Ports{
            world.journal, carrier, world.plan, world.meter, world.log, world.clock, world.random,
            [this](TextRow after, std::int64_t limit) { return world.promised_after(after, limit); }},
        world.options);
    world.dispatcher->set_wake([this] {
      world.is_woken = true;
      bell.ring();
    });
  }
  std::uint16_t started() {
    const Result<void> result = server.start();
    if (!result) throw std::runtime_error(result.error().message);
    return server.port();
  }
  static TwilioCarrier::Options options_for(std::uint16_t port) {
    TwilioCarrier::Options options;
    options.api_url = "http://127.0.0.1:" + std::to_string(port);
    options.account_sid = "AC1";
    options.auth_token = "secret";
    return options;
  }
  TextState end_of(const TextRecord& text) {
    for (int turn = 0; turn < 1'000; ++turn) {
      world.settle();
      if (world.state_of(text) != TextState::started && world.state_of(text) != TextState::promised) break;
      if (!bell.wait()) break;
    }
    return world.state_of(text);
  }

  Bell bell;
  World world;
  net::HttpServer server;
  std::uint16_t port;
  net::HttpClient http{{}};
  TwilioCarrier carrier;
};

net::HttpResponse json(int status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

// Goal: a promised text arrives at Twilio's path, signed in, with its words, and its sid is kept.
// Method: a real server in the carrier's place.
TEST(TwilioRoad, CarriesAPromisedTextToTheMessagesResource) {
  std::mutex mutex;
  std::vector<net::HttpRequest> seen;
  Road road([&](net::HttpRequest&& request, const net::Respond& respond) {
    const std::lock_guard lock(mutex);
    seen.push_back(std::move(request));
    respond(json(201, R"({"sid":"SM42","status":"queued"})"));
  });
  const TextRecord text = road.world.promise(road.world.intake(14155550101));
  EXPECT_EQ(road.end_of(text), TextState::accepted);
  EXPECT_EQ(road.world.contents.texts.at(text.row.value).message_sid, "SM42");
  const std::lock_guard lock(mutex);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].target, "/2010-04-01/Accounts/AC1/Messages.json");
  EXPECT_EQ(seen[0].header("Authorization"), "Basic QUMxOnNlY3JldA==");
  EXPECT_EQ(seen[0].header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(seen[0].body, "To=%2B14155550101&From=%2B15550001111&Body=Sorry+we+missed+your+call.");
}

// Goal: a connection reset after the request was read is unknown, and nothing is sent again.
// Method: the server reads the request and resets.
TEST(TwilioRoad, ResetAfterTheRequestIsUnknown) {
  std::atomic<int> requests{0};
  Road road([&](net::HttpRequest&&, const net::Respond& respond) {
    ++requests;
    net::HttpResponse reset;
    reset.resets_connection = true;
    respond(reset);
  });
  const TextRecord text = road.world.promise(road.world.intake(14155550101));
  EXPECT_EQ(road.end_of(text), TextState::unknown);
  EXPECT_EQ(requests, 1);
}

// Goal: a carrier that is not there leaves the text promised, to be tried again.
// Method: stop the server before the send.
TEST(TwilioRoad, NobodyListeningIsNotSent) {
  Road road([](net::HttpRequest&&, const net::Respond& respond) { respond(json(500, "")); });
  road.server.stop();
  const TextRecord text = road.world.promise(road.world.intake(14155550101));
  road.world.settle();
  for (int turn = 0; turn < 1'000 && road.world.meter.of(Metric::texts_retried) < 1; ++turn) {
    ASSERT_TRUE(road.bell.wait());
    road.world.settle();
  }
  EXPECT_EQ(road.world.state_of(text), TextState::promised);
}

// Goal: replaced credentials are used by the next request.
// Method: the server takes only the new token; the dispatcher is told of the replacement.
TEST(TwilioRoad, UsesReplacedCredentials) {
  Road road([](net::HttpRequest&& request, const net::Respond& respond) {
    const bool is_new = request.header("Authorization") == "Basic QUMxOm5ldw==";
    respond(is_new ? json(201, R"({"sid":"SM1"})") : json(401, R"({"code":20003,"message":"Authenticate"})"));
  });
  const TextRecord text = road.world.promise(road.world.intake(14155550101));
  for (int turn = 0; turn < 1'000 && !road.world.dispatcher->levels().credentials_refused; ++turn) {
    road.world.settle();
    if (road.world.dispatcher->levels().credentials_refused) break;
    ASSERT_TRUE(road.bell.wait());
  }
  road.carrier.replace_auth_token("new");
  road.world.dispatcher->credentials_replaced();
  EXPECT_EQ(road.end_of(text), TextState::accepted);
}

}  // namespace
}  // namespace jobrun::carrier
