#include "flow/after_call.hpp"

#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "base/rare_path.hpp"
#include "base/utf8.hpp"
#include "base/wording.hpp"

namespace jobrun::flow {
namespace {

/// The pair a first text is about: the caller, and the number called (or the fail-safe sender, when the
/// carrier did not say which number that was).
std::optional<CallerPair> pair_of(const Situation& s, const Policy& policy) {
  const std::optional<E164> caller = s.caller.number();
  const std::optional<E164> number = s.number ? s.number : policy.failsafe_sender;
  if (!caller || !number) return std::nullopt;
  return CallerPair{*caller, *number};
}

/// The second account's number comes last, and only where the first has one: its texts name a number to reply to.
std::vector<Way> possible_ways(const ClientProfile* client, std::optional<E164> number, const Policy& policy) {
  std::vector<Way> ways;
  if (!client && policy.failsafe_sender) ways.push_back({Account::first, *policy.failsafe_sender});
  if (number && (ways.empty() || ways.front().sender != *number)) ways.push_back({Account::first, *number});
  if (!ways.empty() && policy.second_sender) ways.push_back({Account::second, *policy.second_sender});
  return ways;
}

std::vector<Way> ways_of(const ClientProfile* client, const Situation& s, const Policy& policy) {
  std::vector<Way> ways = possible_ways(client, s.number, policy);
  std::erase_if(
      ways, [&s](const Way& way) { return std::ranges::find(s.blocked_senders, way) != s.blocked_senders.end(); });
  return ways;
}

bool country_allowed(const ClientProfile* client, const Situation& s, const Policy& policy) {
  const std::vector<std::string>& listed =
      client && !client->countries.empty() ? client->countries : policy.countries;
  if (listed.empty()) return s.caller_country == s.number_country;
  return std::ranges::find(listed, s.caller_country) != listed.end();
}

bool forwarding_hides_caller(const ClientProfile* client, const Situation& s) {
  const std::optional<E164> caller = s.caller.number();
  if (!caller) return false;
  return (client && is_owners(*client, *caller)) || (s.forwarded_from && *caller == *s.forwarded_from);
}

bool cost_guard_reached(const ClientProfile* client, const Situation& s, const Policy& policy) {
  const std::int64_t client_limit =
      client && client->texts_per_day ? *client->texts_per_day : policy.texts_per_client_and_day;
  const auto country = policy.texts_per_country_and_day.find(s.caller_country);
  return s.texts_today.service >= policy.texts_per_day || (client && s.texts_today.client >= client_limit) ||
         (country != policy.texts_per_country_and_day.end() && s.texts_today.country >= country->second);
}

bool within_cool_down(const ClientProfile* client, const Situation& s, const Policy& policy) {
  const Duration cool_down = client && client->cool_down ? *client->cool_down : policy.cool_down;
  return s.last_text && s.now < s.last_text->promised_at + cool_down;
}

/// How long ago the call ended.
Duration age_of(const Situation& s) {
  return s.ended_at ? s.now - *s.ended_at : Duration{0};
}

/// The table from its third row on, for a number whose callers are texted.
AfterCallRow classify_caller(const ClientProfile* client, const Situation& s, const Policy& policy) {
  if (s.person_took_call) return AfterCallRow::answered;
  if (s.caller_is_ours) return AfterCallRow::caller_is_ours;
  if (s.caller.kind() == CallerKind::short_code) return AfterCallRow::short_code;
  if (forwarding_hides_caller(client, s)) return AfterCallRow::forwarding_hides_caller;
  if (s.facts.blocked) return AfterCallRow::blocked;
  if (s.facts.do_not_text) return AfterCallRow::do_not_text;
  if (s.caller.kind() == CallerKind::withheld) return AfterCallRow::withheld;
  if (ways_of(client, s, policy).empty()) return AfterCallRow::no_sender;
  if (client && !s.facts_known) return AfterCallRow::facts_unknown;
  if (s.facts.landline) return AfterCallRow::landline;
  if (s.facts.opted_out) return AfterCallRow::opted_out;
  if (!country_allowed(client, s, policy)) return AfterCallRow::country_not_allowed;
  if (client && client->paused) return AfterCallRow::paused;
  if (cost_guard_reached(client, s, policy)) return AfterCallRow::cost_guard;
  if (s.texts_in_loop_window >= policy.loop_texts_max) return AfterCallRow::loop_breaker;
  if (within_cool_down(client, s, policy)) return AfterCallRow::cool_down;
  if (age_of(s) >= policy.text_useful_for) return AfterCallRow::too_late;
  return client ? AfterCallRow::intake : AfterCallRow::failsafe;
}

struct PossibleWays {
  std::optional<E164> number;
  const Policy& policy;
  std::vector<Way> operator()(const Operational& role) const { return possible_ways(role.client, number, policy); }
  std::vector<Way> operator()(const Onboarding&) const { return {}; }
  std::vector<Way> operator()(const System&) const { return possible_ways(nullptr, number, policy); }
};

struct ClassifyByRole {
  const Situation& situation;
  const Policy& policy;
  AfterCallRow operator()(const Operational& role) const {
    return classify_caller(role.client, situation, policy);
  }
  AfterCallRow operator()(const Onboarding&) const { return AfterCallRow::onboarding_number; }
  AfterCallRow operator()(const System&) const { return classify_caller(nullptr, situation, policy); }
};

Greeting greeting_for(AfterCallRow row) {
  switch (row) {
    case AfterCallRow::intake:
    case AfterCallRow::failsafe:
      return Greeting::will_text;
    case AfterCallRow::cool_down:
      return Greeting::already_texted;
    case AfterCallRow::onboarding_number:
      return Greeting::texts_only;
    case AfterCallRow::answered:
    case AfterCallRow::caller_is_ours:
    case AfterCallRow::short_code:
    case AfterCallRow::forwarding_hides_caller:
    case AfterCallRow::blocked:
    case AfterCallRow::do_not_text:
    case AfterCallRow::withheld:
    case AfterCallRow::no_sender:
    case AfterCallRow::facts_unknown:
    case AfterCallRow::landline:
    case AfterCallRow::opted_out:
    case AfterCallRow::country_not_allowed:
    case AfterCallRow::paused:
    case AfterCallRow::cost_guard:
    case AfterCallRow::loop_breaker:
    case AfterCallRow::too_late:
      return Greeting::no_text;
  }
  return Greeting::no_text;
}

/// Whether the caller may leave a message: who cannot be texted has no other way to say what he wants.
bool takes_message(AfterCallRow row, const ClientProfile* client) {
  if (!client) return false;
  switch (row) {
    case AfterCallRow::withheld:
    case AfterCallRow::landline:
    case AfterCallRow::opted_out:
    case AfterCallRow::country_not_allowed:
      return true;
    case AfterCallRow::do_not_text:
    case AfterCallRow::no_sender:
    case AfterCallRow::facts_unknown:
    case AfterCallRow::paused:
    case AfterCallRow::cost_guard:
    case AfterCallRow::loop_breaker:
    case AfterCallRow::too_late:
    case AfterCallRow::intake:
      return client->settings.offers_voicemail;
    case AfterCallRow::answered:
    case AfterCallRow::caller_is_ours:
    case AfterCallRow::short_code:
    case AfterCallRow::forwarding_hides_caller:
    case AfterCallRow::blocked:
    case AfterCallRow::cool_down:
    case AfterCallRow::failsafe:
    case AfterCallRow::onboarding_number:
      return false;
  }
  return false;
}

Greeting with_voicemail(Greeting greeting) {
  switch (greeting) {
    case Greeting::will_text:
      return Greeting::voicemail_will_text;
    case Greeting::no_text:
      return Greeting::voicemail_no_text;
    case Greeting::none:
    case Greeting::already_texted:
    case Greeting::texts_only:
    case Greeting::voicemail_no_text:
    case Greeting::voicemail_will_text:
      return greeting;
  }
  return greeting;
}

bool offers_message(Greeting greeting) {
  return greeting == Greeting::voicemail_no_text || greeting == Greeting::voicemail_will_text;
}

Phrase phrase_for(Greeting greeting, bool business) {
  switch (greeting) {
    case Greeting::voicemail_no_text:
      return business ? Phrase::say_no_text_voicemail : Phrase::say_generic_no_text;
    case Greeting::voicemail_will_text:
      return business ? Phrase::say_will_text_voicemail : Phrase::say_generic_will_text;
    case Greeting::will_text:
      return business ? Phrase::say_will_text : Phrase::say_generic_will_text;
    case Greeting::already_texted:
      return business ? Phrase::say_already_texted : Phrase::say_generic_already_texted;
    case Greeting::texts_only:
      return Phrase::say_texts_only;
    case Greeting::none:
    case Greeting::no_text:
      return business ? Phrase::say_no_text : Phrase::say_generic_no_text;
  }
  return Phrase::say_generic_no_text;
}

/// Numbers that are nobody's have set nothing.
const ClientSettings& settings_of_nobody() {
  static const ClientSettings none;
  return none;
}

/// A business that is closed or busy says so where it promises a text.
Phrase spoken_phrase(Greeting greeting, bool business, Opening opening) {
  if (business && greeting == Greeting::will_text) {
    if (opening == Opening::closed) return Phrase::say_will_text_closed;
    if (opening == Opening::busy) return Phrase::say_will_text_busy;
  }
  return phrase_for(greeting, business);
}

// --- alerts ---------------------------------------------------------------------------------------

std::string pair_group(const Situation& s) {
  return s.caller.text() + ">" + (s.number ? s.number->text() : std::string("unknown"));
}

std::string called_text(const Situation& s) {
  return s.number ? s.number->text() : std::string("an unknown number");
}

/// The caller as a person reads it, with what speaks against the number.
std::string caller_words(const Situation& s) {
  const std::string caller = s.caller.text().empty() ? "a hidden number" : s.caller.text();
  return caller + (s.verification == CallerVerification::not_verified ? " (number not verified)" : "");
}

/// Who is told about a call: the business's owner; for SYSTEM and orphans the operator.
AlertRequest alert_about(const Situation& s, const ClientProfile* client, AlertKind kind, std::string summary) {
  AlertRequest alert;
  alert.kind = kind;
  alert.audience = client ? Audience::owner : Audience::operator_;
  if (client) alert.client = client->id;
  alert.call_sid = s.cause;
  alert.caller = s.caller.text();
  alert.number = s.number ? s.number->text() : "";
  alert.summary = std::move(summary);
  return alert;
}

/// True whatever became of the text by the time the lead leaves: it may still wait, or be unknown.
///
/// Not grouped: a lead comes with a first text, and of these there is one in a cool-down.
AlertRequest lead_alert(const Situation& s, const ClientProfile* client, const Policy& policy) {
  AlertRequest alert = alert_about(s, client, AlertKind::lead,
                                   "Missed call from " + caller_words(s) + "; no reply yet. Call back.");
  alert.delay = policy.lead_delay;
  return alert;
}

AlertRequest cannot_text_alert(const Situation& s, const ClientProfile* client, AfterCallRow row) {
  AlertRequest alert = alert_about(s, client, AlertKind::cannot_text_caller,
                                   "Missed call from " + caller_words(s) + " that cannot be texted (" +
                                       std::string(name_of(row)) + "). Call back if you can.");
  alert.severity = Severity::warning;
  return alert;
}

AlertRequest too_late_alert(const Situation& s, const ClientProfile* client) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age_of(s)).count();
  AlertRequest alert =
      alert_about(s, client, AlertKind::cannot_text_caller,
                  "Missed call from " + s.caller.text() + ", learned of only now, " + std::to_string(minutes) +
                      " minutes after it ended: too late for a text. Call back.");
  alert.severity = Severity::warning;
  return alert;
}

