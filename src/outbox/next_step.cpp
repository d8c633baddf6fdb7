#include "next_step.hpp"

#include <algorithm>
#include <chrono>

#include "base/back_off.hpp"
#include "base/catalogue.hpp"
#include "base/rare_path.hpp"
#include "base/utf8.hpp"

namespace jobrun::outbox {
namespace {

constexpr std::size_t summary_bytes_max = 300;
constexpr Duration credentials_alert_every{10 * 60'000};
constexpr Duration carrier_alert_every{10 * 60'000};
constexpr Duration unanswered_alert_every{10 * 60'000};

/// A reply or the like that did not get out. Whoever it was for is not told by text, so an owner's is the
/// operator's to deal with; of many to one number he is told together.
AlertRequest unanswered_alert(const PromisedText& promise, Severity severity, const std::string& why) {
  const bool is_customers = promise.id.purpose == Purpose::customer_reply && promise.client;
  AlertRequest alert;
  alert.kind = AlertKind::text_refused;
  alert.audience = is_customers ? Audience::owner : Audience::operator_;
  alert.severity = severity;
  alert.client = promise.client;
  alert.group = std::string(name_of(promise.id.purpose)) + " " + promise.pair.number.text();
  alert.at_most_every = unanswered_alert_every;
  alert.caller = promise.pair.caller.text();
  alert.number = promise.pair.number.text();
  alert.summary =
      utf8_prefix("Nothing we texted reached " + alert.caller + " from " + alert.number + " (" +
                      std::string(name_of(promise.id.purpose)) + "; " + why + "). See: jobrun texts list",
                  summary_bytes_max);
  return alert;
}

AlertRequest text_refused_alert(const TextRecord& text, Severity severity, const std::string& why) {
  const PromisedText& promise = text.promise;
  if (promise.id.purpose == Purpose::canary) {
    const std::string summary = "A canary's text did not get out, as a caller's would not: " + why + ".";
    return operator_alert(AlertKind::canary_silent, Severity::critical, "canary",
                          std::string(utf8_prefix(summary, summary_bytes_max)));
  }
  if (!text.call) return unanswered_alert(promise, severity, why);
  const std::string caller = promise.pair.caller.text();
  AlertRequest alert;
  alert.kind = AlertKind::text_refused;
  alert.audience = promise.client ? Audience::owner : Audience::operator_;
  alert.severity = severity;
  alert.client = promise.client;
  alert.escalates = true;
  alert.call_sid = promise.id.cause;
  alert.caller = caller;
  alert.number = promise.pair.number.text();
  alert.summary = utf8_prefix("Call " + caller + " back: they called " + alert.number +
                                  " and could not be answered by text (" + why + ").",
                              summary_bytes_max);
  return alert;
}

GiveUp give_up(const TextRecord& text, Severity severity, std::string why) {
  GiveUp step;
  step.alert = text_refused_alert(text, severity, why);
  step.reason = std::move(why);
  return step;
}

std::string reason_of(const Refused& refused) {
  std::string reason = refused.http_status == 0 ? "lost" : "HTTP " + std::to_string(refused.http_status);
  if (refused.code != 0) reason += ", code " + std::to_string(refused.code);
  if (!refused.detail.empty()) reason += ": " + refused.detail;
  return reason;
}

GiveUp give_up_refused(const TextRecord& text, const Refused& refused, Severity severity,
                       const std::string& what) {
  GiveUp step = give_up(text, severity, what + "; " + reason_of(refused));
  step.reason = reason_of(refused);
  step.code = refused.code;
  step.learned = refused.learned;
  return step;
}

struct AnswerToStep {
  const TextRecord& text;
  const RetryRules& rules;
  Instant now;
  Random& random;

  Duration delay() const { return back_off(text.attempts, rules.back_off_min, rules.back_off_max, random); }

  NextStep operator()(const Accepted& accepted) const { return KeepAccepted{accepted.message_sid}; }
  NextStep operator()(const Unknown& unknown) const { return KeepUnknown{unknown.reason}; }
  NextStep operator()(const NotSent& not_sent) const {
    return TryAgain{not_sent.reason, text.closed_ways, delay(), true};
  }

  NextStep operator()(const Refused& refused) const {
    switch (refused.because) {
      case Refused::Because::later:
        return later(refused);
      case Refused::Because::next_day:
        return next_day(refused);
      case Refused::Because::once_more:
        return once_more(refused);
      case Refused::Because::sender:
        return by_another_way(refused, Closes::way, "no sender of ours may text them");
      case Refused::Because::credentials:
      case Refused::Because::suspended:
        return TryAgain{reason_of(refused), text.closed_ways, Duration{0}, true};
      case Refused::Because::recipient:
        return give_up_refused(text, refused, Severity::warning, "their number cannot be texted");
      case Refused::Because::loop:
        return give_up_refused(text, refused, Severity::warning, "the two numbers answer each other too fast");
      case Refused::Because::account:
        return by_another_way(refused, Closes::account, "our account may not text them");
      case Refused::Because::filtered:
        return give_up_refused(text, refused, Severity::critical, "the text was held to be spam");
      case Refused::Because::our_mistake:
      case Refused::Because::other:
        break;
    }
    return give_up_refused(text, refused, Severity::critical, "the carrier refused the text");
  }

  NextStep later(const Refused& refused) const {
    const Duration asked = std::min(refused.retry_after.value_or(Duration{0}), rules.retry_after_max);
    return TryAgain{reason_of(refused), text.closed_ways, std::max(delay(), asked),
                    !refused.retry_after.has_value()};
  }

  // With the usual jitter: every text that waits for midnight must not leave at midnight.
  NextStep next_day(const Refused& refused) const {
    NextStep today = by_another_way(refused, Closes::way, "no more texts may leave today");
    if (std::holds_alternative<TryAgain>(today)) return today;
    const Instant tomorrow = std::chrono::ceil<std::chrono::days>(now + Duration{1});
    const Instant again = tomorrow + delay();
    if (again > text.useful_from() + rules.useful_for) {
      return today;
    }
    return TryAgain{reason_of(refused), text.closed_ways, again - now, false};
  }

  NextStep once_more(const Refused& refused) const {
    const Duration wait = rules.once_more_after + delay();
    if (text.attempts > 1 || now + wait > text.useful_from() + rules.useful_for) {
      return give_up_refused(text, refused, Severity::warning, "their phone could not be reached");
    }
    return TryAgain{reason_of(refused), text.closed_ways, wait, false};
  }

  /// What a refusal says of other ways.
  enum class Closes { way, account };

  NextStep by_another_way(const Refused& refused, Closes closes, const std::string& if_none) const {
    ClosedWays closed = text.closed_ways;
    const std::vector<Way>& ways = text.promise.ways;
    closed.add(text.way);
    for (std::size_t way = 0; way < ways.size(); ++way) {
      if (closes == Closes::account && ways[way].account == ways[text.way].account) closed.add(way);
    }
    if (!first_open_way(text.promise, closed)) {
      return give_up_refused(text, refused, Severity::critical, if_none);
    }
    seen(RarePath::next_sender_tried);
    return TryAgain{reason_of(refused), closed, Duration{0}, true};
  }
};

AlertRequest alert_to_operator(const TextRecord& text, const Refused& refused) {
  const Way& way = text.promise.ways[text.way];
  AlertRequest alert;
  alert.kind = refused.blocks_sender ? AlertKind::sender_blocked : AlertKind::carrier_refusal;
  alert.audience = Audience::operator_;
  alert.severity = refused.alert == AlertTo::page ? Severity::critical : Severity::warning;
  alert.number = way.sender.text();
  alert.group = std::string(name_of(way.account)) + ":" +
                (refused.blocks_sender ? way.sender.text() : std::to_string(refused.code));
  alert.at_most_every = carrier_alert_every;
  const std::string what =
      refused.blocks_sender
          ? "The carrier lets nothing leave from " + way.sender.text() +
                " until it is registered. It is not used any more; once it is registered run: jobrun senders "
                "unblock " +
                way.sender.text() + " ("
          : "The carrier refuses texts from " + way.sender.text() + ": set right what it says. (";
  alert.summary = utf8_prefix(what + reason_of(refused) + ")", summary_bytes_max);
  return alert;
}

/// Told by an alert of its own: the whole account is held.
bool holds_account(Refused::Because because) {
  return because == Refused::Because::credentials || because == Refused::Because::suspended;
}

struct AnswerToHealth {
  CarrierHealth operator()(const Accepted&) const { return CarrierHealth::well; }
  CarrierHealth operator()(const Unknown&) const { return CarrierHealth::failing; }
  CarrierHealth operator()(const NotSent&) const { return CarrierHealth::failing; }
  CarrierHealth operator()(const Refused& refused) const {
    switch (refused.because) {
      case Refused::Because::later:
        return CarrierHealth::failing;
      case Refused::Because::credentials:
      case Refused::Because::suspended:
        return CarrierHealth::credentials_refused;
      case Refused::Because::next_day:
      case Refused::Because::once_more:
      case Refused::Because::sender:
      case Refused::Because::recipient:
      case Refused::Because::account:
      case Refused::Because::filtered:
      case Refused::Because::loop:
      case Refused::Because::our_mistake:
      case Refused::Because::other:
        return CarrierHealth::well;
    }
    return CarrierHealth::well;
  }
};

}  // namespace

NextStep decide_next_step(const TextRecord& text, const SendAnswer& answer, const RetryRules& rules, Instant now,
                          Random& random) {
  return std::visit(AnswerToStep{text, rules, now, random}, answer);
}

std::optional<std::size_t> first_open_way(const PromisedText& promise, ClosedWays closed) {
  for (std::size_t way = 0; way < promise.ways.size(); ++way) {
    if (!closed.contains(way)) return way;
  }
  return std::nullopt;
}

Consequences consequences_of(const TextRecord& text, const Refused& refused, Instant now) {
  Consequences consequences;
  if (refused.blocks_sender) {
    consequences.blocked = BlockedSender{text.promise.ways[text.way], refused.code, now};
  }
  const bool concerns_operator = refused.alert == AlertTo::operator_ || refused.alert == AlertTo::page;
  if (concerns_operator && !holds_account(refused.because)) {
    consequences.alert = alert_to_operator(text, refused);
  }
  return consequences;
}

TextLoss decide_loss(const TextRecord& text, const Refused& refused, const RetryRules& rules, Instant now,
                     Random& random) {
  TextLoss loss;
  loss.code = refused.code;
  loss.reason = reason_of(refused);
  loss.closed_ways = text.closed_ways;
  NextStep step = decide_next_step(text, refused, rules, now, random);
  if (text.attempts >= rules.lost_max) {
    step = give_up_refused(text, refused, Severity::critical, "the carrier lost the text every time");
  }
  if (auto* give_up = std::get_if<GiveUp>(&step)) {
    loss.gives_up = std::move(give_up->alert);
    loss.due_at = now;
  } else {
    const auto& again = std::get<TryAgain>(step);
    loss.closed_ways = again.closed_ways;
    loss.due_at = now + (holds_account(refused.because) ? rules.back_off_max : again.delay);
  }
  loss.deadline = loss.due_at + rules.outcome_deadline;
  return loss;
}

NextStep step_after(const TextLoss& loss, Instant now) {
  if (!loss.gives_up) return TryAgain{loss.reason, loss.closed_ways, loss.due_at - now, false};
  return GiveUp{loss.code, loss.reason, *loss.gives_up, std::nullopt};
}

CarrierHealth health_told_by(const SendAnswer& answer) {
  return std::visit(AnswerToHealth{}, answer);
}

GiveUp give_up_on_landline(const TextRecord& text) {
  GiveUp step = give_up(text, Severity::warning, "their number is a landline");
  step.learned = PhoneFact::landline;
  return step;
}

std::optional<PhoneFact> barred_by(const PhoneFacts& facts) {
  if (facts.opted_out) return PhoneFact::opted_out;
  if (facts.landline) return PhoneFact::landline;
  return std::nullopt;
}

GiveUp give_up_on_barred(const TextRecord& text, PhoneFact fact) {
  if (fact == PhoneFact::landline) return give_up_on_landline(text);
  return give_up(text, Severity::warning, "they asked for no more texts");
}

GiveUp give_up_as_too_late(const TextRecord& text) {
  return give_up(text, Severity::critical, "it could not be sent in time");
}

GiveUp give_up_without_sender(const TextRecord& text) {
  return give_up(text, Severity::critical, "no sender of ours is left");
}

GiveUp give_up_as_unknown(const TextRecord& text) {
  return give_up(text, Severity::critical, "nobody knows whether it left, and now it is too late");
}

GiveUp give_up_as_forbidden(const TextRecord& text) {
  return give_up(text, Severity::critical, "a text that must not leave was stopped");
}

std::optional<PromisedText> failsafe_instead_of(const TextRecord& stopped) {
  if (!stopped.call || is_first_text(stopped.promise.id.purpose)) return std::nullopt;
  PromisedText text = stopped.promise;
  text.id.purpose = Purpose::failsafe;
  text.second_body.clear();
  text.client.reset();
  text.body = render(Phrase::text_failsafe, {.business = {}, .number = text.pair.number.text()});
  if (expects_opt_out_line(text.country)) text.body += opt_out_line();
  return text;
}

AlertRequest isolation_alert(const TextRecord& text) {
  AlertRequest alert;
  alert.kind = AlertKind::isolation_violation;
  alert.audience = Audience::operator_;
  alert.severity = Severity::critical;
  alert.client = text.promise.client;
  if (text.call) alert.call_sid = text.promise.id.cause;
  alert.caller = text.promise.pair.caller.text();
  alert.number = text.promise.pair.number.text();
  alert.summary = "Stopped a text with purpose " + std::string(name_of(text.promise.id.purpose)) +
                  " that came from a " + std::string(name_of(text.promise.origin)) +
                  " event. Find what promised it: see the log's CRITICAL INVARIANT VIOLATION and its stack trace.";
  return alert;
}

AlertRequest credentials_alert(Account account, const Refused& answer) {
  AlertRequest alert;
  alert.kind = AlertKind::credentials_refused;
  alert.audience = Audience::operator_;
  alert.severity = Severity::critical;
  alert.group = std::string(name_of(account));
  alert.at_most_every = credentials_alert_every;
  const bool is_suspended = answer.because == Refused::Because::suspended;
  const std::string what =
      is_suspended ? "The carrier has suspended our account, so no text leaves by it. Ask the carrier why; texts "
                     "wait and leave by themselves once it is open again. ("
                   : "The carrier refuses our credentials, so no text leaves by this account. Check the account "
                     "SID and auth token; texts wait and leave by themselves once accepted. (";
  alert.summary = utf8_prefix(what + std::string(name_of(account)) + " account; " + reason_of(answer) + ")",
                              summary_bytes_max);
  return alert;
}

FactScope scope_of_learned(PhoneFact fact, const FactScope& own) {
  switch (fact) {
    case PhoneFact::landline:
      return FactScope{FactScope::Kind::everybody, std::nullopt};
    case PhoneFact::opted_out:
    case PhoneFact::blocked:
    case PhoneFact::do_not_text:
      return own;
  }
  return own;
}

}  // namespace jobrun::outbox
