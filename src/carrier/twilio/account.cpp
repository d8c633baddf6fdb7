#include "account.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

#include "answers.hpp"
#include "net/form_encoding.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {
namespace {

/// The answer as an object; fails, saying why, on anything else.
Result<nlohmann::json> object_in(const net::ClientResult& result) {
  if (result.kind != net::ClientResult::Kind::answered) {
    return failure(ErrorKind::unavailable, tamed(result.reason));
  }
  nlohmann::json body = nlohmann::json::parse(result.response.body, nullptr, false);
  constexpr int success = 200;
  if (result.response.status != success) {
    const std::string words = tamed(string_in(body, "message"));
    return failure(ErrorKind::unavailable,
                   "HTTP " + std::to_string(result.response.status) + (words.empty() ? "" : ": " + words));
  }
  if (!body.is_object()) return invalid("the answer cannot be read");
  return body;
}

/// A list below the messaging address.
struct ServiceList {
  std::string path;
  std::string member;
};

Result<nlohmann::json> items_in(const net::ClientResult& result, const ServiceList& list) {
  Result<nlohmann::json> page = object_in(result);
  if (!page) return page;
  const auto meta = page->find("meta");
  const bool is_whole =
      meta != page->end() && meta->is_object() && page->contains(list.member) && page->at(list.member).is_array();
  if (!is_whole) return invalid("the list cannot be read");
  const auto next = meta->find("next_page_url");
  if (next == meta->end() || !(next->is_null() || next->is_string())) {
    return invalid("the list does not say whether it goes on");
  }
  return page;
}

bool is_service_sid(std::string_view sid) {
  return sid.starts_with("MG") && std::ranges::all_of(sid, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

Result<MessagingService> read_service(const nlohmann::json& item) {
  if (!item.is_object()) return invalid("a listed service is no object");
  TextMembers members(item);
  MessagingService service;
  service.sid = message_id_or_nothing(members.take("sid"));
  service.name = tamed(members.take("friendly_name"));
  service.inbound_url = members.take("inbound_request_url");
  service.inbound_method = members.take("inbound_method");
  const auto uses = item.find("use_inbound_webhook_on_number");
  if (!members.missing().empty()) return invalid("a listed service has no readable " + members.missing());
  if (!is_service_sid(service.sid)) return invalid("a listed service has no readable sid");
  if (uses == item.end() || !uses->is_boolean()) {
    return invalid("a listed service does not say whose address for texts holds");
  }
  service.uses_numbers_urls = uses->get<bool>();
  return service;
}

/// One look under way.
class Look {
 public:
  Look(TwilioCarrier::Options options, std::string auth_token, CarrierAccount::LookedAt done)
      : options_(std::move(options)), auth_token_(std::move(auth_token)), done_(std::move(done)) {}

  net::ClientRequest begin() { return twilio_account_request(options_, auth_token_); }

  std::optional<net::ClientRequest> hear(const net::ClientResult& result) {
    switch (step_) {
      case Step::account:
        return hear_account(result);
      case Step::balance:
        facts_.balance = read_balance(result);
        step_ = Step::services;
        return ask(list_of_services(), "?PageSize=50");
      case Step::services:
        return hear_services(result);
      case Step::numbers:
        return hear_numbers(result);
      case Step::campaigns:
        return hear_campaigns(result);
    }
    return std::nullopt;
  }

 private:
  enum class Step { account, balance, services, numbers, campaigns };
  using Next = std::optional<net::ClientRequest>;

  static ServiceList list_of_services() { return {"/v1/Services", "services"}; }
  ServiceList list_of_numbers() const {
    return {"/v1/Services/" + net::path_encoded(services_[at_].sid) + "/PhoneNumbers", "phone_numbers"};
  }
  ServiceList list_of_campaigns() const {
    return {"/v1/Services/" + net::path_encoded(services_[at_].sid) + "/Compliance/Usa2p", "compliance"};
  }

  net::ClientRequest ask(const ServiceList& list, const std::string& query) const {
    net::ClientRequest request = signed_request(options_, auth_token_, service_page_bytes_max);
    request.url = options_.messaging_url + list.path + query;
    return request;
  }

  Next end() {
    done_(std::move(facts_));
    return std::nullopt;
  }

  Next end_without_services(const Error& why) {
    facts_.services = std::unexpected(why);
    return end();
  }

  Next hear_account(const net::ClientResult& result) {
    facts_.state = read_account(result);
    if (!facts_.state) {
      const Error why{ErrorKind::unavailable, "the account could not be told"};
      facts_.balance = std::unexpected(why);
      return end_without_services(why);
    }
    step_ = Step::balance;
    net::ClientRequest request = signed_request(options_, auth_token_, answer_bytes_max);
    request.url =
        options_.api_url + "/2010-04-01/Accounts/" + net::path_encoded(options_.account_sid) + "/Balance.json";
    return request;
  }

  /// Where the list goes on; empty: nowhere.
  static Result<std::string> next_of(const nlohmann::json& page, const ServiceList& list) {
    return query_of_next(string_in(page.at("meta"), "next_page_url"), list.path);
  }

  Next hear_services(const net::ClientResult& result) {
    const Result<nlohmann::json> page = items_in(result, list_of_services());
    if (!page) return end_without_services(page.error());
    const Result<std::string> next = next_of(*page, list_of_services());
    if (!next) return end_without_services(next.error());
    for (const nlohmann::json& item : page->at("services")) {
      Result<MessagingService> service = read_service(item);
      if (!service) return end_without_services(service.error());
      services_.push_back(std::move(*service));
    }
    const bool goes_on = !next->empty();
    if (services_.size() > services_max ||
        (goes_on && (services_.size() == services_max || ++pages_ == services_max))) {
      return end_without_services(
          {ErrorKind::unavailable, "there are more than " + std::to_string(services_max) + " Messaging Services"});
    }
    if (goes_on) return ask(list_of_services(), *next);
    return go_on_with(0);
  }

  /// With the numbers of the service at that place.
  Next go_on_with(std::size_t at) {
    at_ = at;
    pages_ = 0;
    if (at_ == services_.size()) {
      facts_.services = std::move(services_);
      return end();
    }
    step_ = Step::numbers;
    return ask(list_of_numbers(), "?PageSize=1000");
  }

  Next hear_numbers(const net::ClientResult& result) {
    const Result<nlohmann::json> page = items_in(result, list_of_numbers());
    if (!page) return end_without_services(page.error());
    const Result<std::string> next = next_of(*page, list_of_numbers());
    if (!next) return end_without_services(next.error());
    std::vector<E164>& numbers = services_[at_].numbers;
    for (const nlohmann::json& item : page->at("phone_numbers")) {
      const Result<E164> number = E164::parse(string_in(item, "phone_number"));
      if (!number) return end_without_services({ErrorKind::invalid, "a number of a service cannot be read"});
      numbers.push_back(*number);
    }
    if (!next->empty()) {
      if (++pages_ == pages_of_service_numbers_max) {
        return end_without_services({ErrorKind::unavailable, "a Messaging Service has too many numbers"});
      }
      return ask(list_of_numbers(), *next);
    }
    std::ranges::sort(numbers);
    const auto repeated = std::ranges::unique(numbers);
    numbers.erase(repeated.begin(), repeated.end());
    step_ = Step::campaigns;
    return ask(list_of_campaigns(), "?PageSize=50");
  }

  Result<std::vector<std::string>> campaigns_in(const net::ClientResult& result) const {
    const Result<nlohmann::json> page = items_in(result, list_of_campaigns());
    if (!page) return std::unexpected(page.error());
    const Result<std::string> next = next_of(*page, list_of_campaigns());
    if (!next) return std::unexpected(next.error());
    if (!next->empty()) return failure(ErrorKind::unavailable, "there are more than 50 registrations");
    std::vector<std::string> campaigns;
    for (const nlohmann::json& item : page->at("compliance")) {
      const std::string status = tamed(string_in(item, "campaign_status"));
      if (status.empty()) return invalid("a registration has no readable campaign_status");
      campaigns.push_back(status);
    }
    return campaigns;
  }

  Next hear_campaigns(const net::ClientResult& result) {
    services_[at_].campaigns = campaigns_in(result);
    return go_on_with(at_ + 1);
  }

  TwilioCarrier::Options options_;
  std::string auth_token_;
  CarrierAccount::LookedAt done_;
  Step step_ = Step::account;
  AccountFacts facts_;
  std::vector<MessagingService> services_;
  std::size_t at_ = 0;     ///< the service that is asked about
  std::size_t pages_ = 0;  ///< of the list under way
};

}  // namespace

Result<AccountState> read_account(const net::ClientResult& result) {
  const Result<nlohmann::json> body = object_in(result);
  if (!body) return std::unexpected(body.error());
  const std::optional<AccountStatus> status = parse_name<AccountStatus>(string_in(*body, "status"));
  const std::string type = string_in(*body, "type");
  if (!status || (type != "Full" && type != "Trial")) return invalid("the account's status cannot be read");
  return AccountState{.status = *status, .is_trial = type == "Trial"};
}

Result<AccountBalance> read_balance(const net::ClientResult& result) {
  const Result<nlohmann::json> body = object_in(result);
  if (!body) return std::unexpected(body.error());
  const std::string amount = string_in(*body, "balance");
  AccountBalance balance{.amount = 0, .currency = string_in(*body, "currency")};
  const auto [end, error] = std::from_chars(amount.data(), amount.data() + amount.size(), balance.amount);
  const bool is_number =
      error == std::errc{} && end == amount.data() + amount.size() && std::isfinite(balance.amount);
  constexpr std::size_t currency_letters = 3;
  const bool is_currency = balance.currency.size() == currency_letters &&
                           std::ranges::all_of(balance.currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_number || !is_currency) return invalid("the balance cannot be read");
  return balance;
}

void look_at_account(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                     CarrierAccount::LookedAt done) {
  const auto look = std::make_shared<Look>(std::move(options), std::move(auth_token), std::move(done));
  ask_in_turn(std::move(transport), look->begin(),
              [look](const net::ClientResult& result) { return look->hear(result); });
}

}  // namespace jobrun::carrier::twilio