AlertRequest texts_stopped_alert(const Situation& s, const ClientProfile* client, AfterCallRow row) {
  AlertRequest alert = alert_about(
      s, client, AlertKind::texts_stopped,
      "Missed call from " + s.caller.text() + " was not texted (" + std::string(name_of(row)) + "). Call back.");
  alert.severity = Severity::warning;
  alert.group = client ? "client" : "service";
  return alert;
}

AlertRequest repeated_call_alert(const Situation& s, const ClientProfile* client, const Policy& policy) {
  AlertRequest alert = alert_about(s, client, AlertKind::repeated_call,
                                   caller_words(s) + " called again. It may be urgent: call back.");
  alert.group = pair_group(s);
  alert.at_most_every = policy.repeated_call_alert_every;
  return alert;
}

/// Some networks present the forwarding phone as the caller: the customer is hidden, and both the owner and
/// the operator must know that every such call is lost to texting.
std::vector<AlertRequest> forwarding_alerts(const Situation& s, const ClientProfile* client) {
  const std::string summary = "A call to " + called_text(s) +
                              " shows the forwarding phone instead of the caller: this network hides callers, so "
                              "they cannot be texted. Ask the phone company to pass the caller's number on.";
  std::vector<AlertRequest> alerts = {alert_about(s, client, AlertKind::forwarding_hides_callers, summary)};
  if (client) alerts.push_back(alert_about(s, nullptr, AlertKind::forwarding_hides_callers, summary));
  for (AlertRequest& alert : alerts) {
    alert.severity = Severity::warning;
    alert.group = called_text(s);
  }
  return alerts;
}

