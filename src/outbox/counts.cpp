#include "counts.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace jobrun::outbox {
namespace {

std::string_view class_of(Refused::Because because) {
  switch (because) {
    case Refused::Because::later:
      return "later";
    case Refused::Because::next_day:
      return "next_day";
    case Refused::Because::once_more:
      return "once_more";
    case Refused::Because::sender:
      return "sender";
    case Refused::Because::recipient:
      return "recipient";
    case Refused::Because::account:
      return "account";
    case Refused::Because::credentials:
      return "credentials";
    case Refused::Because::suspended:
      return "suspended";
    case Refused::Because::filtered:
      return "filtered";
    case Refused::Because::loop:
      return "loop";
    case Refused::Because::our_mistake:
      return "our_mistake";
    case Refused::Because::other:
      break;
  }
  return "other";
}

std::string_view code_of(int code) {
  if (code == 0) return carrier_answer_codes.front();
  const std::string text = std::to_string(code);
  const auto found = std::ranges::find(carrier_answer_codes, std::string_view(text));
  return found == carrier_answer_codes.end() ? unlisted_label_value : *found;
}

struct LabelsOf {
  std::array<std::string_view, 2> operator()(const Accepted&) const { return {"accepted", code_of(0)}; }
  std::array<std::string_view, 2> operator()(const Refused& refused) const {
    return {class_of(refused.because), code_of(refused.code)};
  }
  std::array<std::string_view, 2> operator()(const NotSent&) const { return {"not_sent", code_of(0)}; }
  std::array<std::string_view, 2> operator()(const Unknown&) const { return {"unknown", code_of(0)}; }
};

}  // namespace

std::array<std::string_view, 2> labels_of(const SendAnswer& answer) {
  return std::visit(LabelsOf{}, answer);
}

std::vector<Count> counts_of_acceptance(const TextRecord& text, Instant now) {
  std::vector<Count> counts = {
      {Metric::texts_answered, {name_of(text.promise.id.purpose), name_of(TextState::accepted)}}};
  if (is_first_text(text.promise.id.purpose)) {
    const std::chrono::duration<double> waited = std::max(now - text.useful_from(), Duration{0});
    counts.push_back({.metric = Metric::response_seconds, .value = waited.count()});
  }
  return counts;
}

std::vector<Count> counts_of_lesson(std::optional<PhoneFact> learned) {
  if (learned != PhoneFact::opted_out) return {};
  return {{Metric::opt_outs, {"carrier"}}};
}

}  // namespace jobrun::outbox
