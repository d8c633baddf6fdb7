#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "gate_test_support.hpp"
#include "net/form_encoding.hpp"

namespace jobrun::gate {
namespace {

const std::string twilio_path = "/twilio/message-status/CA77.customer_intake";
const std::string telnyx_path = "/telnyx/message-status/CA77.customer_intake";
const TextId the_text{"CA77", Purpose::customer_intake};

const Parameters status_parameters = {
    {"ErrorCode", "30006"},           {"SmsSid", "SM1"},      {"SmsStatus", "undelivered"},
    {"MessageStatus", "undelivered"}, {"To", "+14155550123"}, {"MessageSid", "SM0123456789abcdef0123456789abcdef"},
    {"RawDlrDoneDate", "2601031015"}};

Parameters twice(Parameters parameters, const std::string& name) {
  parameters = without(std::move(parameters), name);
  parameters.emplace_back(name, "1");
  parameters.emplace_back(name, "1");
  return parameters;
}

/// Twilio's message statuses.
using MessageStatusWebhook = GateTest;

// Goal: a message status becomes a MessageStatusChange with everything it said, about the text in its path.
// Method: a full webhook; every field of the event.
TEST_F(MessageStatusWebhook, BecomesAStatusChange) {
  ask(signed_post(twilio_path, status_parameters));
  const auto change = only_event<MessageStatusChange>();
  EXPECT_EQ(change.text, the_text);
  EXPECT_EQ(change.account, Account::first);
  EXPECT_EQ(change.message_sid, "SM0123456789abcdef0123456789abcdef");
  EXPECT_EQ(change.status, MessageStatus::undelivered);
  EXPECT_EQ(change.status_text, "undelivered");
  EXPECT_EQ(change.code, 30006);
}

// Goal: every status is understood, and one that is not there yet is kept as it was sent.
// Method: each status' word; then words that are none, one long and with a character at the limit.
TEST_F(MessageStatusWebhook, TakesEveryStatus) {
  for (const auto& [status, word] : NamesOf<MessageStatus>::rows) {
    sink.events.clear();
    ask(signed_post(twilio_path, with(status_parameters, "MessageStatus", std::string(word))));
    EXPECT_EQ(only_event<MessageStatusChange>().status, status);
    EXPECT_EQ(only_event<MessageStatusChange>().status_text, word);
  }
  for (const auto& [word, kept] :
       {std::pair<std::string, std::string>{"partially_delivered", "partially_delivered"},
        {"Delivered", "Delivered"},
        {std::string(31, 'x') + "\u00e9", std::string(31, 'x')}}) {
    sink.events.clear();
    ask(signed_post(twilio_path, with(status_parameters, "MessageStatus", word)));
    EXPECT_EQ(only_event<MessageStatusChange>().status, MessageStatus::unrecognised);
    EXPECT_EQ(only_event<MessageStatusChange>().status_text, kept);
  }
}

// Goal: the older names of a message's id and status stand in for missing ones, and for nothing else.
// Method: the newer ones left out and left empty; they differ where both are given.
TEST_F(MessageStatusWebhook, TakesOlderNamesInstead) {
  for (const bool is_empty : {false, true}) {
    sink.events.clear();
    Parameters older = {{"SmsSid", "SM9"}, {"SmsStatus", "sent"}};
    if (is_empty) older.insert(older.end(), {{"MessageSid", ""}, {"MessageStatus", ""}});
    ask(signed_post(twilio_path, older));
    EXPECT_EQ(only_event<MessageStatusChange>().message_sid, "SM9");
    EXPECT_EQ(only_event<MessageStatusChange>().status, MessageStatus::sent);
  }
  sink.events.clear();
  ask(signed_post(twilio_path, with(status_parameters, "SmsStatus", "sent")));
  EXPECT_EQ(only_event<MessageStatusChange>().message_sid, "SM0123456789abcdef0123456789abcdef");
  EXPECT_EQ(only_event<MessageStatusChange>().status, MessageStatus::undelivered);
}

// Goal: an odd error code never loses a status.
// Method: what is no code reads as none.
TEST_F(MessageStatusWebhook, TakesAnyErrorCode) {
  ask(signed_post(twilio_path, without(status_parameters, "ErrorCode")));
  EXPECT_EQ(only_event<MessageStatusChange>().code, 0);
  for (const std::string code : {"", "-1", "+1", " 1", "30006x", "0x10", "99999999999999999999"}) {
    sink.events.clear();
    ask(signed_post(twilio_path, with(status_parameters, "ErrorCode", code)));
    EXPECT_EQ(only_event<MessageStatusChange>().code, 0) << code;
  }
}

// Goal: the text is the one in the path, however its id is spelt there.
// Method: ids as our requests write them and percent-encoded, with a query; all signed as requested.
TEST_F(MessageStatusWebhook, FindsItsTextInThePath) {
  const TextId other{"CA-8_8", Purpose::failsafe};
  const std::string path = "/twilio/message-status/";
  for (const std::string& target : {path + net::path_encoded(other.text()), path + "CA-8%5f8%2Efailsafe",
                                    path + "%43A-8_8.failsafe?x=%20&y"}) {
    sink.events.clear();
    ask(signed_post(target, status_parameters));
    EXPECT_EQ(only_event<MessageStatusChange>().text, other) << target;
  }
}

// Goal: which request a message is of is read as we wrote it, signed with the rest; what is not so is not told,
// and loses no status.
// Method: queries as our requests have them, and odd ones; for both carriers' reader.
TEST_F(MessageStatusWebhook, SaysWhichRequestItIsOf) {
  struct Case {
    const char* query;
    SendAttempt attempt;
  };
  for (const Case& tested : {Case{"?attempt=1&way=0", {1, 0}}, Case{"?attempt=12&way=15", {12, 15}}, Case{"", {}},
                             Case{"?attempt=2", {}}, Case{"?way=2", {}}, Case{"?attempt=x&way=1", {}},
                             Case{"?attempt=-1&way=1", {}}, Case{"?attempt=1234567&way=1", {}},
                             Case{"?attempt=1&way=100", {}}, Case{"?attempt=&way=", {}}, Case{"?", {}}}) {
    sink.events.clear();
    ask(signed_post(twilio_path + tested.query, status_parameters));
    EXPECT_EQ(only_event<MessageStatusChange>().attempt, tested.attempt) << tested.query;
  }
}

// Goal: what is no text's id is refused, whatever it is, and never logged.
// Method: paths with something else in their place.
TEST_F(MessageStatusWebhook, RefusesWhatIsNoTextsId) {
  const std::string path = "/twilio/message-status";
  for (const std::string& rest :
       {std::string(), std::string("/"), std::string("/CA77"), std::string("/CA77."), std::string("/.failsafe"),
        std::string("/CA77.secret"), std::string("/CA77.customer_intake/"), std::string("/x/CA77.customer_intake"),
        std::string("//CA77.customer_intake"), std::string("/CA77.customer_intake%"),
        std::string("/CA77.customer_intak%6"), std::string("/CA77.customer_intak%6g"),
        std::string("/CA77%00.failsafe"), std::string("/CA+7.failsafe"), std::string("/%2541A77.failsafe"),
        "/" + std::string(65, 'a') + ".failsafe", "/" + std::string(10'000, 'a')}) {
    expect_refused(signed_post(path + rest, status_parameters), 404, "malformed_text_id");
    EXPECT_EQ(log.lines.back().correlation_id, "");
  }
  EXPECT_EQ(log.text().find("secret"), std::string::npos);
  for (const std::string wrong : {"/twilio/message-statuses/CA77.failsafe", "/twilio/voice/CA77.failsafe",
                                  "/x/twilio/message-status/CA77.failsafe"}) {
    expect_refused(signed_post(wrong, status_parameters), 404, "unknown_path");
  }
}

// Goal: a status that does not say of what message, or which, is refused, and so is one that says it twice.
// Method: each deciding parameter missing, malformed and repeated; others may repeat.
TEST_F(MessageStatusWebhook, RefusesWhatDecidesAmbiguously) {
  const Parameters no_sid = without(without(status_parameters, "MessageSid"), "SmsSid");
  expect_refused(signed_post(twilio_path, no_sid), 400, "missing_message_sid");
  expect_refused(signed_post(twilio_path, with(no_sid, "MessageSid", "")), 400, "missing_message_sid");
  for (const std::string& sid : {std::string("S"), std::string("SM 1"), std::string("SM_1"),
                                 std::string("SM\u00e9"), std::string(65, 'a')}) {
    expect_refused(signed_post(twilio_path, with(status_parameters, "MessageSid", sid)), 400,
                   "malformed_message_sid");
    expect_refused(signed_post(twilio_path, with(no_sid, "SmsSid", sid)), 400, "malformed_message_sid");
  }
  const Parameters no_status = without(without(status_parameters, "MessageStatus"), "SmsStatus");
  expect_refused(signed_post(twilio_path, no_status), 400, "missing_message_status");
  expect_refused(signed_post(twilio_path, with(no_status, "MessageStatus", "")), 400, "missing_message_status");
  for (const std::string name : {"MessageSid", "SmsSid", "MessageStatus", "SmsStatus", "ErrorCode"}) {
    expect_refused(signed_post(twilio_path, twice(status_parameters, name)), 400, "repeated_parameter");
  }
  for (const std::string& sid : {std::string("40385f64-5717-4562-b3fc-2c963f66afa6"), std::string(64, 'a')}) {
    sink.events.clear();
    ask(signed_post(twilio_path, with(twice(twice(status_parameters, "To"), "From"), "MessageSid", sid)));
    EXPECT_EQ(only_event<MessageStatusChange>().message_sid, sid);
  }
}

// Goal: only what the carrier signed is taken, and its signature holds for one text.
// Method: a valid request with one thing wrong, for each thing; the log names the call.
TEST_F(MessageStatusWebhook, RefusesWhatTheCarrierDidNotSign) {
  const auto changed = [&](auto change) {
    net::HttpRequest request = signed_post(twilio_path, status_parameters);
    change(request);
    return request;
  };
  expect_refused(changed([](auto& request) { request.method = "GET"; }), 405, "wrong_method");
  EXPECT_EQ(response->headers, (decltype(response->headers){{"Allow", "POST"}}));
  expect_refused(changed([](auto& request) { request.headers[0].second = "application/json"; }), 415,
                 "wrong_content_type");
  expect_refused(changed([](auto& request) { request.body.resize(Form::body_bytes_max + 1, '&'); }), 413,
                 "body_too_large");
  expect_refused(changed([](auto& request) { request.body += "&a=%"; }), 400, "malformed_form");
  expect_refused(changed([](auto& request) { request.headers.pop_back(); }), 403, "missing_signature");
  expect_refused(changed([](auto& request) { request.body += "&a=b"; }), 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.target += "?a=b"; }), 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.target = "/twilio/message-status/CA78.customer_intake"; }),
                 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.target = "/twilio/message-status/CA77%2Ecustomer_intake"; }),
                 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.headers.back().second[3] ^= 1; }), 403, "wrong_signature");
  EXPECT_EQ(log.lines.back().correlation_id, "CA77");
  EXPECT_NE(log.text().find("path=/twilio/message-status;"), std::string::npos);
}

