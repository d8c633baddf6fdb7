#include "mending.hpp"

#include <algorithm>
#include <utility>

#include "rendering.hpp"

namespace jobrun::app {

using nlohmann::json;

namespace {

bool is_unknown(const Deed& deed) {
  return std::holds_alternative<Unknown>(deed.answer);
}

std::vector<WebhookSetting> settings_of(const doctor::NumberChange& change) {
  std::vector<WebhookSetting> settings;
  for (const doctor::FieldChange& field : change.fields) settings.push_back({field.field, field.to});
  return settings;
}

std::string or_nothing(const std::string& value) {
  return value.empty() ? "(not set)" : terminal_safe(value);
}

/// {how it ended in one word, what there is to say of it}
std::pair<std::string, std::string> end_of(const Deed& deed) {
  if (std::holds_alternative<WebhooksSet>(deed.answer)) return {"set", ""};
  if (const auto* refused = std::get_if<WebhooksNotSet>(&deed.answer)) return {"not_set", refused->reason};
  const std::string& reason = std::get<Unknown>(deed.answer).reason;
  if (!deed.is_found) return {"unknown", reason};
  return *deed.is_found ? std::pair<std::string, std::string>{"set", "found afterwards"}
                        : std::pair<std::string, std::string>{"not_set", reason + "; not found afterwards"};
}

}  // namespace

std::vector<Deed> carry_out(const doctor::Plan& plan, CarrierDesk& desk, const Clock& clock,
                            const std::function<void(const Deed&)>& told) {
  std::vector<Deed> deeds;
  for (const doctor::NumberChange& change : plan.changes) {
    deeds.push_back({change, desk.set_webhooks(change.sid, settings_of(change))});
    told(deeds.back());
  }
  if (std::ranges::none_of(deeds, is_unknown)) return deeds;
  const doctor::CarrierFacts facts = desk.list_numbers(clock);
  const auto* list = std::get_if<CarrierNumberList>(&facts.answer);
  if (list == nullptr) return deeds;
  for (Deed& deed : deeds) {
    if (!is_unknown(deed)) continue;
    deed.is_found = doctor::is_done(deed.change, *list);
    told(deed);
  }
  return deeds;
}

std::string render_plan(const doctor::Plan& plan) {
  std::string text;
  for (const doctor::NumberChange& change : plan.changes) {
    text += change.number.text() + " (" + terminal_safe(change.what) + ")\n";
    for (const doctor::FieldChange& field : change.fields) {
      text += "  " + std::string(name_of(field.field)) + ": " + or_nothing(field.from) + " -> " +
              or_nothing(field.to) + "\n";
    }
  }
  for (const doctor::LeftAlone& each : plan.left_alone) {
    text += each.number.text() + " is left alone: " + terminal_safe(each.why) + "\n";
  }
  return text;
}

std::string render_deed(const Deed& deed) {
  const auto [end, words] = end_of(deed);
  const std::string number = deed.change.number.text();
  if (end == "set") return number + ": set" + (words.empty() ? "" : ", " + words) + "\n";
  if (end == "not_set") return number + ": not set: " + terminal_safe(words) + "\n";
  return number + ": it is not known whether it was set: " + terminal_safe(words) + "\n";
}

json plan_as_json(const doctor::Plan& plan) {
  json changes = json::array();
  for (const doctor::NumberChange& change : plan.changes) {
    json fields = json::array();
    for (const doctor::FieldChange& field : change.fields) {
      fields.push_back({{"field", name_of(field.field)}, {"from", field.from}, {"to", field.to}});
    }
    changes.push_back({{"number", change.number.text()}, {"what", change.what}, {"fields", std::move(fields)}});
  }
  json left_alone = json::array();
  for (const doctor::LeftAlone& each : plan.left_alone) {
    left_alone.push_back({{"number", each.number.text()}, {"why", each.why}});
  }
  return {{"changes", std::move(changes)}, {"left_alone", std::move(left_alone)}};
}

json deed_as_json(const Deed& deed) {
  const auto [end, words] = end_of(deed);
  return {{"number", deed.change.number.text()},
          {"end", end},
          {"reason", words.empty() ? json(nullptr) : json(words)}};
}

}  // namespace jobrun::app
