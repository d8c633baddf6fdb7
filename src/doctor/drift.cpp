#include "doctor/drift.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace jobrun::doctor {
namespace {

constexpr std::size_t url_shown_max = 120;

void note(std::string& problems, const std::string& problem) {
  problems += (problems.empty() ? "" : "; ") + problem;
}

void note_webhook(std::string& problems, const std::string& name, const WebhookUrl& found,
                  const std::string& wanted) {
  if (without_fragment(found.url) != wanted) {
    note(problems, name + " is " + shown(found.url) + " instead of " + wanted);
  } else if (found.method != "POST") {
    note(problems, name + " is requested by " + shown(found.method) + " instead of POST");
  }
}

std::string problems_of(const CarrierNumber& number, const std::string& public_url,
                        const MessagingService* service) {
  std::string problems;
  if (!number.voice_overridden_by.empty()) {
    note(problems, shown(number.voice_overridden_by) + " takes its calls instead of its voice URL");
  }
  note_webhook(problems, "its voice URL", number.voice, public_url + "/twilio/voice");
  note_webhook(problems, "its call status URL", number.status_callback, public_url + "/twilio/status");
  if (!number.sms_overridden_by.empty()) {
    note(problems, shown(number.sms_overridden_by) + " takes its texts instead of its message URL");
  }
  if (service == nullptr) {
    note_webhook(problems, "its message URL", {number.sms_url, number.sms_method}, public_url + "/twilio/sms");
  } else if (const std::string problem = problem_of(*service, public_url); !problem.empty()) {
    note(problems, problem);
  }
  const std::string fallback_host = host_of(number.voice_fallback_url);
  if (fallback_host.empty()) {
    note(problems, "its voice fallback URL is " + shown(number.voice_fallback_url));
  } else if (fallback_host == host_of(public_url)) {
    note(problems, "its voice fallback URL is on our own host, which cannot be reached when it is needed");
  }
  return problems;
}

std::string advice_about(const MessagingService* service) {
  const std::string usual =
      "jobrun doctor --fix shows what it would set, and sets it; what to host as the fallback: "
      "jobrun fallback-twiml";
  if (service == nullptr) return usual;
  return "let the service leave texts to the sender's own webhook, in the carrier's console; then: " + usual;
}

}  // namespace

std::string shown(std::string_view url) {
  if (url.empty()) return "not set";
  std::string text(url.substr(0, url_shown_max));
  for (char& c : text) {
    if (c <= 0x20 || c >= 0x7F) c = '?';
  }
  return text + (url.size() > url_shown_max ? "..." : "");
}

std::string_view without_fragment(std::string_view url) {
  return url.substr(0, url.find('#'));
}

bool points_at_us(const CarrierNumber& number, const std::string& public_url) {
  const auto is_ours = [&](std::string_view url) { return url.starts_with(public_url + "/twilio/"); };
  return is_ours(number.voice.url) || is_ours(number.status_callback.url);
}

const CarrierNumber* find_number(const CarrierNumberList& list, E164 number) {
  const auto found = std::ranges::lower_bound(list.numbers, number, {}, &CarrierNumber::number);
  return found != list.numbers.end() && found->number == number ? &*found : nullptr;
}

const MessagingService* overriding_service(const std::vector<MessagingService>& services, E164 number) {
  const auto holds = [&](const MessagingService& service) {
    return !service.uses_numbers_urls && std::ranges::binary_search(service.numbers, number);
  };
  const auto found = std::ranges::find_if(services, holds);
  return found == services.end() ? nullptr : &*found;
}

std::string problem_of(const MessagingService& service, const std::string& public_url) {
  const std::string name = "its Messaging Service " + shown(service.sid);
  if (service.inbound_url.empty()) return name + " drops the texts that come in, and they are in no list";
  const std::string wanted = public_url + "/twilio/sms";
  if (without_fragment(service.inbound_url) != wanted) {
    return name + " takes its texts to " + shown(service.inbound_url) + " instead of " + wanted;
  }
  if (service.inbound_method != "POST") return name + " brings its texts by " + shown(service.inbound_method);
  return {};
}

std::string host_of(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  const bool is_v6 = url.starts_with('[');
  std::string host(url.substr(0, is_v6 ? url.find(']') + 1 : url.find(':')));
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return host;
}

std::vector<ExpectedNumber> each_once(const Expected& expected) {
  std::vector<ExpectedNumber> wanted = expected.numbers;
  std::ranges::stable_sort(wanted, {}, &ExpectedNumber::number);
  const auto repeated = std::ranges::unique(wanted, {}, &ExpectedNumber::number);
  wanted.erase(repeated.begin(), repeated.end());
  return wanted;
}

std::vector<Drift> compare(const CarrierNumberList& list, const Expected& expected,
                           const std::vector<MessagingService>& services) {
  const std::vector<ExpectedNumber> wanted = each_once(expected);
  std::vector<Drift> drifts;
  for (const ExpectedNumber& each : wanted) {
    const CarrierNumber* there = find_number(list, each.number);
    const MessagingService* service = overriding_service(services, each.number);
    if (there == nullptr) {
      drifts.push_back(
          {each.number, each.what + ": it is not on the carrier's account",
           "get it there, or take it out here if it was given back (jobrun numbers, clients, settings)"});
    } else if (std::string problems = problems_of(*there, expected.public_url, service); !problems.empty()) {
      const bool is_services = service != nullptr && !problem_of(*service, expected.public_url).empty();
      drifts.push_back({each.number, each.what + ": " + problems, advice_about(is_services ? service : nullptr)});
    }
  }
  for (const CarrierNumber& each : list.numbers) {
    const bool is_expected = std::ranges::binary_search(wanted, each.number, {}, &ExpectedNumber::number);
    if (is_expected || !points_at_us(each, expected.public_url)) continue;
    drifts.push_back({each.number, "points at us, and nobody registered it: its callers get the fail-safe text",
                      "register it: jobrun numbers add " + each.number.text() +
                          " --role operational --client ID (or --role system, if it is nobody's)"});
  }
  std::ranges::sort(drifts, {}, &Drift::number);
  return drifts;
}

}  // namespace jobrun::doctor