// Goal: a status is acknowledged when it is durable, and not otherwise, at both carriers and in their words.
// Method: the sink finishes, then fails; counted under the path without the id.
TEST_F(MessageStatusWebhook, IsAnsweredOnceItIsDurable) {
  EXPECT_FALSE(ask(signed_post(twilio_path, status_parameters)).has_value());
  sink.finish(Receipt{});
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "text/xml");
  EXPECT_EQ(response->body, "<Response/>");
  EXPECT_EQ(meter.of(Metric::webhooks, "/twilio/message-status", "200"), 1);

  ask(signed_post(twilio_path, status_parameters));
  sink.finish(failure(ErrorKind::unavailable, "the disk is full"));
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(log.lines.back().correlation_id, "CA77");
  EXPECT_EQ(meter.of(Metric::webhooks, "/twilio/message-status", "503"), 1);
}

// Goal: tokens can be replaced while webhooks come in; what any current token signed is accepted, nothing else.
// Method: one token, then two, then the second alone; a replacement by none changes nothing.
TEST_F(GateTest, TakesNewTokensWhileRunning) {
  const auto answer_to = [&](const std::string& by) {
    sink.events.clear();
    net::HttpRequest request = signed_post(twilio_path, status_parameters);
    request.headers.back().second = sign_form(by, public_url + twilio_path, status_parameters);
    ask(std::move(request));
    return !sink.events.empty();
  };
  EXPECT_TRUE(answer_to(token));
  EXPECT_FALSE(answer_to("new"));
  gate.replace_auth_tokens({"new", token});
  EXPECT_TRUE(answer_to(token));
  EXPECT_TRUE(answer_to("new"));
  gate.replace_auth_tokens({"newer"});
  gate.replace_auth_tokens({"new"});
  EXPECT_THROW(gate.replace_auth_tokens({}), std::invalid_argument);
  EXPECT_THROW(gate.replace_auth_tokens({""}), std::invalid_argument);
  EXPECT_FALSE(answer_to(token));
  EXPECT_FALSE(answer_to("newer"));
  EXPECT_TRUE(answer_to("new"));
}