AlertRequest operator_alert(const Situation& s, AlertKind kind, std::string summary, std::string group) {
  AlertRequest alert = alert_about(s, nullptr, kind, std::move(summary));
  alert.severity = Severity::warning;
  alert.group = std::move(group);
  return alert;
}

AlertRequest no_client_alert(const Situation& s) {
  AlertRequest alert =
      operator_alert(s, AlertKind::operational_no_client,
                     "The number " + called_text(s) +
                         " is operational but belongs to no client: its callers get the fail-safe text. "
                         "Run: jobrun numbers assign " +
                         called_text(s) + " --client ID",
                     called_text(s));
  alert.severity = Severity::critical;
  return alert;
}

// --- texts and plans ------------------------------------------------------------------------------

/// A link that is too long for a text is left to the timeline of the call.
std::string message_words(const MessageLeft& message) {
  constexpr std::size_t link_bytes_max = 150;
  std::string words = "The caller left a message";
  if (message.duration) words += " of " + std::to_string(message.duration->count()) + " s";
  const bool is_shown = !message.url.empty() && message.url.size() <= link_bytes_max;
  return words + (is_shown ? ": " + message.url : ".");
}

AlertRequest message_alert(const Situation& s, const ClientProfile* client, const std::string& words) {
  return alert_about(s, client, AlertKind::voicemail, "Missed call from " + caller_words(s) + ". " + words);
}

