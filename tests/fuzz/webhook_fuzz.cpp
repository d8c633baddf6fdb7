// Any signed body on both webhooks: an answer, or an event within its promised bounds, and never both.
#include <cstddef>
#include <cstdint>
#include <string>

#include "check.hpp"
#include "gate/gate.hpp"
#include "gate/signature.hpp"

namespace {

using namespace jobrun;

struct Silence : Meter, Log {
  void count(Metric, std::string_view, std::string_view, double) override {}
  void set(Metric, double) override {}
  void observe(Metric, double) override {}
  void write(const LogLine&) override {}
};

struct CheckingSink : EventSink {
  int events = 0;
  void submit(Event event, Done done) override {
    ++events;
    const CallDetails& call = call_details(event);
    FUZZ_CHECK(!call.call_sid.text().empty() && call.call_sid.text().size() <= 64);
    FUZZ_CHECK(call.number_text.size() <= 64 && call.caller.text().size() <= 64);
    if (const auto* change = std::get_if<CallStatusChange>(&event)) {
      FUZZ_CHECK(!change->status_text.empty() && change->status_text.size() <= 32);
    }
    done(Receipt{});
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Silence silence;
  const std::string body(reinterpret_cast<const char*>(data), size);
  for (const std::string target : {"/twilio/voice", "/twilio/status"}) {
    CheckingSink sink;
    gate::Gate door({.public_url = "https://a.example", .auth_tokens = {"t"}}, sink, silence, silence);
    gate::Parameters parameters;
    const Result<gate::Form> form = gate::Form::parse(body);
    for (std::size_t i = 0; form && i < form->size(); ++i)
      parameters.emplace_back((*form)[i].name, (*form)[i].value);
    net::HttpRequest request{.method = "POST", .target = target};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"X-Twilio-Signature", gate::sign_form("t", "https://a.example" + target, parameters)}};
    request.body = body;
    int answers = 0;
    door.handle(std::move(request), [&](const net::HttpResponse& response) {
      ++answers;
      FUZZ_CHECK((response.status == 200) == (sink.events == 1));
      FUZZ_CHECK(response.status == 200 || response.status == 400 || response.status == 413);
    });
    FUZZ_CHECK(answers == 1);
  }
  return 0;
}
