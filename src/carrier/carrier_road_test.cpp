// The road from a promised text to a real HTTP server and back, with the real dispatcher and client: one body of
// rules over every carrier. Each says the same things in its own words; the outbox must hear the same.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "carrier/telnyx.hpp"
#include "carrier/twilio.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::carrier {
namespace {

using outbox::testing::World;
using Because = Refused::Because;

constexpr std::chrono::seconds patience{20};
constexpr std::uint64_t a_caller = 14155550101;

net::HttpResponse json(int status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

/// A carrier: how it is set up, the request it writes, and its words for what can happen.
struct Provider {
  std::string name;
  std::function<std::unique_ptr<Carrier>(net::HttpClient&, std::string api_url, std::chrono::milliseconds timeout)>
      make;
  std::function<void(Carrier&)> renew_credentials;  ///< to "new"
  std::string target;
  std::string old_authorization;
  std::string new_authorization;
  std::string content_type;
  std::string body;
  std::string message_id;  ///< as `accepted` has it

  net::HttpResponse accepted;
  net::HttpResponse rate_limited;
  net::HttpResponse bad_credentials;
  net::HttpResponse suspended;
  net::HttpResponse opted_out;
  net::HttpResponse landline;
  net::HttpResponse bad_recipient;
  net::HttpResponse bad_sender;
  net::HttpResponse unregistered_sender;
  net::HttpResponse filtered;
  net::HttpResponse daily_cap;
  net::HttpResponse too_long;
  net::HttpResponse unknown_code;
  net::HttpResponse without_id;
  net::HttpResponse lost_at_once;  ///< taken, and lost in the same answer: the handset cannot be reached
};

Provider twilio() {
  const auto error = [](int status, int code) {
    return json(status, R"({"code":)" + std::to_string(code) + R"(,"message":"no","status":)" +
                            std::to_string(status) + "}");
  };
  Provider p;
  p.name = "Twilio";
  p.make = [](net::HttpClient& http, std::string api_url, std::chrono::milliseconds timeout) {
    TwilioCarrier::Options options;
    options.api_url = std::move(api_url);
    options.account_sid = "AC1";
    options.auth_token = "secret";
    options.timeout = timeout;
    return std::make_unique<TwilioCarrier>(http, options);
  };
  p.renew_credentials = [](Carrier& carrier) { dynamic_cast<TwilioCarrier&>(carrier).replace_auth_token("new"); };
  p.target = "/2010-04-01/Accounts/AC1/Messages.json";
  p.old_authorization = "Basic QUMxOnNlY3JldA==";
  p.new_authorization = "Basic QUMxOm5ldw==";
  p.content_type = "application/x-www-form-urlencoded";
  p.body = "To=%2B14155550101&From=%2B15550001111&Body=Sorry+we+missed+your+call.";
  p.message_id = "SM42";
  p.accepted = json(201, R"({"sid":"SM42","status":"queued","error_code":null})");
  p.rate_limited = error(429, 20429);
  p.bad_credentials = error(401, 20003);
  p.suspended = error(403, 30002);
  p.opted_out = error(400, 21610);
  p.landline = error(400, 21614);
  p.bad_recipient = error(400, 21211);
  p.bad_sender = error(400, 21606);
  p.unregistered_sender = error(400, 30034);
  p.filtered = error(400, 30007);
  p.daily_cap = error(429, 30023);
  p.too_long = error(400, 21617);
  p.unknown_code = error(400, 29999);
  p.without_id = json(201, R"({"status":"queued"})");
  p.lost_at_once = json(201, R"({"sid":"SM42","status":"failed","error_code":30003})");
  return p;
}

Provider telnyx() {
  const auto error = [](int status, int code) {
    return json(status, R"({"errors":[{"code":")" + std::to_string(code) + R"(","title":"No","detail":"no"}]})");
  };
  Provider p;
  p.name = "Telnyx";
  p.make = [](net::HttpClient& http, std::string api_url, std::chrono::milliseconds timeout) {
    TelnyxCarrier::Options options;
    options.api_url = std::move(api_url);
    options.api_key = "secret";
    options.timeout = timeout;
    return std::make_unique<TelnyxCarrier>(http, options);
  };
  p.renew_credentials = [](Carrier& carrier) { dynamic_cast<TelnyxCarrier&>(carrier).replace_api_key("new"); };
  p.target = "/v2/messages";
  p.old_authorization = "Bearer secret";
  p.new_authorization = "Bearer new";
  p.content_type = "application/json";
  p.body = R"({"from":"+15550001111","to":"+14155550101","text":"Sorry we missed your call.","type":"SMS"})";
  p.message_id = "40385f64-5717-4562-b3fc-2c963f66afa6";
  const std::string data = R"({"data":{"id":"40385f64-5717-4562-b3fc-2c963f66afa6","to":[{"status":)";
  p.accepted = json(200, data + R"("queued"}],"errors":[]}})");
  p.rate_limited = error(429, 10011);
  p.bad_credentials = error(401, 10009);
  p.suspended = error(403, 20013);
  p.opted_out = error(400, 40300);
  p.landline = error(400, 40001);
  p.bad_recipient = error(422, 40310);
  p.bad_sender = error(400, 40305);
  p.unregistered_sender = error(400, 40010);
  p.filtered = error(400, 40322);
  p.daily_cap = error(429, 40016);
  p.too_long = error(400, 40302);
  p.unknown_code = error(400, 49999);
  p.without_id = json(200, R"({"data":{"to":[{"status":"queued"}]}})");
  p.lost_at_once = json(200, data + R"("sending_failed"}],"errors":[{"code":"40006","title":"Down"}]}})");
  return p;
}

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

/// Notes what the carrier answers.
class Tap : public Carrier {
 public:
  explicit Tap(std::unique_ptr<Carrier> carrier) : carrier_(std::move(carrier)) {}
  void send(SendPermit permit, OutgoingText text, Done done) override {
    carrier_->send(std::move(permit), std::move(text), [this, done = std::move(done)](const SendAnswer& answer) {
      {
        const std::lock_guard lock(mutex_);
        answers_.push_back(answer);
      }
      done(answer);
    });
  }
  void find(FindQuery query, FoundDone done) override { carrier_->find(std::move(query), std::move(done)); }
  Refused why_lost(Account account, int code) const override { return carrier_->why_lost(account, code); }
  std::vector<SendAnswer> answers() {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  Carrier& carrier() { return *carrier_; }

 private:
  std::unique_ptr<Carrier> carrier_;
  std::mutex mutex_;
  std::vector<SendAnswer> answers_;
};

/// A world whose texts leave through a real carrier to a server that answers as told.
struct Road {
  Road(const Provider& provider, net::Handler handler,
       std::chrono::milliseconds timeout = std::chrono::milliseconds{15'000})
      : server({}, std::move(handler)),
        carrier(provider.make(http, "http://127.0.0.1:" + std::to_string(started()), timeout)) {
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
  /// Sends one text and returns what the carrier made of the first answer.
  SendAnswer first_answer() {
    text.emplace(world.promise(world.intake(a_caller)));
    for (int turn = 0; turn < 1'000 && carrier.answers().empty(); ++turn) {
      world.settle();
      if (carrier.answers().empty() && !bell.wait()) break;
    }
    world.settle();
    const std::vector<SendAnswer> answers = carrier.answers();
    if (answers.empty()) throw std::runtime_error("no answer came");
    return answers.front();
  }
  TextState end() {
    for (int turn = 0; turn < 1'000; ++turn) {
      world.settle();
      if (world.state_of(*text) != TextState::started && world.state_of(*text) != TextState::promised) break;
      if (!bell.wait()) break;
    }
    return world.state_of(*text);
  }

  Bell bell;
  World world;
  net::HttpServer server;
  net::HttpClient http{{}};
  Tap carrier;
  std::optional<TextRecord> text;
};

net::Handler always(net::HttpResponse response) {
  return [response = std::move(response)](net::HttpRequest&&, const net::Respond& respond) { respond(response); };
}

class CarrierRoad : public testing::TestWithParam<Provider> {};

// Goal: a promised text arrives as the carrier's documentation asks for it, byte for byte, signed in, with its
// words, and its id is kept.
// Method: a real server in the carrier's place.
TEST_P(CarrierRoad, CarriesAPromisedTextToTheCarrier) {
  std::mutex mutex;
  std::vector<net::HttpRequest> seen;
  Road road(GetParam(), [&](net::HttpRequest&& request, const net::Respond& respond) {
    const std::lock_guard lock(mutex);
    seen.push_back(std::move(request));
    respond(GetParam().accepted);
  });
  const SendAnswer answer = road.first_answer();
  ASSERT_TRUE(std::holds_alternative<Accepted>(answer));
  EXPECT_EQ(std::get<Accepted>(answer).message_sid, GetParam().message_id);
  EXPECT_EQ(road.end(), TextState::accepted);
  EXPECT_EQ(road.world.contents.texts.at(road.text->row.value).message_sid, GetParam().message_id);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].target, GetParam().target);
  EXPECT_EQ(seen[0].header("Authorization"), GetParam().old_authorization);
  EXPECT_EQ(seen[0].header("Content-Type"), GetParam().content_type);
  EXPECT_EQ(seen[0].header("Accept"), "application/json");
  EXPECT_EQ(seen[0].body, GetParam().body);
}

struct RefusalRow {
  const char* what;
  net::HttpResponse Provider::* response;
  Because because;
  TextState ends;  ///< as far as one answer decides
  std::optional<PhoneFact> learned = std::nullopt;
  bool blocks_sender = false;
};

// Goal: the same refusal means the same, whichever carrier says it.
// Method: each carrier's words for each.
TEST_P(CarrierRoad, RefusalsMeanTheSame) {
  const std::array rows = {
      RefusalRow{"rate limited", &Provider::rate_limited, Because::later, TextState::promised},
      RefusalRow{"bad credentials", &Provider::bad_credentials, Because::credentials, TextState::promised},
      RefusalRow{"suspended", &Provider::suspended, Because::suspended, TextState::promised},
      RefusalRow{"opted out", &Provider::opted_out, Because::recipient, TextState::refused, PhoneFact::opted_out},
      RefusalRow{"landline", &Provider::landline, Because::recipient, TextState::refused, PhoneFact::landline},
      RefusalRow{"bad recipient", &Provider::bad_recipient, Because::recipient, TextState::refused},
      RefusalRow{"bad sender", &Provider::bad_sender, Because::sender, TextState::refused},
      RefusalRow{"unregistered sender", &Provider::unregistered_sender, Because::sender, TextState::refused,
                 std::nullopt, true},
      RefusalRow{"filtered", &Provider::filtered, Because::filtered, TextState::refused},
      RefusalRow{"daily cap", &Provider::daily_cap, Because::next_day, TextState::refused},
      RefusalRow{"too long", &Provider::too_long, Because::our_mistake, TextState::refused},
      RefusalRow{"unknown code", &Provider::unknown_code, Because::other, TextState::refused},
      RefusalRow{"lost at once", &Provider::lost_at_once, Because::once_more, TextState::promised},
  };
  for (const RefusalRow& row : rows) {
    Road road(GetParam(), always(GetParam().*row.response));
    const SendAnswer answer = road.first_answer();
    const auto* refused = std::get_if<Refused>(&answer);
    ASSERT_NE(refused, nullptr) << row.what;
    EXPECT_EQ(refused->because, row.because) << row.what;
    EXPECT_EQ(refused->learned, row.learned) << row.what;
    EXPECT_EQ(refused->blocks_sender, row.blocks_sender) << row.what;
    EXPECT_NE(refused->code, 0) << row.what;
    EXPECT_NE(refused->http_status, 0) << row.what;
    EXPECT_FALSE(refused->detail.empty()) << row.what;
    EXPECT_EQ(road.world.state_of(*road.text), row.ends) << row.what;
  }
}

// Goal: a refusal without words of the carrier's own is told by its status.
// Method: bodies that are empty, HTML or JSON of another shape.
TEST_P(CarrierRoad, StatusesWithoutAnErrorBodyMeanTheSame) {
  for (const char* body : {"", "<html>", "[]", "{\"errors\":7}", "{\"errors\":[]}", "{\"code\":\"\"}"}) {
    const auto because_of = [&](int status) {
      const SendAnswer answer = Road(GetParam(), always(json(status, body))).first_answer();
      const auto* refused = std::get_if<Refused>(&answer);
      return refused != nullptr ? std::optional(refused->because) : std::nullopt;
    };
    EXPECT_EQ(because_of(429), Because::later) << body;
    EXPECT_EQ(because_of(401), Because::credentials) << body;
    EXPECT_EQ(because_of(408), Because::later) << body;
    EXPECT_EQ(because_of(400), Because::other) << body;
    EXPECT_EQ(because_of(404), Because::other) << body;
    EXPECT_EQ(because_of(307), Because::other) << body;
  }
}

// Goal: a carrier that says when to come back is asked no sooner.
// Method: Retry-After, in seconds.
TEST_P(CarrierRoad, RetryAfterIsHeard) {
  net::HttpResponse response = GetParam().rate_limited;
  response.headers.emplace_back("Retry-After", "7");
  Road road(GetParam(), always(response));
  const SendAnswer answer = road.first_answer();
  ASSERT_TRUE(std::holds_alternative<Refused>(answer));
  EXPECT_EQ(std::get<Refused>(answer).retry_after, Duration{7'000});
}

// Goal: whatever may have been taken is unknown, and nothing is sent again.
// Method: server errors, with an error of a refusal too; answers without an id, garbled or too large.
TEST_P(CarrierRoad, WhatMayHaveBeenTakenIsUnknown) {
  net::HttpResponse refusal_as_server_error = GetParam().bad_recipient;
  refusal_as_server_error.status = 500;
  const std::string huge = R"({"sid":"SM42","data":{"id":"SM42"},"more":")" + std::string(200'000, 'x') + "\"}";
  const std::vector<net::HttpResponse> responses = {json(500, ""),
                                                    json(502, "<html>"),
                                                    json(503, "{}"),
                                                    json(504, ""),
                                                    refusal_as_server_error,
                                                    json(201, ""),
                                                    json(200, "{\"dat"),
                                                    json(200, "[]"),
                                                    json(200, "null"),
                                                    GetParam().without_id,
                                                    json(200, huge),
                                                    json(201, std::string(30'000, '[')),
                                                    json(200, R"({"sid":7,"data":{"id":7}})"),
                                                    json(200, R"({"sid":"","data":{"id":""}})"),
                                                    json(200, R"({"sid":"a b","data":{"id":"a\nb"}})")};
  for (const net::HttpResponse& response : responses) {
    std::atomic<int> requests{0};
    Road road(GetParam(), [&](net::HttpRequest&&, const net::Respond& respond) {
      ++requests;
      respond(response);
    });
    EXPECT_TRUE(std::holds_alternative<Unknown>(road.first_answer()))
        << response.status << response.body.substr(0, 50);
    EXPECT_EQ(road.end(), TextState::unknown);
    EXPECT_EQ(requests, 1);
  }
}

// Goal: a connection reset after the request was read is unknown, and nothing is sent again.
// Method: the server reads the request and resets.
TEST_P(CarrierRoad, ResetAfterTheRequestIsUnknown) {
  std::atomic<int> requests{0};
  net::HttpResponse reset;
  reset.resets_connection = true;
  Road road(GetParam(), [&](net::HttpRequest&&, const net::Respond& respond) {
    ++requests;
    respond(reset);
  });
  EXPECT_TRUE(std::holds_alternative<Unknown>(road.first_answer()));
  EXPECT_EQ(road.end(), TextState::unknown);
  EXPECT_EQ(requests, 1);
}

// Goal: a carrier that hangs leaves the text unknown once its time is over.
// Method: the server reads the request and says nothing.
TEST_P(CarrierRoad, SilenceIsUnknown) {
  std::mutex mutex;
  std::vector<net::Respond> kept;
  Road road(
      GetParam(),
      [&](net::HttpRequest&&, const net::Respond& respond) {
        const std::lock_guard lock(mutex);
        kept.push_back(respond);
      },
      std::chrono::milliseconds{150});
  EXPECT_TRUE(std::holds_alternative<Unknown>(road.first_answer()));
  EXPECT_EQ(road.end(), TextState::unknown);
  road.server.stop(std::chrono::milliseconds{0});
  const std::lock_guard lock(mutex);
  EXPECT_EQ(kept.size(), 1U);
}

// Goal: a carrier that is not there leaves the text promised, to be tried again.
// Method: stop the server before the send.
TEST_P(CarrierRoad, NobodyListeningIsNotSent) {
  Road road(GetParam(), always(json(500, "")));
  road.server.stop();
  EXPECT_TRUE(std::holds_alternative<NotSent>(road.first_answer()));
  EXPECT_EQ(road.world.state_of(*road.text), TextState::promised);
}

// Goal: replaced credentials are used by the next request.
// Method: the server takes only the new ones; the dispatcher is told of the replacement.
TEST_P(CarrierRoad, UsesReplacedCredentials) {
  Road road(GetParam(), [&](net::HttpRequest&& request, const net::Respond& respond) {
    const bool is_new = request.header("Authorization") == GetParam().new_authorization;
    respond(is_new ? GetParam().accepted : GetParam().bad_credentials);
  });
  EXPECT_TRUE(std::holds_alternative<Refused>(road.first_answer()));
  EXPECT_TRUE(road.world.dispatcher->levels().credentials_refused);
  GetParam().renew_credentials(road.carrier.carrier());
  road.world.dispatcher->credentials_replaced();
  EXPECT_EQ(road.end(), TextState::accepted);
}

INSTANTIATE_TEST_SUITE_P(Carriers, CarrierRoad, testing::Values(twilio(), telnyx()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace jobrun::carrier