// Goal: replacing tokens on another thread disturbs no webhook.
// Method: a thread replaces them all the while, one token staying; every webhook that this one signed is taken.
// The thread sanitizer looks on in its build.
TEST_F(GateTest, TakesNewTokensFromAnotherThread) {
  constexpr std::size_t webhook_count = 2'000;
  std::atomic<int> replaced{0};
  const std::jthread renewing([&](const std::stop_token& stop) {
    for (; !stop.stop_requested(); ++replaced) {
      gate.replace_auth_tokens({"other-" + std::to_string(replaced), token});
      replaced.notify_one();
    }
  });
  replaced.wait(0);
  for (std::size_t i = 0; i < webhook_count; ++i) ask(signed_post(twilio_path, status_parameters));
  EXPECT_EQ(sink.events.size(), webhook_count);
}

const std::string telnyx_body =
    R"({"data":{"event_type":"message.finalized","id":"4ee8c3a6-4995-4309-a3c6-38e3db9ea4be",)"
    R"("payload":{"id":"40385f64-5717-4562-b3fc-2c963f66afa6","errors":[{"code":"40001","title":"Not routable"}],)"
    R"("to":[{"phone_number":"+14155550123","status":"delivery_failed"}],)"
    R"("webhook_url":"https://calls.example.com/telnyx/message-status/CA77.customer_intake"}},"meta":{"attempt":1}})";

