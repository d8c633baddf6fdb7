#include "sign_up_codec.hpp"

#include <string>

#include "json_fields.hpp"

namespace jobrun::texting {
namespace {

using nlohmann::json;
using onboarding::Answers;
using onboarding::State;

json to_json(const Answers& answers) {
  json object = json::object();
  put(object, "business_type", answers.business_type);
  put(object, "place", answers.place);
  put(object, "business_name", answers.business_name);
  put(object, "owner_name", answers.owner_name);
  put_name(object, "alert_by", answers.alert_by);
  put(object, "email", answers.email);
  put_name(object, "phone", answers.phone);
  put_name(object, "network", answers.network);
  return object;
}

json to_json(const State& state) {
  json object{{"answers", to_json(state.answers)},
              {"is_approved", state.is_approved},
              {"is_stopped", state.is_stopped},
              {"is_handed_over", state.is_handed_over},
              {"wrong_answers", state.wrong_answers},
              {"reminders", state.reminders},
              {"reminded_at", to_unix_ms(state.reminded_at)},
              {"started_at", to_unix_ms(state.started_at)},
              {"last_words", state.last_words}};
  put(object, "number_since", state.number_since);
  put(object, "invite_code", state.invite_code);
  put(object, "waiting_since", state.waiting_since);
  return object;
}

// These throw std::exception for what the above never made.

Answers answers_in(const json& object) {
  return {.business_type = words_in(object, "business_type"),
          .place = words_in(object, "place"),
          .business_name = words_in(object, "business_name"),
          .owner_name = words_in(object, "owner_name"),
          .alert_by = maybe_name_in<AlertBy>(object, "alert_by"),
          .email = words_in(object, "email"),
          .phone = maybe_name_in<onboarding::PhoneKind>(object, "phone"),
          .network = maybe_name_in<onboarding::Network>(object, "network")};
}

State state_in(const json& object, const OnboardingRecord& record) {
  const std::optional<onboarding::Step> step = parse_name<onboarding::Step>(record.step);
  if (!step) throw std::invalid_argument("an unknown step");
  State state;
  state.owner = record.owner_phone;
  state.step = *step;
  state.answers = answers_in(object.at("answers"));
  state.number = record.number;
  state.number_since = maybe_instant_in(object, "number_since");
  state.client = record.client;
  state.is_approved = object.at("is_approved").get<bool>();
  state.invite_code = words_in(object, "invite_code");
  state.waiting_since = record.waiting_since;
  if (object.contains("waiting_since")) state.waiting_since = instant_in(object, "waiting_since");
  state.is_stopped = object.at("is_stopped").get<bool>();
  state.is_handed_over = object.at("is_handed_over").get<bool>();
  state.wrong_answers = object.at("wrong_answers").get<int>();
  state.reminders = object.at("reminders").get<int>();
  state.reminded_at = instant_in(object, "reminded_at");
  state.started_at = instant_in(object, "started_at");
  state.step_since = record.step_since;
  state.last_text_at = record.last_text_at;
  state.last_words = object.at("last_words").get<std::uint32_t>();
  return state;
}

}  // namespace

OnboardingRecord record_of(const SignUp& sign_up, Instant now) {
  const State& state = sign_up.state;
  // Whoever keeps his place, but would not take a number now, holds up nobody who would.
  const bool is_next = onboarding::is_waiting_for_number(state);
  const json object{{"sign_up_number", sign_up.number.digits()}, {"state", to_json(state)}};
  return {.owner_phone = state.owner,
          .step = std::string(name_of(state.step)),
          .state = object.dump(-1, ' ', false, json::error_handler_t::replace),
          .number = state.number,
          .client = state.client,
          .waiting_since = is_next ? state.waiting_since : std::nullopt,
          .step_since = state.step_since,
          .last_text_at = state.last_text_at,
          .due_at = onboarding::next_look(state, now)};
}

std::optional<SignUp> sign_up_of(const OnboardingRecord& record) {
  try {
    const json object = json::parse(record.state);
    return SignUp{.state = state_in(object.at("state"), record),
                  .number = E164::from_digits(object.at("sign_up_number").get<std::uint64_t>())};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace jobrun::texting
