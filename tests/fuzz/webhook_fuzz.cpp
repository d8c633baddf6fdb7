// Any signed body on every webhook, and any end of a message's path: an answer, or an event within its promised
// bounds, and never both.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/utf8.hpp"
#include "check.hpp"
#include "gate/gate.hpp"
#include "gate/signature.hpp"
#include "gate/testing/telnyx_signer.hpp"

namespace {

using namespace jobrun;

struct Silence : Meter, Log {
  void count(Metric, std::string_view, std::string_view, double) override {}
  void set(Metric, double, std::string_view) override {}
  void observe(Metric, double) override {}
  void write(const LogLine&) override {}
};

struct StoppedClock : Clock {
  Instant now() const override { return Instant{}; }
  std::chrono::nanoseconds monotonic() const override { return {}; }
};

void check_call(const CallDetails& call) {
  FUZZ_CHECK(!call.call_sid.text().empty() && call.call_sid.text().size() <= 64);
  FUZZ_CHECK(call.number_text.size() <= 64 && call.caller.text().size() <= 64);
}

struct CheckEvent {
  void operator()(const IncomingCall& event) const { check_call(event.call); }
  void operator()(const CallStatusChange& event) const {
    check_call(event.call);
    FUZZ_CHECK(!event.status_text.empty() && event.status_text.size() <= 32);
  }
  void operator()(const PhonePickedUp& event) const { check_call(event.call); }
  void operator()(const PhoneAnswered& event) const { check_call(event.call); }
  void operator()(const RingEnd& event) const {
    check_call(event.call);
    FUZZ_CHECK(event.leg.size() <= 64 && event.phones_behind <= 99);
  }
  void operator()(const RecordingNews& event) const {
    check_call(event.call);
    FUZZ_CHECK(event.recording_sid.size() >= 2 && event.recording_sid.size() <= 64);
    FUZZ_CHECK(event.url.empty() || media_link(event.url, ""));
    FUZZ_CHECK(!event.duration || event.duration->count() <= std::int64_t{recording_seconds_max});
    FUZZ_CHECK(is_utf8(event.transcription));
    FUZZ_CHECK(inbound_words(event.transcription).size() == event.transcription.size());
  }
  void operator()(const InboundText& event) const {
    FUZZ_CHECK(event.message_sid.size() >= 2 && event.message_sid.size() <= 64);
    FUZZ_CHECK(event.number_text.size() <= 64 && event.sender.text().size() <= 64);
    FUZZ_CHECK(is_utf8(event.body) && inbound_words(event.body).size() == event.body.size());
    FUZZ_CHECK(event.media.size() <= media_links_max);
    for (const MediaLink& link : event.media) FUZZ_CHECK(media_link(link.url, link.type) == link);
  }
  void operator()(const MessageStatusChange& event) const {
    const Result<TextId> text = TextId::parse(event.text.text());
    FUZZ_CHECK(text && *text == event.text);
    FUZZ_CHECK(event.message_sid.size() >= 2 && event.message_sid.size() <= 64);
    FUZZ_CHECK(
        std::ranges::all_of(event.message_sid, [](unsigned char c) { return std::isalnum(c) || c == '-'; }));
    FUZZ_CHECK(!event.status_text.empty() && event.status_text.size() <= 32 && !event.status_text.contains('\0'));
    FUZZ_CHECK(event.code >= 0);
  }
};

struct CheckingSink : EventSink {
  int events = 0;
  void submit(Event event, Done done) override {
    ++events;
    FUZZ_CHECK(correlation_id(event).size() >= 2 && correlation_id(event).size() <= 64);
    std::visit(CheckEvent{}, event);
    done(Receipt{});
  }
};

const gate::testing::TelnyxSigner& telnyx() {
  static const gate::testing::TelnyxSigner signer(1);
  return signer;
}

void knock(net::HttpRequest request) {
  static Silence silence;
  static const StoppedClock clock;
  CheckingSink sink;
  gate::Gate door(
      {.public_url = "https://a.example", .auth_tokens = {"t"}, .telnyx_public_key = telnyx().public_key()}, sink,
      silence, silence, clock);
  int answers = 0;
  door.handle(std::move(request), [&](const net::HttpResponse& response) {
    ++answers;
    FUZZ_CHECK((response.status == 200) == (sink.events == 1));
    FUZZ_CHECK(response.status == 200 || response.status == 400 || response.status == 404 ||
               response.status == 413 || response.status == 403);
  });
  FUZZ_CHECK(answers == 1);
}

void knock_with_form(const std::string& target, const std::string& body) {
  gate::Parameters parameters;
  const Result<gate::Form> form = gate::Form::parse(body);
  for (std::size_t i = 0; form && i < form->size(); ++i) {
    parameters.emplace_back((*form)[i].name, (*form)[i].value);
  }
  net::HttpRequest request{.method = "POST", .target = target};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"X-Twilio-Signature", gate::sign_form("t", "https://a.example" + target, parameters)}};
  request.body = body;
  knock(std::move(request));
}

void knock_with_json(const std::string& target, const std::string& body) {
  net::HttpRequest request{.method = "POST", .target = target};
  request.headers = {{"Content-Type", "application/json"},
                     {"telnyx-timestamp", "0"},
                     {"telnyx-signature-ed25519", telnyx().sign("0", body)}};
  request.body = body;
  knock(std::move(request));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  knock_with_form("/twilio/voice", body);
  knock_with_form("/twilio/status", body);
  for (const char* path : {"/twilio/screen", "/twilio/screen-result", "/twilio/dial-result", "/twilio/recording",
                           "/twilio/recording-status", "/twilio/transcription"}) {
    knock_with_form(path, body);
    knock_with_form(std::string(path) + "?" + body.substr(0, 200), body);
  }
  knock_with_form("/twilio/sms", body);
  knock_with_form("/twilio/message-status/CA77.failsafe", body);
  knock_with_json("/telnyx/message-status/CA77.failsafe", body);
  knock_with_form("/twilio/message-status/" + body, "MessageSid=SM1&MessageStatus=sent");
  knock_with_json("/telnyx/message-status/" + body,
                  R"({"data":{"payload":{"id":"m1","to":[{"status":"sent"}]}}})");
  return 0;
}