/// The words of a first text; `elsewhere` where its replies do not reach us.
Phrase first_words(const ClientProfile* client, bool elsewhere, bool is_late, Opening opening) {
  if (is_late) {
    if (elsewhere)
      return client ? Phrase::text_customer_intake_late_elsewhere : Phrase::text_failsafe_late_elsewhere;
    return client ? Phrase::text_customer_intake_late : Phrase::text_failsafe_late;
  }
  if (elsewhere) return client ? Phrase::text_customer_intake_elsewhere : Phrase::text_failsafe_elsewhere;
  if (!client) return Phrase::text_failsafe;
  switch (opening) {
    case Opening::open:
      break;
    case Opening::closed:
      return Phrase::text_customer_intake_closed;
    case Opening::busy:
      return Phrase::text_customer_intake_busy;
  }
  return Phrase::text_customer_intake;
}

PromisedText first_text(Purpose purpose, const ClientProfile* client, const CallerPair& pair, const Situation& s,
                        const Policy& policy) {
  PromisedText text{.id = {s.cause, purpose},
                    .origin = s.origin,
                    .pair = pair,
                    .ways = ways_of(client, s, policy),
                    .body = {},
                    .second_body = {},
                    .client = client ? std::optional(client->id) : std::nullopt,
                    .country = s.caller_country,
                    .caused_at = s.ended_at};
  const std::string number = pair.number.text();
  const std::string reply_to = client ? number : policy.failsafe_sender.value_or(pair.number).text();
  const PhraseWords words{.business = client ? std::string_view(client->name) : std::string_view(),
                          .number = number,
                          .reply_to = reply_to,
                          .time = s.busy_until};
  const bool is_late = age_of(s) >= policy.late_after;
  const ClientSettings& settings = client ? client->settings : settings_of_nobody();
  const Locale locale = locale_for(settings, s.language, s.number_country);
  text.body = render_for(settings, locale, first_words(client, false, is_late, s.opening), words);
  if (std::ranges::find(text.ways, Account::second, &Way::account) != text.ways.end()) {
    text.second_body = render_for(settings, locale, first_words(client, true, is_late, s.opening), words);
  }
  for (std::string* body : {&text.body, &text.second_body}) {
    if (!body->empty() && expects_opt_out_line(s.caller_country)) *body += opt_out_line(locale);
  }
  return text;
}

