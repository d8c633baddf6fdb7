#include "doctor/mending.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::doctor {
namespace {

/// Why the number is not ours to set; empty: it is.
std::string why_left(const CarrierNumber& number, const MessagingService* service, const std::string& public_url) {
  if (!number.voice_overridden_by.empty()) {
    return shown(number.voice_overridden_by) +
           " takes its calls: take the number out of that in the carrier's "
           "console first";
  }
  if (!number.sms_overridden_by.empty()) {
    return shown(number.sms_overridden_by) +
           " takes its texts: take the number out of that in the carrier's "
           "console first";
  }
  if (service == nullptr) return {};
  const std::string problem = problem_of(*service, public_url);
  if (problem.empty()) return {};
  return problem + ": let the service defer to the sender's webhook in the carrier's console first";
}

class Changes {
 public:
  explicit Changes(const CarrierNumber& number) : number_(number) {}

  void want(WebhookField field, const std::string& value) {
    if (const std::string now = value_of(number_, field); now != value) fields_.push_back({field, now, value});
  }
  /// Another spelling of the carrier's retries is left as it is.
  void want_url(WebhookField field, const std::string& url, std::string_view retries) {
    const std::string now = value_of(number_, field);
    const bool is_right = without_fragment(now) == url && (retries.empty() || now.contains('#'));
    if (!is_right) fields_.push_back({field, now, url + std::string(retries)});
  }
  std::vector<FieldChange> take() { return std::move(fields_); }

 private:
  const CarrierNumber& number_;
  std::vector<FieldChange> fields_;
};

std::vector<FieldChange> changes_of(const CarrierNumber& number, const std::string& public_url,
                                    bool is_service_asked, const std::string& fallback_url) {
  using enum WebhookField;
  Changes changes(number);
  changes.want_url(voice_url, public_url + "/twilio/voice", recommended_retries);
  changes.want(voice_method, "POST");
  changes.want_url(status_callback, public_url + "/twilio/status", "");
  changes.want(status_callback_method, "POST");
  if (!is_service_asked) {
    changes.want_url(sms_url, public_url + "/twilio/sms", "");
    changes.want(sms_method, "POST");
  }
  if (!fallback_url.empty()) {
    changes.want(voice_fallback_url, fallback_url);
    changes.want(sms_fallback_url, fallback_url);
  }
  return changes.take();
}

}  // namespace

std::string value_of(const CarrierNumber& number, WebhookField field) {
  switch (field) {
    case WebhookField::voice_url:
      return number.voice.url;
    case WebhookField::voice_method:
      return number.voice.method;
    case WebhookField::voice_fallback_url:
      return number.voice_fallback_url;
    case WebhookField::status_callback:
      return number.status_callback.url;
    case WebhookField::status_callback_method:
      return number.status_callback.method;
    case WebhookField::sms_url:
      return number.sms_url;
    case WebhookField::sms_method:
      return number.sms_method;
    case WebhookField::sms_fallback_url:
      return number.sms_fallback_url;
  }
  return {};
}

bool is_done(const NumberChange& change, const CarrierNumberList& list) {
  const CarrierNumber* number = find_number(list, change.number);
  return number != nullptr && std::ranges::all_of(change.fields, [&](const FieldChange& field) {
           return value_of(*number, field.field) == field.to;
         });
}

Plan plan_changes(const CarrierNumberList& list, const Expected& expected,
                  const std::vector<MessagingService>& services, const std::string& fallback_url) {
  const std::vector<ExpectedNumber> wanted = each_once(expected);
  Plan plan;
  for (const ExpectedNumber& each : wanted) {
    const CarrierNumber* number = find_number(list, each.number);
    if (number == nullptr) {
      plan.left_alone.push_back({each.number, each.what + ": it is not on the carrier's account"});
      continue;
    }
    const MessagingService* service = overriding_service(services, each.number);
    std::string why = why_left(*number, service, expected.public_url);
    if (!why.empty()) {
      plan.left_alone.push_back({each.number, each.what + ": " + why});
      continue;
    }
    std::vector<FieldChange> fields = changes_of(*number, expected.public_url, service != nullptr, fallback_url);
    if (!fields.empty()) plan.changes.push_back({each.number, number->sid, each.what, std::move(fields)});
  }
  for (const CarrierNumber& number : list.numbers) {
    const bool is_expected = std::ranges::binary_search(wanted, number.number, {}, &ExpectedNumber::number);
    if (is_expected || !points_at_us(number, expected.public_url)) continue;
    plan.left_alone.push_back(
        {number.number, "points at us, and nobody registered it: jobrun numbers add " + number.number.text()});
  }
  std::ranges::sort(plan.left_alone, {}, &LeftAlone::number);
  return plan;
}

}  // namespace jobrun::doctor