std::string telnyx_status(const std::string& status) {
  return R"({"data":{"payload":{"id":"m1","to":[{"status":)" + status + "}]}}}";
}

class TelnyxWebhook : public GateTest {
 protected:
  net::HttpRequest post(const std::string& body, std::chrono::seconds age = {}) {
    const std::string timestamp =
        std::to_string(std::chrono::floor<std::chrono::seconds>(clock.at - age).time_since_epoch().count());
    net::HttpRequest request{.method = "POST", .target = telnyx_path};
    request.headers = {{"content-type", "application/json"},
                       {"telnyx-timestamp", timestamp},
                       {"telnyx-signature-ed25519", telnyx.sign(timestamp, body)}};
    request.body = body;
    return request;
  }
  MessageStatusChange taken(const std::string& body) {
    sink.events.clear();
    ask(post(body));
    return only_event<MessageStatusChange>();
  }
};

// Goal: Telnyx's status becomes the same event, of the second account.
// Method: a full webhook; every field of the event, and the answer.
TEST_F(TelnyxWebhook, BecomesAStatusChange) {
  EXPECT_FALSE(ask(post(telnyx_body)).has_value());
  const auto change = only_event<MessageStatusChange>();
  EXPECT_EQ(change.text, the_text);
  EXPECT_EQ(change.account, Account::second);
  EXPECT_EQ(change.message_sid, "40385f64-5717-4562-b3fc-2c963f66afa6");
  EXPECT_EQ(change.status, MessageStatus::undelivered);
  EXPECT_EQ(change.status_text, "delivery_failed");
  EXPECT_EQ(change.code, 40001);
  sink.finish(Receipt{});
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "application/json");
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(meter.of(Metric::webhooks, "/telnyx/message-status", "200"), 1);
  ask(post(telnyx_body));
  sink.finish(failure(ErrorKind::unavailable, "the disk is full"));
  EXPECT_EQ(response->status, 503);
}

// Goal: each of Telnyx's words means one status of ours; a new one is kept as it was sent.
// Method: the words, and some that are none of Telnyx's, though they are Twilio's.
TEST_F(TelnyxWebhook, TakesEveryStatus) {
  struct Row {
    std::string word;
    MessageStatus status;
  };
  for (const Row& row :
       {Row{"queued", MessageStatus::queued}, Row{"sending", MessageStatus::sending},
        Row{"sent", MessageStatus::sent}, Row{"delivered", MessageStatus::delivered},
        Row{"sending_failed", MessageStatus::failed}, Row{"expired", MessageStatus::failed},
        Row{"delivery_failed", MessageStatus::undelivered}, Row{"delivery_unconfirmed", MessageStatus::sent},
        Row{"undelivered", MessageStatus::unrecognised}, Row{"Sent", MessageStatus::unrecognised}}) {
    const MessageStatusChange change = taken(telnyx_status("\"" + row.word + "\""));
    EXPECT_EQ(change.status, row.status) << row.word;
    EXPECT_EQ(change.status_text, row.word);
    EXPECT_EQ(change.code, 0);
  }
  EXPECT_EQ(taken(telnyx_status("\"" + std::string(31, 'x') + "\u00e9\"")).status_text, std::string(31, 'x'));
}