std::optional<CustomerContact> contact_of(const ClientProfile* client, const Situation& s) {
  const std::optional<E164> caller = s.caller.number();
  if (!client || !caller || !s.number) return std::nullopt;
  return CustomerContact{client->id, *s.number, *caller};
}

/// A row without a text: what was heard counts if `spoken`; if not, the alerts must reach a person.
NoText no_text(AfterCallRow row, bool spoken, std::vector<AlertRequest> alerts,
               std::optional<CustomerContact> contact = std::nullopt) {
  for (AlertRequest& alert : alerts) alert.escalates = !spoken;
  return {row, spoken, std::move(contact), std::move(alerts)};
}

/// The owner tries the forwarding of his phone and hears it work: nobody needs to be told. Where he heard nothing,
/// only an alert can end the call, and it is his to know.
NoText after_test_call(bool heard, const ClientProfile& client, const Situation& s) {
  if (heard) return no_text(AfterCallRow::forwarding_hides_caller, true, {});
  AlertRequest alert = alert_about(s, &client, AlertKind::cannot_text_caller,
                                   "A call to " + called_text(s) +
                                       " from your own phone reached us, but was not answered in time. If it was "
                                       "your test call, please call once more.");
  alert.severity = Severity::warning;
  return no_text(AfterCallRow::forwarding_hides_caller, false, {std::move(alert)});
}

AfterCall suppressed_by_cool_down(const ClientProfile* client, const Situation& s, const Policy& policy) {
  if (s.last_text->state != TextState::refused) {
    return Suppressed{AfterCallRow::cool_down,
                      s.last_text->row,
                      contact_of(client, s),
                      {repeated_call_alert(s, client, policy)}};
  }
  seen(RarePath::cool_down_after_refusal);
  NoText shared = no_text(AfterCallRow::cool_down, false, {cannot_text_alert(s, client, AfterCallRow::cool_down)},
                          contact_of(client, s));
  shared.alerts.front().kind = AlertKind::text_refused;
  shared.alerts.front().group = pair_group(s);
  return shared;
}

