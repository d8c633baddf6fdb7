#include "texting/decide.hpp"

#include <string>
#include <utility>

#include "acknowledge.hpp"
#include "base/rare_path.hpp"
#include "customer_text.hpp"
#include "owner_text.hpp"
#include "quoted.hpp"
#include "sign_up_text.hpp"
#include "texting/opt_out.hpp"

namespace jobrun::texting {
namespace {

constexpr Duration told_at_most_every{10 * 60'000};

/// Everything about one text, gathered once.
struct Case {
  const InboundText& text;
  directory::Resolution to;
  std::optional<E164> phone;  ///< who sent it, if that is a phone
  Instant sent_at{};

  std::optional<ClientId> client() const { return to.client ? std::optional(to.client->id) : std::nullopt; }
  FactScope scope() const { return FactScope::of(client()); }
  bool is_from_owner() const { return to.client && phone && is_owners(*to.client, *phone); }
  /// The number as records and people know it.
  std::string number() const { return text.number ? text.number->text() : text.number_text; }
};

// --- what it is taken for -------------------------------------------------------------------------

std::optional<TakenAs> taken_as_choice(const Case& c, FactReader& facts) {
  if (!c.phone) return std::nullopt;
  const std::optional<Choice> choice = choice_of(c.text.body, c.text.opt_out_type);
  if (!choice) return std::nullopt;
  switch (*choice) {
    case Choice::out:
      return TakenAs::opt_out;
    case Choice::in:
      return TakenAs::opt_in;
    case Choice::yes:
      // Of an owner it is an answer, also while he signs up.
      if (c.is_from_owner() || c.to.role == NumberRole::onboarding ||
          !facts.phone_facts(c.scope(), *c.phone).opted_out)
        return std::nullopt;
      return TakenAs::opt_in;
  }
  return std::nullopt;
}

TakenAs taken_by_business(const Case& c, const directory::Snapshot& directory, FactReader& facts) {
  if (c.is_from_owner()) return TakenAs::owner;
  if (!c.phone || directory.is_ours(*c.phone)) return TakenAs::set_aside;
  return facts.phone_facts(c.scope(), *c.phone).blocked ? TakenAs::set_aside : TakenAs::customer;
}

TakenAs taken_as(const Case& c, const directory::Snapshot& directory, FactReader& facts) {
  if (const std::optional<TakenAs> choice = taken_as_choice(c, facts)) return *choice;
  switch (c.to.role) {
    case NumberRole::operational:
      if (c.to.client) return taken_by_business(c, directory, facts);
      break;
    case NumberRole::onboarding:
      return c.phone && !directory.is_ours(*c.phone) ? TakenAs::onboarding : TakenAs::set_aside;
    case NumberRole::system:
      break;
  }
  return c.phone && directory.is_ours(*c.phone) ? TakenAs::set_aside : TakenAs::triage;
}

// --- what follows ---------------------------------------------------------------------------------

/// Texts come late, and in any order: of what a phone has said the last word holds, and where it is unclear which
/// that was, it is out. The carrier's dates are cut to the second.
void keep_choice(Commit& commit, const Case& c, bool is_out, FactReader& facts) {
  const std::optional<LastChoice> last = facts.last_choice(c.scope(), *c.phone);
  const Duration cut = is_out ? Duration{1'000} : Duration{0};
  if (last && last->is_out != is_out && last->at >= c.sent_at + cut) {
    seen(RarePath::choice_outdated);
    return;
  }
  commit.learned.push_back({c.scope(), *c.phone, PhoneFact::opted_out, is_out});
}

AlertRequest alert_about(const Case& c, AlertRequest alert) {
  alert.client = c.client();
  alert.at_most_every = told_at_most_every;
  alert.caller = c.text.sender.text();
  alert.number = c.number();
  return alert;
}

AlertRequest nobodys_number_alert(const Case& c) {
  return alert_about(
      c, operator_alert(AlertKind::text_to_nobody, Severity::warning, "texts",
                        "Text from " + c.text.sender.text() + " to " + c.number() +
                            ", which is nobody's number: " + quoted(c.text) + " See: jobrun triage list"));
}

/// A lead that waits for a reply is told at once, with it; else the text is told by itself.
void tell_of_words(Commit& commit, const Case& c, FactReader& facts, Instant now, AlertRequest alert) {
  if (const auto lead = c.phone ? facts.waiting_lead(c.client(), *c.phone, now) : std::nullopt) {
    commit.replied_lead =
        RepliedLead{*lead, "Missed call from " + c.text.sender.text() + ", who replies: " + quoted(c.text)};
    return;
  }
  commit.alerts.push_back(std::move(alert));
}

/// As when it is called: whoever owns it has to be told which number needs a business.
AlertRequest no_client_alert(const Case& c) {
  AlertRequest alert = operator_alert(AlertKind::operational_no_client, Severity::critical, c.number(),
                                      "The number " + c.number() +
                                          " is operational but belongs to no client: who texts it reaches nobody. "
                                          "Run: jobrun numbers assign " +
                                          c.number() + " --client ID");
  return alert_about(c, std::move(alert));
}

/// The operator is told that webhooks were lost: once for all that one sweep finds.
void report_found(Commit& commit, const Case& c) {
  constexpr Duration gathered_for{10'000};
  AlertRequest alert = alert_about(
      c, operator_alert(AlertKind::sweep_found, Severity::warning, "texts",
                        "The sweep found inbound texts of which no webhook had told, as one to " + c.number() +
                            "; they are taken up now. Was the service down? Else see why webhooks are lost: the "
                            "carrier's debugger, the numbers' message URLs."));
  alert.delay = gathered_for;
  alert.client.reset();
  commit.alerts.push_back(std::move(alert));
  commit.counts.push_back({Metric::sweep_texts_found, {}});
}

void acknowledge_text(Commit& commit, const Case& c, const Surroundings& around, FactReader& facts, Instant now) {
  Acknowledgement acknowledgement = acknowledge(c.text, c.to, around, facts, now);
  commit.logs.push_back({LogLevel::info,
                         acknowledgement.text ? "the text is acknowledged" : "the text is not acknowledged",
                         c.text.message_sid,
                         {{"row", std::string(name_of(acknowledgement.row))}}});
  if (!acknowledgement.text) return;
  commit.text = std::move(acknowledgement.text);
  commit.counts.push_back({Metric::texts_promised, {name_of(commit.text->id.purpose)}});
}

void follow_up(Commit& commit, const Case& c, TakenAs taken_as, const Surroundings& around, FactReader& facts,
               Instant now) {
  switch (taken_as) {
    case TakenAs::opt_out:
      return keep_choice(commit, c, true, facts);
    case TakenAs::opt_in:
      return keep_choice(commit, c, false, facts);
    case TakenAs::customer:
      return take_customer_text(commit, c.text, *c.phone, c.to, around, facts, now);
    case TakenAs::triage:
      acknowledge_text(commit, c, around, facts, now);
      tell_of_words(commit, c, facts, now, nobodys_number_alert(c));
      if (c.to.role == NumberRole::operational) commit.alerts.push_back(no_client_alert(c));
      return;
    case TakenAs::owner:
      return take_owner_text(commit, c.text, c.to, around, facts, now);
    case TakenAs::onboarding:
    case TakenAs::set_aside:
      return;
  }
}

LogLine log_line(const Case& c, TakenAs taken_as) {
  const bool is_nobodys = taken_as == TakenAs::triage;
  LogLine line{is_nobodys ? LogLevel::warning : LogLevel::info,
               is_nobodys ? "A TEXT TO NOBODY'S NUMBER" : "text came in",
               c.text.message_sid,
               {}};
  line.fields.push_back({"to", c.number()});
  line.fields.push_back({"from", c.text.sender.text(), LogField::Privacy::customer});
  line.fields.push_back({"taken_as", std::string(name_of(taken_as))});
  line.fields.push_back({"origin", std::string(name_of(c.text.origin))});
  return line;
}

Commit duplicate() {
  seen(RarePath::text_repeated);
  Commit commit;
  commit.is_duplicate = true;
  commit.counts.push_back({Metric::events_duplicate, {}});
  return commit;
}

}  // namespace

Commit decide(const InboundText& text, const Surroundings& around, FactReader& facts, Instant now) {
  if (facts.has_inbound_text(text.message_sid)) return duplicate();
  const Case c{.text = text,
               .to = around.directory.resolve(text.number),
               .phone = text.sender.number(),
               .sent_at = text.at.value_or(now)};
  const TakenAs taken = taken_as(c, around.directory, facts);
  Commit commit;
  commit.origin = text.origin;
  commit.inbound = NewInboundText{
      .text = text, .role = c.to.role, .role_source = c.to.source, .client = c.client(), .taken_as = taken};
  follow_up(commit, c, taken, around, facts, now);
  const bool is_about_sign_up =
      taken == TakenAs::onboarding || taken == TakenAs::opt_out || taken == TakenAs::opt_in;
  if (c.to.role == NumberRole::onboarding && is_about_sign_up) {
    take_sign_up_text(commit, text, *c.phone, around, facts, now);
  }
  if (commit.replied_lead) seen(RarePath::lead_replied);
  if (text.origin == Origin::sweep) report_found(commit, c);
  commit.counts.push_back({Metric::inbound_texts, {name_of(c.to.role), name_of(taken)}});
  for (const AlertRequest& alert : commit.alerts) {
    commit.counts.push_back({Metric::alerts_raised, {name_of(alert.kind)}});
  }
  commit.logs.insert(commit.logs.begin(), log_line(c, taken));
  return commit;
}

}  // namespace jobrun::texting
