#include "flow/ring.hpp"

#include <algorithm>
#include <utility>

#include "base/wording.hpp"

namespace jobrun::flow {
namespace {

bool contains(const std::vector<E164>& phones, E164 phone) {
  return std::ranges::find(phones, phone) != phones.end();
}

constexpr std::chrono::seconds ring_time_max{30};
/// Of being asked, before the time to answer runs: the words take a few seconds.
constexpr std::chrono::seconds asking_time{12};

bool wants_phones_rung(const ClientProfile* client) {
  return client && client->settings.voice_mode == VoiceMode::ring_first;
}

/// Nobody is to be rung for this caller, or at this time.
bool is_not_rung(const ClientProfile& client, const Situation& s, const std::vector<E164>& phones) {
  const std::optional<E164> caller = s.caller.number();
  const bool is_busy = client.settings.busy_until && s.now < *client.settings.busy_until;
  const bool calls_himself = caller && (*caller == client.owner_phone || contains(phones, *caller));
  return is_busy || calls_himself || s.caller_is_ours || s.facts.blocked || !s.facts_known;
}

VoiceAnswer in_words(const Role& role, Phrase phrase, VoiceStep then) {
  const ClientProfile* client = client_of(role);
  const ClientSettings none;
  const ClientSettings& settings = client ? client->settings : none;
  VoiceAnswer answer;
  answer.locale = settings.locale.value_or(Locale::en_us);
  answer.say =
      render_for(settings, answer.locale, phrase,
                 {.business = client ? std::string_view(client->name) : std::string_view{}, .number = {}});
  answer.then = std::move(then);
  return answer;
}

}  // namespace

std::vector<E164> phones_to_ring(const Role& role) {
  const ClientProfile* client = client_of(role);
  if (!wants_phones_rung(client)) return {};
  if (!client->settings.ring_phones.empty()) return client->settings.ring_phones;
  return {client->owner_phone};
}

Ringing ring_next(const Role& role, const Situation& s, std::size_t phones_behind, const Policy& policy) {
  const std::vector<E164> phones = phones_to_ring(role);
  if (phones_behind >= phones.size()) return {};
  const ClientSettings& settings = client_of(role)->settings;
  if (is_not_rung(*client_of(role), s, phones)) return {};
  const bool is_first = phones_behind == 0;
  if (is_first && s.calls_rung_of_late >= policy.ring_loop_calls) return {.phones = {}, .is_loop = true};
  RingPhones next{.phones = {}, .ring_time = settings.ring_time, .phones_behind = phones_behind};
  bool was_sent_on = false;
  while (next.phones_behind < phones.size()) {
    const E164 phone = phones[next.phones_behind++];
    const bool sends_it_back = phone == s.forwarded_from;
    was_sent_on = was_sent_on || sends_it_back;
    if (sends_it_back || contains(s.own_ring_phones, phone)) continue;
    next.phones.push_back(phone);
    if (settings.ring_order == RingOrder::in_order) break;
  }
  if (next.phones.empty()) return {.phones = {}, .is_loop = is_first && was_sent_on};
  return {.phones = std::move(next), .is_loop = false};
}

Duration longer_than_others(const Role& role, const VoiceAnswer& answer) {
  const std::vector<E164> phones = phones_to_ring(role);
  const bool rings = std::holds_alternative<RingPhones>(answer.then);
  if (!rings && !std::holds_alternative<TakeMessage>(answer.then)) return Duration{0};
  if (!rings || phones.empty()) return message_length_max;
  const ClientSettings& settings = client_of(role)->settings;
  const auto turns = settings.ring_order == RingOrder::at_once ? 1 : static_cast<Duration::rep>(phones.size());
  return turns * (settings.ring_time + asking_time + acceptance_time) + message_length_max;
}

Duration longest_of_all() {
  constexpr auto turns = static_cast<Duration::rep>(ring_phones_max);
  return turns * (ring_time_max + asking_time + acceptance_time) + message_length_max;
}

AlertRequest ring_loop_alert(const Role& role, const Situation& s) {
  constexpr Duration told_at_most_every = std::chrono::hours{24};
  const ClientProfile* client = client_of(role);
  const std::string number = s.number ? s.number->text() : std::string("an unknown number");
  AlertRequest alert;
  alert.kind = AlertKind::ring_loop;
  alert.severity = Severity::warning;
  if (client) alert.client = client->id;
  alert.audience = client ? Audience::owner : Audience::operator_;
  alert.group = number;
  alert.at_most_every = told_at_most_every;
  alert.call_sid = s.cause;
  alert.caller = s.caller.text();
  alert.number = number;
  alert.summary =
      "A call to " + number +
      " was sent on by the phone that it would ring, so it rang nowhere; the caller is served as usual. "
      "Have another phone rung, or none: the settings ring_phones and voice_mode.";
  return alert;
}

VoiceAnswer ask_to_accept(const Role& role) {
  return in_words(role, Phrase::say_screen, AskToAccept{});
}

VoiceAnswer say_goodbye(const Role& role) {
  return in_words(role, Phrase::say_screen_missed, EndCall{});
}

VoiceAnswer thank_for_message(const Role& role) {
  return in_words(role, Phrase::say_voicemail_thanks, EndCall{});
}

}  // namespace jobrun::flow