AfterCall plan_for_row(AfterCallRow row, bool heard, const ClientProfile* client, const Situation& s,
                       const Policy& policy) {
  switch (row) {
    case AfterCallRow::answered:
      return Answered{};
    case AfterCallRow::caller_is_ours:
    case AfterCallRow::short_code:
      if (heard) return no_text(row, true, {});
      return no_text(row, false,
                     {operator_alert(s, AlertKind::service_number_calls,
                                     "One of our own numbers or a short code (" + s.caller.text() + ") called " +
                                         called_text(s) + " and heard nothing: look for a loop.",
                                     pair_group(s))});
    case AfterCallRow::forwarding_hides_caller:
      if (client && client->awaits_test_call) return after_test_call(heard, *client, s);
      return no_text(row, false, forwarding_alerts(s, client));
    case AfterCallRow::blocked:
    case AfterCallRow::do_not_text:
      return Suppressed{row, std::nullopt, std::nullopt, {}};
    case AfterCallRow::withheld:
    case AfterCallRow::no_sender:
    case AfterCallRow::landline:
    case AfterCallRow::opted_out:
    case AfterCallRow::country_not_allowed:
      return no_text(row, heard, {cannot_text_alert(s, client, row)}, contact_of(client, s));
    case AfterCallRow::facts_unknown:
    case AfterCallRow::paused:
    case AfterCallRow::cost_guard:
    case AfterCallRow::loop_breaker:
      return no_text(row, false, {texts_stopped_alert(s, client, row)}, contact_of(client, s));
    case AfterCallRow::cool_down:
      return suppressed_by_cool_down(client, s, policy);
    case AfterCallRow::too_late:
      return no_text(row, false, {too_late_alert(s, client)}, contact_of(client, s));
    case AfterCallRow::intake:
      return CustomerIntakeText{first_text(Purpose::customer_intake, client, *pair_of(s, policy), s, policy),
                                *contact_of(client, s),
                                {lead_alert(s, client, policy)}};
    case AfterCallRow::failsafe:
      return FailSafeText{first_text(Purpose::failsafe, nullptr, *pair_of(s, policy), s, policy),
                          {lead_alert(s, nullptr, policy)}};
    case AfterCallRow::onboarding_number:
      if (heard) return no_text(row, true, {});
      return no_text(row, false,
                     {operator_alert(s, AlertKind::onboarding_call_unheard,
                                     s.caller.text() + " called the sign-up number " + called_text(s) +
                                         " and heard nothing. Call back: it may be a new customer of ours.",
                                     pair_group(s))});
  }
  return no_text(row, false, {cannot_text_alert(s, client, row)});
}

struct AlertsOf {
  std::vector<AlertRequest>* operator()(BelongsToParent&) const { return nullptr; }
  std::vector<AlertRequest>* operator()(Answered&) const { return nullptr; }
  std::vector<AlertRequest>* operator()(CustomerIntakeText& after) const { return &after.alerts; }
  std::vector<AlertRequest>* operator()(FailSafeText& after) const { return &after.alerts; }
  std::vector<AlertRequest>* operator()(Suppressed& after) const { return &after.alerts; }
  std::vector<AlertRequest>* operator()(NoText& after) const { return &after.alerts; }
};

/// What the owner is told at once about this very call says that there is a message; else he is told it by itself.
void tell_of_message(AfterCall& after, const ClientProfile* client, const Situation& s) {
  std::vector<AlertRequest>* alerts = std::visit(AlertsOf{}, after);
  if (!s.message || !client || !alerts) return;
  const auto told = std::ranges::find_if(*alerts, [](const AlertRequest& alert) {
    return alert.audience == Audience::owner && alert.group.empty() && alert.delay == Duration{0};
  });
  if (told != alerts->end()) {
    told->summary += " " + message_words(*s.message);
  } else {
    alerts->push_back(message_alert(s, client, message_words(*s.message)));
  }
}

/// Whatever else happens at a number that is operational but nobody's, the operator is told.
void add_orphan_alert(AfterCall& after, const Role& role, const Situation& s) {
  const auto* operational = std::get_if<Operational>(&role);
  if (!operational || operational->client) return;
  if (std::vector<AlertRequest>* alerts = std::visit(AlertsOf{}, after)) alerts->push_back(no_client_alert(s));
}

struct ClientOf {
  const ClientProfile* operator()(const Operational& role) const { return role.client; }
  const ClientProfile* operator()(const Onboarding&) const { return nullptr; }
  const ClientProfile* operator()(const System&) const { return nullptr; }
};