// Goal: odd errors never lose a status.
// Method: codes as numbers, and what is no code.
TEST_F(TelnyxWebhook, TakesAnyErrorCode) {
  const auto code_of = [&](const std::string& errors) {
    return taken(R"({"data":{"payload":{"id":"m1","to":[{"status":"sent"}],"errors":)" + errors + "}}}").code;
  };
  EXPECT_EQ(code_of(R"([{"code":"40002"},{"code":"1"}])"), 40002);
  EXPECT_EQ(code_of(R"([{"code":40002}])"), 40002);
  for (const std::string none : {"null", "[]", "{}", "7", R"("40002")", "[40002]", "[null]", "[{}]",
                                 R"([{"code":null}])", R"([{"code":"x"}])", R"([{"code":-4}])",
                                 R"([{"code":1.5}])", R"([{"code":99999999999}])", R"([{"code":["1"]}])"}) {
    EXPECT_EQ(code_of(none), 0) << none;
  }
}

// Goal: whatever a body is, it is taken whole or refused.
// Method: bodies that are not JSON, too deep, of another shape, or with a name twice.
TEST_F(TelnyxWebhook, RefusesWhatItCannotRead) {
  const auto deep = [](const std::string& open, const std::string& close, int levels) {
    std::string body = R"({"x":)";
    for (int i = 0; i < levels; ++i) body += open;
    body += "1";
    for (int i = 0; i < levels; ++i) body += close;
    return body + "," + telnyx_status(R"("sent")").substr(1);
  };
  EXPECT_EQ(taken(deep("[", "]", 14)).status, MessageStatus::sent);
  sink.events.clear();
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("\xff"), telnyx_body + "x", "\"\xc3\"" + std::string(),
        deep("[", "]", 17), deep("[", "]", 30'000), deep(R"({"a":)", "}", 17), deep(R"({"a":)", "}", 9'000),
        std::string(Form::body_bytes_max, '['), telnyx_status(R"("sent\u0000")")}) {
    expect_refused(post(body), 400, "malformed_form");
  }
  expect_refused(post(telnyx_body + std::string(Form::body_bytes_max, ' ')), 413, "body_too_large");
  for (const std::string body : {"null", "[]", "7", "{}", R"({"data":7})", R"({"data":[{"payload":{}}]})",
                                 R"({"data":{"payload":[]}})", R"({"data":{"payload":{"id":7}}})",
                                 R"({"data":{"payload":{"id":""}}})", R"({"data":{"payload":{"id":{}}}})"}) {
    expect_refused(post(body), 400, "missing_message_sid");
  }
  for (const std::string& id : {std::string("m"), std::string("m 1"), std::string("m_1"), std::string("m\\u00001"),
                                std::string(65, 'a')}) {
    expect_refused(post(R"({"data":{"payload":{"id":")" + id + R"(","to":[{"status":"sent"}]}}})"), 400,
                   "malformed_message_sid");
  }
  for (const std::string to : {"null", "[]", "{}", R"("sent")", "[null]", R"(["sent"])", R"([{"status":7}])",
                               R"([{"status":""}])", R"([{"status":["sent"]}])", R"({"status":"sent"})"}) {
    expect_refused(post(R"({"data":{"payload":{"id":"m1","to":)" + to + "}}}"), 400, "missing_message_status");
  }
  for (const std::string body : {R"({"data":{"payload":{"id":"m1","id":"m2","to":[{"status":"sent"}]}}})",
                                 R"({"data":{"payload":{"id":"m1","to":[{"status":"sent","status":"queued"}]}}})",
                                 R"({"data":{},"data":{"payload":{"id":"m1","to":[{"status":"sent"}]}}})"}) {
    expect_refused(post(body), 400, "repeated_parameter");
  }
}

