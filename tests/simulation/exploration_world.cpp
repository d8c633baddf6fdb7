#include "exploration_world.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::exploration {
namespace {

constexpr E164 number_called = E164::from_digits(14155550100);
constexpr E164 failsafe_sender = E164::from_digits(14155550198);
constexpr E164 second_sender = E164::from_digits(14155550180);
constexpr ClientId client_id{7};
constexpr Instant noon = from_unix_ms(1'767'441'600'000);

constexpr std::string_view first_sid = "CA00000000000000000000000000000001";
constexpr std::string_view second_sid = "CA00000000000000000000000000000002";
constexpr std::string_view child_sid = "CA0000000000000000000000000000000c";

Directory a_directory(Registration registration) {
  ClientProfile client;
  client.id = client_id;
  client.name = "Smith & Sons";
  client.owner_phone = E164::from_digits(14155550150);
  directory::Snapshot::Builder builder;
  directory::ConfiguredNumbers configured{
      .onboarding = {}, .failsafe_sender = failsafe_sender, .second_sender = second_sender};
  switch (registration) {
    case Registration::business:
      builder.add(client);
      builder.add(PoolNumber{number_called, NumberRole::operational, client.id});
      break;
    case Registration::orphan:
      builder.add(client);
      builder.add(PoolNumber{number_called, NumberRole::operational, std::nullopt});
      break;
    case Registration::sign_up:
      builder.add(client);
      configured.onboarding = number_called;
      break;
    case Registration::registered:
      builder.add(PoolNumber{number_called, NumberRole::system, std::nullopt});
      break;
    case Registration::unregistered:
      break;
  }
  return {registration, std::move(builder).build(configured, 1)};
}

/// Where a role that is not frozen would show most: texts to the sign-up number's callers and none to others',
/// records of a business that has none, and a client that is gone.
std::vector<Registration> registrations_after(Registration first) {
  switch (first) {
    case Registration::business:
      return {Registration::sign_up, Registration::unregistered};
    case Registration::orphan:
    case Registration::sign_up:
      return {Registration::business};
    case Registration::registered:
      return {Registration::sign_up};
    case Registration::unregistered:
      return {Registration::business};
  }
  return {};
}

CallDetails a_call(std::string_view sid, std::string_view from) {
  return {.call_sid = *CallSid::parse(sid),
          .caller = Caller::parse(from),
          .number = number_called,
          .number_text = number_called.text(),
          .forwarded_from = E164::from_digits(14155550177),
          .parent = {}};
}

/// The leg to a phone that our answer had the carrier dial.
CallDetails a_child_of(const CallDetails& parent) {
  CallDetails child = a_call(child_sid, number_called.text());
  child.number = E164::from_digits(14155550150);
  child.number_text = child.number->text();
  child.is_inbound_parent = false;
  child.parent = parent.call_sid;
  return child;
}

Letter voice_webhook(Place place, CallDetails call) {
  call.origin = Origin::voice;
  return {"voice", place, IncomingCall{std::move(call)}};
}

Letter status_webhook(Place place, CallDetails call, std::string_view status) {
  call.origin = Origin::status;
  return {"status " + std::string(status), place,
          CallStatusChange{std::move(call), parse_name<CallStatus>(status).value_or(CallStatus::unrecognised),
                           std::string(status)}};
}

World a_world(std::string name, Registration registration, std::vector<CallDetails> calls) {
  World world;
  world.name = std::move(name) + std::string(describe(registration));
  world.constants.calls = std::move(calls);
  world.constants.now = noon;
  world.constants.senders = {
      {Account::first, failsafe_sender}, {Account::first, number_called}, {Account::second, second_sender}};
  world.policy.failsafe_sender = failsafe_sender;
  world.answers = few_answers();
  world.directories.push_back(a_directory(registration));
  return world;
}

void add_letter(World& world, Letter letter) {
  std::vector<std::string>& keys = world.constants.event_keys;
  const std::string key = event_key(letter.event);
  if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  if (world.constants.calls.size() > 1) letter.name += letter.call == 0 ? " (first call)" : " (second call)";
  world.letters.push_back(std::move(letter));
}

Letter message_letter(Place message, MessageStatus status, const Refused& why, const std::string& name) {
  MessageStatusChange change;
  change.message_sid = sid_of_message(message);
  change.status = status;
  change.status_text = std::string(name_of(status));
  change.code = why.code;
  return {.name = "message " + std::to_string(message) + " " + change.status_text + name,
          .call = 0,
          .event = std::move(change),
          .message = message};
}

/// What may be told of the messages of the first two requests.
void add_message_letters(World& world, const std::vector<NamedLoss>& losses) {
  world.are_messages_told = true;
  world.policy.second_sender = second_sender;
  for (const Place message : {Place{1}, Place{2}}) {
    world.letters.push_back(message_letter(message, MessageStatus::sent, {}, ""));
    world.letters.push_back(message_letter(message, MessageStatus::delivered, {}, ""));
    for (const NamedLoss& loss : losses) {
      world.letters.push_back(message_letter(message, MessageStatus::undelivered, loss.why, ", " + loss.name));
    }
  }
}

World one_call(std::string name, Registration registration, std::string_view from) {
  const CallDetails call = a_call(first_sid, from);
  World world = a_world(std::move(name), registration, {call});
  add_letter(world, voice_webhook(0, call));
  for (const char* status : {"ringing", "in-progress", "on-hold"}) {
    add_letter(world, status_webhook(0, call, status));
  }
  for (const CallStatus status : final_call_statuses) add_letter(world, status_webhook(0, call, name_of(status)));
  Letter child = status_webhook(0, a_child_of(call), "completed");
  child.name += " of a child leg";
  add_letter(world, std::move(child));
  for (const Registration other : registrations_after(registration)) {
    world.directories.push_back(a_directory(other));
  }
  return world;
}

}  // namespace