struct LeavesRecords {
  bool operator()(const BelongsToParent&) const { return false; }
  bool operator()(const Answered&) const { return false; }
  bool operator()(const CustomerIntakeText&) const { return true; }
  bool operator()(const FailSafeText&) const { return false; }
  bool operator()(const Suppressed& after) const { return after.contact.has_value(); }
  bool operator()(const NoText& after) const { return after.contact.has_value(); }
};

}  // namespace

const ClientProfile* client_of(const Role& role) {
  return std::visit(ClientOf{}, role);
}

std::vector<Way> possible_ways(const Role& role, std::optional<E164> number, const Policy& policy) {
  return std::visit(PossibleWays{number, policy}, role);
}

AfterCallRow classify(const Role& role, const Situation& situation, const Policy& policy) {
  return std::visit(ClassifyByRole{situation, policy}, role);
}

VoiceAnswer greet(const Role& role, const Situation& situation, const Policy& policy) {
  const AfterCallRow row = classify(role, situation, policy);
  // Within the cool-down of a refused text there is none that the caller could reply to.
  const bool has_nothing = row == AfterCallRow::cool_down && situation.last_text->state == TextState::refused;
  if (has_nothing) return repeat_greeting(role, Greeting::no_text, situation);
  const Greeting greeting = greeting_for(row);
  const bool is_message_taken = takes_message(row, client_of(role));
  return repeat_greeting(role, is_message_taken ? with_voicemail(greeting) : greeting, situation);
}

VoiceAnswer greet_without_facts(const Role& role) {
  const bool is_ours = std::holds_alternative<Onboarding>(role);
  return repeat_greeting(role, is_ours ? Greeting::texts_only : Greeting::no_text,
                         {.cause = {}, .caller = Caller::parse({}), .number = {}});
}

VoiceAnswer repeat_greeting(const Role& role, Greeting greeting, const Situation& s) {
  const ClientProfile* client = client_of(role);
  const ClientSettings& settings = client ? client->settings : settings_of_nobody();
  const Locale locale = s.number_country.empty() && !settings.locale
                            ? Locale::en_us
                            : locale_for(settings, s.language, s.number_country);
  VoiceAnswer answer{.greeting = greeting,
                     .say = render_for(settings, locale, spoken_phrase(greeting, client != nullptr, s.opening),
                                       {.business = client ? std::string_view(client->name) : std::string_view{},
                                        .number = {},
                                        .time = s.busy_until}),
                     .locale = locale};
  if (client && offers_message(greeting)) answer.then = TakeMessage{};
  return answer;
}

AfterCall decide_after_call(CallStatus status, const Role& role, const Situation& situation,
                            const Policy& policy) {
  if (!situation.is_inbound_parent) return BelongsToParent{};
  // A call that rang counts as answered by the carrier only once something was said.
  const bool was_spoken_to = situation.has_rung ? status == CallStatus::completed : status != CallStatus::canceled;
  const bool heard = situation.heard != Greeting::none && was_spoken_to;
  AfterCall after = plan_for_row(classify(role, situation, policy), heard, client_of(role), situation, policy);
  add_orphan_alert(after, role, situation);
  tell_of_message(after, client_of(role), situation);
  return after;
}

AlertRequest tell_of_message(const Role& role, const Situation& situation, const MessageLeft& message) {
  return message_alert(situation, client_of(role), message_words(message));
}

AlertRequest tell_of_transcription(const Role& role, const Situation& situation, std::string_view transcription) {
  constexpr std::size_t shown_bytes_max = 200;
  const std::string_view shown = utf8_prefix(transcription, shown_bytes_max);
  const bool is_whole = shown.size() == transcription.size();
  return alert_about(
      situation, client_of(role), AlertKind::voicemail,
      "Message of " + caller_words(situation) + ": \"" + std::string(shown) + (is_whole ? "\"" : "...\""));
}

bool leaves_records(const AfterCall& after) {
  return std::visit(LeavesRecords{}, after);
}

}  // namespace jobrun::flow