// Goal: only what Telnyx signed is taken.
// Method: a valid request with one thing wrong, for each thing.
TEST_F(TelnyxWebhook, RefusesWhatTelnyxDidNotSign) {
  const auto changed = [&](auto change) {
    net::HttpRequest request = post(telnyx_body);
    change(request);
    return request;
  };
  expect_refused(changed([](auto& request) { request.method = "GET"; }), 405, "wrong_method");
  expect_refused(changed([](auto& request) { request.headers[0].second = form_type; }), 415, "wrong_content_type");
  expect_refused(changed([](auto& request) { request.headers.pop_back(); }), 403, "missing_signature");
  expect_refused(changed([](auto& request) { request.headers[1].second = ""; }), 403, "missing_signature");
  expect_refused(changed([](auto& request) { request.body += " "; }), 403, "wrong_signature");
  const std::string signature = post(telnyx_body).headers[2].second;
  for (const std::string& wrong :
       {std::string("x"), signature.substr(0, 84), signature + "AAAA", " " + signature,
        signature.substr(0, 85) + "B==", testing::TelnyxSigner(2).sign("1", telnyx_body)}) {
    expect_refused(changed([&](auto& request) { request.headers[2].second = wrong; }), 403, "wrong_signature");
  }
  for (std::size_t i = 0; i < 86; ++i) {
    expect_refused(changed([i](auto& request) { request.headers[2].second[i] ^= 1; }), 403, "wrong_signature");
  }
  for (const std::string timestamp : {"0", "-1", "x", "1767398400.0", "9999999999999"}) {
    net::HttpRequest request = post(telnyx_body);
    request.headers[1].second = timestamp;
    expect_refused(request, 403, "wrong_signature");
    if (timestamp == "0") continue;
    request.headers[2].second = telnyx.sign(timestamp, telnyx_body);
    expect_refused(request, 403, "wrong_signature");
  }
  EXPECT_EQ(log.lines.back().correlation_id, "CA77");
}

// Goal: a recording of a request cannot be played later, and clocks may differ by some minutes.
// Method: requests signed up to 5 minutes before and after now, and a second beyond.
TEST_F(TelnyxWebhook, RefusesWhatWasSignedLongAgo) {
  using std::chrono::seconds;
  for (const seconds age : {seconds{301}, seconds{-301}, seconds{86'400}}) {
    expect_refused(post(telnyx_body, age), 403, "outdated_signature");
  }
  for (const seconds age : {seconds{300}, seconds{-300}}) {
    sink.events.clear();
    ask(post(telnyx_body, age));
    EXPECT_EQ(sink.events.size(), 1U) << age.count();
  }
}

// Goal: a status cannot be taken for another text's, although Telnyx does not sign the path.
// Method: a body that names the address it was meant for, at another text's; then addresses of other shapes.
TEST_F(TelnyxWebhook, IsAboutTheTextThatItNames) {
  net::HttpRequest request = post(telnyx_body);
  request.target = "/telnyx/message-status/CA78.customer_intake";
  expect_refused(request, 403, "wrong_signature");
  const auto naming = [](const std::string& url) {
    return R"({"data":{"payload":{"id":"m1","to":[{"status":"sent"}],"webhook_url":)" + url + "}}}";
  };
  expect_refused(post(naming(R"("https://calls.example.com/hooks")")), 403, "wrong_signature");
  for (const std::string url :
       {"null", R"("")", R"("http://inside.example/jobrun/telnyx/message-status/CA77%2Ecustomer_intake?x/y")"}) {
    EXPECT_EQ(taken(naming(url)).text, the_text) << url;
  }
}

// Goal: the text's id is read from the path as for Twilio, and the path exists only with a key.
// Method: other ids; a gate without a key; keys that are none.
TEST_F(TelnyxWebhook, NeedsATextAndAKey) {
  for (const std::string target :
       {"/telnyx/message-status", "/telnyx/message-status/CA77", "/telnyx/message-status/%"}) {
    net::HttpRequest request = post(telnyx_status(R"("sent")"));
    request.target = target;
    expect_refused(request, 404, "malformed_text_id");
  }
  net::HttpRequest escaped = post(telnyx_body);
  escaped.target = "/telnyx/message-status/CA77%2Ecustomer_intake?x=%20";
  ask(escaped);
  EXPECT_EQ(only_event<MessageStatusChange>().text, the_text);

  Gate without_key({.public_url = public_url, .auth_tokens = {token}}, sink, meter, log, clock);
  without_key.handle(post(telnyx_body), [&](net::HttpResponse given) { response = std::move(given); });
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(meter.of(Metric::webhook_refusals, "unknown_path"), 1);
  const std::string key = telnyx.public_key();
  for (const std::string& wrong : {std::string("x"), key + "\n", key.substr(0, 40), std::string(44, 'A')}) {
    EXPECT_THROW(Gate({.public_url = public_url, .auth_tokens = {token}, .telnyx_public_key = wrong}, sink, meter,
                      log, clock),
                 std::invalid_argument)
        << wrong;
  }
}

}  // namespace
}  // namespace jobrun::gate
