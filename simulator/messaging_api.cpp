#include "messaging_api.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "twilio_json.hpp"

namespace jobrun::simulator {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::string_view root = "/v1/Services";
constexpr std::size_t page_size_usual = 50;
constexpr std::size_t page_size_max = 1'000;

std::string service_sid(std::size_t at) {
  constexpr std::size_t digits = 32;
  const std::string count = std::to_string(at + 1);
  return "MG" + std::string(digits - count.size(), '0') + count;
}

std::size_t whole(const gate::Form& query, std::string_view name, std::size_t fallback) {
  std::size_t value = fallback;
  if (const auto text = query.find(name)) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

OrderedJson text_or_null(const std::string& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson service_json(const PracticeService& service, const std::string& sid, std::string_view account_sid,
                         const std::string& base_url) {
  const std::string url = base_url + std::string(root) + "/" + sid;
  return {{"account_sid", account_sid},
          {"friendly_name", service.name},
          {"sid", sid},
          {"date_created", "2026-01-01T00:00:00Z"},
          {"date_updated", "2026-01-01T00:00:00Z"},
          {"sticky_sender", true},
          {"mms_converter", true},
          {"smart_encoding", false},
          {"fallback_to_long_code", true},
          {"area_code_geomatch", true},
          {"validity_period", 36'000},
          {"scan_message_content", "inherit"},
          {"synchronous_validation", false},
          {"inbound_request_url", text_or_null(service.inbound_request_url)},
          {"inbound_method", "POST"},
          {"fallback_url", nullptr},
          {"fallback_method", "POST"},
          {"status_callback", nullptr},
          {"usecase", "notifications"},
          {"us_app_to_person_registered", service.campaign_status == "VERIFIED"},
          {"use_inbound_webhook_on_number", service.use_inbound_webhook_on_number},
          {"links", {{"phone_numbers", url + "/PhoneNumbers"}, {"us_app_to_person", url + "/Compliance/Usa2p"}}},
          {"url", url}};
}

OrderedJson number_json(Practice& practice, const std::string& number, const std::string& sid,
                        std::string_view account_sid, const std::string& base_url, Instant now) {
  const NumberRecord* record = practice.number(number, now);
  const std::string number_sid = record == nullptr ? "PN" + std::string(32, '0') : record->sid;
  return {{"account_sid", account_sid},
          {"service_sid", sid},
          {"sid", number_sid},
          {"date_created", "2026-01-01T00:00:00Z"},
          {"date_updated", "2026-01-01T00:00:00Z"},
          {"phone_number", number},
          {"country_code", "US"},
          {"capabilities", {"SMS", "Voice"}},
          {"url", base_url + std::string(root) + "/" + sid + "/PhoneNumbers/" + number_sid}};
}

OrderedJson campaign_json(const PracticeService& service, const std::string& sid, std::string_view account_sid,
                          const std::string& base_url) {
  const std::string campaign_sid = "QE" + sid.substr(2);
  return {{"sid", campaign_sid},
          {"account_sid", account_sid},
          {"brand_registration_sid", "BN" + std::string(32, '0')},
          {"messaging_service_sid", sid},
          {"description", "Texts callers whose call was missed."},
          {"message_samples", {"Sorry we missed your call.", "What can we do for you?"}},
          {"us_app_to_person_usecase", "CUSTOMER_CARE"},
          {"has_embedded_links", false},
          {"has_embedded_phone", false},
          {"subscriber_opt_in", true},
          {"campaign_status", service.campaign_status},
          {"campaign_id", "CPRACTICE"},
          {"is_externally_registered", false},
          {"date_created", "2026-01-01T00:00:00Z"},
          {"date_updated", "2026-01-01T00:00:00Z"},
          {"url", base_url + std::string(root) + "/" + sid + "/Compliance/Usa2p/" + campaign_sid},
          {"mock", false},
          {"errors", OrderedJson::array()}};
}

net::HttpResponse page_of(const std::vector<OrderedJson>& items, std::string_view key, std::string_view path,
                          const gate::Form& query, const std::string& base_url) {
  const std::size_t size = std::clamp<std::size_t>(whole(query, "PageSize", page_size_usual), 1, page_size_max);
  const std::size_t number = std::min<std::size_t>(whole(query, "Page", 0), 1'000'000);
  const auto url = [&](std::size_t page) {
    return base_url + std::string(path) + "?PageSize=" + std::to_string(size) + "&Page=" + std::to_string(page);
  };
  OrderedJson shown = OrderedJson::array();
  for (std::size_t at = number * size; at < std::min(items.size(), (number + 1) * size); ++at) {
    shown.push_back(items[at]);
  }
  const bool has_more = (number + 1) * size < items.size();
  return json_response(200,
                       {{"meta",
                         {{"page", number},
                          {"page_size", size},
                          {"first_page_url", url(0)},
                          {"previous_page_url", number == 0 ? OrderedJson(nullptr) : OrderedJson(url(number - 1))},
                          {"next_page_url", has_more ? OrderedJson(url(number + 1)) : OrderedJson(nullptr)},
                          {"key", key},
                          {"url", url(number)}}},
                        {std::string(key), std::move(shown)}});
}

}  // namespace

bool is_messaging_path(std::string_view path) {
  return path == root || path.starts_with(std::string(root) + "/");
}

const PracticeService* service_of(const Knobs& knobs, std::string_view number) {
  for (const PracticeService& service : knobs.messaging_services) {
    if (std::ranges::find(service.numbers, number) != service.numbers.end()) return &service;
  }
  return nullptr;
}

net::HttpResponse messaging_list(Practice& practice, std::string_view path, const gate::Form& query,
                                 std::string_view account_sid, const std::string& base_url, Instant now) {
  const std::vector<PracticeService>& services = practice.knobs.messaging_services;
  std::vector<OrderedJson> items;
  if (path == root) {
    for (std::size_t at = 0; at < services.size(); ++at) {
      items.push_back(service_json(services[at], service_sid(at), account_sid, base_url));
    }
    return page_of(items, "services", path, query, base_url);
  }
  for (std::size_t at = 0; at < services.size(); ++at) {
    const std::string sid = service_sid(at);
    const std::string below = std::string(root) + "/" + sid;
    if (path == below + "/PhoneNumbers") {
      for (const std::string& number : services[at].numbers) {
        items.push_back(number_json(practice, number, sid, account_sid, base_url, now));
      }
      return page_of(items, "phone_numbers", path, query, base_url);
    }
    if (path == below + "/Compliance/Usa2p") {
      if (!services[at].campaign_status.empty()) {
        items.push_back(campaign_json(services[at], sid, account_sid, base_url));
      }
      return page_of(items, "compliance", path, query, base_url);
    }
  }
  return error_response(20404, "The requested resource " + std::string(path.substr(0, 200)) + " was not found");
}

}  // namespace jobrun::simulator