std::string_view describe(Registration registration) {
  switch (registration) {
    case Registration::business:
      return "OPERATIONAL with a client";
    case Registration::orphan:
      return "OPERATIONAL without a client";
    case Registration::sign_up:
      return "ONBOARDING";
    case Registration::registered:
      return "SYSTEM, known";
    case Registration::unregistered:
      return "SYSTEM, unknown";
  }
  return "?";
}

World one_call_to(Registration registration) {
  return one_call("", registration, "+14155550123");
}

World one_withheld_call_to(Registration registration) {
  World world = one_call("withheld caller, ", registration, "+266696687");
  world.may_be_texted = false;
  return world;
}

World two_calls_to(Registration registration) {
  const std::vector<CallDetails> calls = {a_call(first_sid, "+14155550123"), a_call(second_sid, "+14155550123")};
  World world = a_world("two calls, ", registration, calls);
  for (Place place = 0; place < calls.size(); ++place) {
    add_letter(world, voice_webhook(place, calls[place]));
    for (const char* status : {"ringing", "completed", "canceled"}) {
      add_letter(world, status_webhook(place, calls[place], status));
    }
  }
  return world;
}

World one_refused_call_to(Registration registration) {
  const CallDetails call = a_call(first_sid, "+14155550123");
  World world = a_world("every answer, ", registration, {call});
  add_letter(world, voice_webhook(0, call));
  add_letter(world, status_webhook(0, call, "completed"));
  world.answers = all_answers();
  world.policy.second_sender = second_sender;
  return world;
}

World one_texted_call_to(Registration registration) {
  const CallDetails call = a_call(first_sid, "+14155550123");
  World world = a_world("messages, ", registration, {call});
  add_letter(world, status_webhook(0, call, "completed"));
  add_message_letters(world, all_losses());
  return world;
}

World one_texted_call_with_lagging_lists_to(Registration registration) {
  const CallDetails call = a_call(first_sid, "+14155550123");
  World world = a_world("messages that looks miss, ", registration, {call});
  add_letter(world, status_webhook(0, call, "completed"));
  add_message_letters(world, few_losses());
  world.do_lists_lag = true;
  return world;
}

World two_texted_calls_to(Registration registration) {
  const std::vector<CallDetails> calls = {a_call(first_sid, "+14155550123"), a_call(second_sid, "+14155550123")};
  World world = a_world("messages of two calls, ", registration, calls);
  for (Place place = 0; place < calls.size(); ++place) {
    add_letter(world, status_webhook(place, calls[place], "completed"));
  }
  add_message_letters(world, few_losses());
  return world;
}

}  // namespace jobrun::exploration
