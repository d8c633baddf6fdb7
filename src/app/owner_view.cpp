#include "owner_view.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "texting/sign_up.hpp"

namespace jobrun::app {
namespace {

using nlohmann::json;

json or_null(const std::string& words) {
  return words.empty() ? json(nullptr) : json(words);
}

json waits_for(const texting::SignUpView& view) {
  if (view.is_waiting_for_approval) return "approval";
  if (view.is_waiting_for_number) return "number";
  return view.is_handed_over ? json("person") : json(nullptr);
}

}  // namespace

json owner_view(const OnboardingRecord& record, Instant now) {
  const std::optional<texting::SignUpView> view = texting::view_of(record, now);
  if (!view) return nullptr;
  return {{"phone", view->owner_phone},
          {"step", view->step},
          {"step_since", view->step_since},
          {"last_text_at", view->last_text_at},
          {"business_name", or_null(view->business_name)},
          {"owner_name", or_null(view->owner_name)},
          {"place", or_null(view->place)},
          {"number", or_null(view->number)},
          {"client_id", view->client ? json(view->client->value) : json(nullptr)},
          {"waits_for", waits_for(*view)},
          {"is_stopped", view->is_stopped},
          {"is_stuck", view->is_stuck}};
}

}  // namespace jobrun::app
