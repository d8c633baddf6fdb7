#include "canary_way.hpp"

#include <chrono>
#include <cstdint>
#include <future>
#include <random>
#include <utility>

#include "database_lock.hpp"
#include "gate/canary.hpp"
#include "gate/signature.hpp"
#include "net/form_encoding.hpp"
#include "store/inspection.hpp"

namespace jobrun::app {
namespace {

using sweep::CanaryStep;

/// Set aside for fiction, as the number called is by default.
constexpr const char* caller = "+12025550199";
constexpr int status_ok = 200;
constexpr std::chrono::milliseconds connect_within{5'000};
constexpr std::chrono::milliseconds answer_within{15'000};
constexpr Duration one_within{30'000};
constexpr std::chrono::milliseconds look_every{20};

gate::Parameters parameters_of(CanaryStep step, const std::string& account_sid, E164 number,
                               const CallSid& call_sid) {
  return {{"AccountSid", account_sid},  {"ApiVersion", "2010-04-01"},
          {"CallSid", call_sid.text()}, {"CallStatus", step == CanaryStep::voice ? "ringing" : "completed"},
          {"Direction", "inbound"},     {"From", caller},
          {"To", number.text()}};
}

/// Whether the carrier could work with it.
Result<void> judge(CanaryStep step, const net::ClientResult& result) {
  if (result.kind != net::ClientResult::Kind::answered) {
    return failure(ErrorKind::unavailable, "the public URL did not answer: " + result.reason);
  }
  if (result.response.status != status_ok) {
    return failure(ErrorKind::unavailable,
                   "the public URL answered HTTP " + std::to_string(result.response.status));
  }
  if (step == CanaryStep::voice && !result.response.body.contains("<Say")) {
    return failure(ErrorKind::unavailable, "what the public URL answered says nothing to a caller");
  }
  return {};
}

}  // namespace

CanaryWay::CanaryWay(const Settings& settings)
    : public_url_(settings.public_url),
      account_sid_(settings.twilio_account_sid),
      number_(settings.canary_number),
      auth_token_(settings.twilio_auth_tokens.front()) {}

sweep::CanaryPorts CanaryWay::ports(StoreReader& reader) {
  return {.new_call_sid = [this] { return new_call_sid(); },
          .post = [this](CanaryStep step, const CallSid& call_sid,
                         std::function<void(Result<void>)> done) { post(step, call_sid, std::move(done)); },
          .is_texted =
              [&reader](const CallSid& call_sid) {
                const std::optional<CallTimeline> found = reader.call(call_sid);
                return found && found->call.call.outcome == Outcome::texted;
              }};
}

void CanaryWay::replace_auth_token(std::string auth_token) {
  const std::lock_guard lock(token_mutex_);
  auth_token_ = std::move(auth_token);
}

std::string CanaryWay::auth_token() {
  const std::lock_guard lock(token_mutex_);
  return auth_token_;
}

CallSid CanaryWay::new_call_sid() {
  std::random_device random;
  const std::uint64_t high = random();
  token_of_canary_ = auth_token();
  return gate::canary_call_sid(token_of_canary_, high << 32U | random());
}

void CanaryWay::post(CanaryStep step, const CallSid& call_sid, std::function<void(Result<void>)> done) {
  const gate::Parameters parameters = parameters_of(step, account_sid_, number_, call_sid);
  net::ClientRequest request;
  request.url = public_url_ + sweep::path_of(step);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"X-Twilio-Signature", gate::sign_form(token_of_canary_, request.url, parameters)}};
  request.body = net::form_encoded(parameters);
  request.connect_timeout = connect_within;
  request.timeout = answer_within;
  http_.send(std::move(request),
             [step, done = std::move(done)](const net::ClientResult& result) { done(judge(step, result)); });
}

Result<CanaryReport> send_one_canary(const Settings& settings, const Clock& clock) {
  const Result<DatabasePlace> place = place_of_database(settings.database);
  if (!place) return std::unexpected(place.error());
  const Result<std::unique_ptr<StoreReader>> reader = store::open_reader(place->database.string());
  if (!reader) return std::unexpected(reader.error());
  CanaryWay way(settings);
  const sweep::CanaryPorts ports = way.ports(**reader);
  const std::chrono::nanoseconds began = clock.monotonic();
  sweep::CanaryCall canary(ports, clock, one_within);
  // Nobody tells when the text is out: it is looked for.
  std::promise<void> never;
  const std::future<void> nothing = never.get_future();
  try {
    for (;;) {
      if (std::optional<Result<void>> end = canary.pump()) {
        const auto took = std::chrono::duration_cast<Duration>(clock.monotonic() - began);
        return CanaryReport{canary.call_sid(), *std::move(end), took};
      }
      nothing.wait_for(look_every);
    }
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

}  // namespace jobrun::app
