#include "text_delivery.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

namespace jobrun::simulator {

namespace {

/// `2601031015`: year, month, day, hour, minute, as the networks write it.
std::string delivery_done_date(Instant now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{now - day};
  const auto two = [](std::int64_t value) {
    const std::string digits = std::to_string(value % 100);
    return digits.size() < 2 ? "0" + digits : digits;
  };
  return two(static_cast<int>(date.year())) + two(static_cast<unsigned>(date.month())) +
         two(static_cast<unsigned>(date.day())) + two(time.hours().count()) + two(time.minutes().count());
}

bool ends_badly(const std::string& status) {
  return status == "undelivered" || status == "failed" || status == "canceled";
}

}  // namespace

struct TextDelivery::Plan {
  TextRecord text;
  std::vector<std::string> statuses;
  std::size_t next = 0;
  bool is_reordered = false;  ///< callbacks wait for the last status and then go out backwards
  int error_code = 0;
  Duration pause{0};
  std::atomic<std::size_t> untold = 0;
  std::function<void()> told;

  void count_told() {
    if (--untold == 0) told();
  }
};

TextDelivery::TextDelivery(Guarded<Practice>& practice, Timers& timers, WebhookSender& webhooks,
                           const Clock& clock, std::string account_sid)
    : practice_(practice),
      timers_(timers),
      webhooks_(webhooks),
      clock_(clock),
      account_sid_(std::move(account_sid)) {}

void TextDelivery::deliver(const TextRecord& text, std::function<void()> told) {
  auto plan = std::make_shared<Plan>();
  plan->text = text;
  plan->told = std::move(told);
  practice_.with([&](Practice& practice) {
    plan->statuses = practice.knobs.text_progress;
    plan->pause = Duration{practice.knobs.text_progress_ms};
    const std::optional<TextFateRule> fate = take_fate(practice.knobs, text.to, text.from);
    if (fate && !plan->statuses.empty()) plan->statuses.back() = name_of(fate->fate);
    const bool is_lost =
        (fate && fate->fate != TextFate::delivered) || std::ranges::any_of(plan->statuses, ends_badly);
    if (is_lost) plan->error_code = fate ? fate->code : 30008;
    if (TextRecord* kept = practice.texts.find(text.sid)) kept->arrives = !is_lost;
    plan->is_reordered = !plan->statuses.empty() && !text.status_callback.empty() &&
                         take_reorder(practice.knobs, WebhookKind::text_status, text.to, text.from);
  });
  plan->untold = plan->statuses.size();
  if (plan->statuses.empty()) return plan->told();
  timers_.after(plan->pause, [this, plan] { advance(plan); });
}

void TextDelivery::advance(const std::shared_ptr<Plan>& plan) {
  const std::string& status = plan->statuses[plan->next];
  const Instant now = clock_.now();
  practice_.with([&](Practice& practice) {
    TextRecord* kept = practice.texts.find(plan->text.sid);
    if (kept == nullptr) return;
    kept->status = status;
    kept->updated_at = now;
    if (status != "queued" && status != "sending" && !kept->sent_at) kept->sent_at = now;
    if (ends_badly(status)) kept->error_code = plan->error_code;
  });
  if (!plan->is_reordered) tell(*plan, status, [plan] { plan->count_told(); });
  if (++plan->next < plan->statuses.size()) {
    timers_.after(plan->pause, [this, plan] { advance(plan); });
  } else if (plan->is_reordered) {
    tell_backwards(plan, plan->statuses.size());
  }
}

void TextDelivery::tell_backwards(const std::shared_ptr<Plan>& plan, std::size_t left) {
  if (left == 0) return;
  tell(*plan, plan->statuses[left - 1], [this, plan, left] {
    plan->count_told();
    tell_backwards(plan, left - 1);
  });
}

void TextDelivery::tell(const Plan& plan, const std::string& status, std::function<void()> then) {
  const TextRecord& text = plan.text;
  if (text.status_callback.empty()) return then();
  Webhook webhook;
  webhook.kind = WebhookKind::text_status;
  webhook.url = text.status_callback;
  webhook.to = text.to;
  webhook.from = text.from;
  webhook.parameters = {
      {"AccountSid", account_sid_}, {"ApiVersion", "2010-04-01"}, {"From", text.from},   {"MessageSid", text.sid},
      {"MessageStatus", status},    {"SmsSid", text.sid},         {"SmsStatus", status}, {"To", text.to}};
  if (!text.messaging_service_sid.empty()) {
    webhook.parameters.emplace_back("MessagingServiceSid", text.messaging_service_sid);
  }
  if (ends_badly(status)) webhook.parameters.emplace_back("ErrorCode", std::to_string(plan.error_code));
  if (status == "delivered" || status == "undelivered") {
    webhook.parameters.emplace_back("RawDlrDoneDate", delivery_done_date(clock_.now()));
  }
  webhook.note = [this, sid = text.sid](WebhookNote note) {
    practice_.with([&](Practice& practice) { add_note(practice.texts, sid, std::move(note)); });
  };
  webhooks_.send(std::move(webhook), [then = std::move(then)](const WebhookAnswer&) { then(); });
}

}  // namespace jobrun::simulator
