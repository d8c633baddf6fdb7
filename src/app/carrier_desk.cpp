#include "carrier_desk.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <utility>

#include "carrier/twilio.hpp"
#include "net/http_client.hpp"

namespace jobrun::app {
namespace {

constexpr std::chrono::minutes answers_within{5};
constexpr const char* too_long = "it takes the carrier too long to answer";

/// What `ask` is told; empty: not in time. An answer may come after it is waited for no more.
template <class Answer>
std::optional<Answer> told(const std::function<void(std::function<void(Answer)>)>& ask) {
  const auto promise = std::make_shared<std::promise<Answer>>();
  std::future<Answer> answer = promise->get_future();
  ask([promise](Answer value) { promise->set_value(std::move(value)); });
  if (answer.wait_for(answers_within) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

class TwilioDesk final : public CarrierDesk {
 public:
  explicit TwilioDesk(const Settings& settings)
      : twilio_(client_, {.api_url = settings.twilio_api_url,
                          .messaging_url = settings.messaging_url(),
                          .account_sid = settings.twilio_account_sid,
                          .auth_token = settings.twilio_auth_tokens.front()}) {}

  doctor::CarrierFacts list_numbers(const Clock& clock) override {
    const Instant asked_at = clock.now();
    std::optional<NumbersAnswer> answer = told<NumbersAnswer>(
        [this](std::function<void(NumbersAnswer)> done) { twilio_.list_numbers(std::move(done)); });
    if (!answer) return {CannotTell{too_long}, asked_at, clock.now()};
    return {std::move(*answer), asked_at, clock.now()};
  }

  AccountFacts look_at_account() override {
    std::optional<AccountFacts> facts = told<AccountFacts>(
        [this](std::function<void(AccountFacts)> done) { twilio_.look_at_account(std::move(done)); });
    if (facts) return std::move(*facts);
    const Error late{ErrorKind::unavailable, too_long};
    return {std::unexpected(late), std::unexpected(late), std::unexpected(late)};
  }

  WebhooksAnswer set_webhooks(const std::string& number_sid,
                              const std::vector<WebhookSetting>& settings) override {
    std::optional<WebhooksAnswer> answer = told<WebhooksAnswer>([&](std::function<void(WebhooksAnswer)> done) {
      twilio_.set_webhooks(number_sid, settings, std::move(done));
    });
    return answer ? std::move(*answer) : Unknown{too_long};
  }

 private:
  net::HttpClient client_{net::HttpClient::Options{}};
  carrier::TwilioCarrier twilio_;
};

}  // namespace

std::unique_ptr<CarrierDesk> make_carrier_desk(const Settings& settings) {
  return std::make_unique<TwilioDesk>(settings);
}

}  // namespace jobrun::app
