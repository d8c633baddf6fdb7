#include "customer_text.hpp"

#include <string>
#include <utility>

#include "answering.hpp"
#include "base/rare_path.hpp"
#include "base/wording.hpp"
#include "conversation/customer.hpp"
#include "conversation_codec.hpp"
#include "quoted.hpp"
#include "texting/opt_out.hpp"

namespace jobrun::texting {
namespace {

using conversation::CustomerReply;
using conversation::CustomerTurn;
using conversation::OwnerNotice;
using conversation::State;

constexpr Duration told_at_most_every{10 * 60'000};
constexpr Duration many_told_at_most_every{2 * 60'000};

/// Everything about one text, gathered once.
struct Talk {
  const InboundText& text;
  CustomerContact contact;
  ClientProfile client;  ///< as it is now: its owner may just have gone on working
  const Surroundings& around;
  FactReader& facts;
  Instant now;
};

std::string words_of(const Talk& talk, const Answering& to, const CustomerReply& reply,
                     std::optional<Locale> language) {
  const ClientSettings& settings = talk.client.settings;
  const Locale locale = locale_for(settings, language, to.situation.number_country);
  const std::string advice = emergency_advice_for(settings, locale, to.situation.caller_country);
  return render_for(
      settings, locale, reply.phrase,
      {.business = talk.client.name, .number = talk.contact.number.text(), .job = reply.job, .advice = advice});
}

void say(Commit& commit, const Talk& talk, const CustomerReply& reply, std::optional<Locale> language) {
  const Answering to = answering({talk.text.message_sid, talk.text.sender, talk.text.number, talk.text.at},
                                 flow::Operational{&talk.client}, talk.around, talk.facts, talk.now);
  if (!to.may_leave()) {
    commit.logs.push_back({LogLevel::info,
                           "the customer is not answered",
                           talk.text.message_sid,
                           {{"row", std::string(name_of(to.row()))}}});
    return;
  }
  commit.text = to.text(Purpose::customer_reply, words_of(talk, to, reply, language));
  commit.counts.push_back({Metric::texts_promised, {name_of(Purpose::customer_reply)}});
}

/// Of danger, of a job that is none any more, and of words between people who talk, the owner hears at once each
/// time, unless they come by the dozen; of the rest at most every ten minutes, with a count.
AlertRequest alert_of(const Talk& talk, const OwnerNotice& notice) {
  AlertRequest alert;
  alert.kind = AlertKind::customer_texted;
  alert.client = talk.contact.client;
  alert.caller = talk.contact.customer.text();
  alert.number = talk.contact.number.text();
  alert.summary = alert.caller + ": " + notice.summary;
  switch (notice.about) {
    case OwnerNotice::About::danger:
      alert.kind = AlertKind::danger;
      alert.severity = Severity::critical;
      break;
    case OwnerNotice::About::job:
      alert.summary += " 1=yes 2=no";
      alert.group = alert.caller + " " + alert.number;
      alert.at_most_every = told_at_most_every;
      break;
    case OwnerNotice::About::more:
      alert.group = alert.caller + " " + alert.number;
      alert.at_most_every = told_at_most_every;
      break;
    case OwnerNotice::About::cancelled:
    case OwnerNotice::About::words:
      break;
  }
  if (notice.is_one_of_many && alert.group.empty()) {
    alert.group = alert.caller + " " + alert.number;
    alert.at_most_every = many_told_at_most_every;
  }
  return alert;
}

std::optional<AlertId> lead_of(const Talk& talk) {
  return talk.facts.waiting_lead(talk.contact.client, talk.contact.customer, talk.now);
}

/// A lead that waits for a reply is told at once, with it, and in its place.
void tell(Commit& commit, const Talk& talk, const OwnerNotice& notice) {
  AlertRequest alert = alert_of(talk, notice);
  if (const std::optional<AlertId> lead = lead_of(talk)) {
    commit.replied_lead = RepliedLead{.alert = *lead,
                                      .summary = "Missed call. " + alert.summary,
                                      .is_danger = notice.about == OwnerNotice::About::danger};
    return;
  }
  commit.alerts.push_back(std::move(alert));
}

/// What says nothing to act on does not make a lead due, but the lead must not say that there was no reply.
void mention(Commit& commit, const Talk& talk) {
  const std::optional<AlertId> lead = lead_of(talk);
  if (!lead) return;
  commit.replied_lead = RepliedLead{
      .alert = *lead,
      .summary = "Missed call from " + talk.contact.customer.text() + ", who wrote: " + quoted(talk.text),
      .is_due = false};
}

/// Which words led to what, for whoever asks why.
void explain(Commit& commit, const Talk& talk, const conversation::Intake& read) {
  if (read.because.empty()) return;
  std::string found;
  std::string words;
  for (const conversation::Evidence& because : read.because) {
    found += (found.empty() ? "" : ", ") + because.what;
    words += (words.empty() ? "" : ", ") + because.words;
  }
  commit.logs.push_back({LogLevel::info,
                         "read in a customer's text",
                         talk.text.message_sid,
                         {{"found", std::move(found)}, {"words", std::move(words), LogField::Privacy::customer}}});
}

/// While nobody knows what was said before, danger alone is answered: it needs no knowledge.
void advise_in_danger(Commit& commit, const Talk& talk, const conversation::Intake& read) {
  if (read.danger == conversation::Danger::none) return;
  seen(RarePath::danger_without_records);
  say(commit, talk, {Phrase::text_danger, {}}, read.language);
}

/// Whoever cannot be answered now, as while the business rests, is heard by its owner at least.
void take_back_reply(CustomerTurn& turn, const State& before, const Talk& talk, const conversation::Intake& read) {
  turn.next.replied_at = before.replied_at;
  turn.next.danger_at = before.danger_at;
  const bool needs_nothing =
      read.intent == conversation::Intent::cancel || read.intent == conversation::Intent::wrong_number;
  if (!turn.reply || turn.notice || needs_nothing) return;
  if (turn.reply->phrase == Phrase::text_job_question) {
    turn.next.step = before.step;
    turn.next.was_asked = before.was_asked;
  }
  turn.notice = OwnerNotice{.about = OwnerNotice::About::more, .summary = quoted(talk.text)};
}

}  // namespace

void take_customer_text(Commit& commit, const InboundText& text, E164 phone, const directory::Resolution& to,
                        const Surroundings& around, FactReader& facts, Instant now) {
  const Talk talk{.text = text,
                  .contact = {to.client->id, *text.number, phone},
                  .client = facts.find_client(to.client->id).value_or(*to.client),
                  .around = around,
                  .facts = facts,
                  .now = now};
  commit.inbound->contact = talk.contact;
  const conversation::Intake read = conversation::read_intake(text.body);
  if (!facts.are_records_known()) {
    commit.is_left_open = true;
    return advise_in_danger(commit, talk, read);
  }
  const std::optional<ConversationRecord> record = facts.find_conversation(talk.contact);
  const State before = record ? state_of(*record).value_or(State{}) : State{};
  const Instant sent_at = text.at.value_or(now);
  const bool asks = asks_for_help(text.body) || text.opt_out_type == OptOutType::help;
  CustomerTurn turn = conversation::take_customer_text(before, read, text.body,
                                                       {.now = sent_at,
                                                        .phone = phone.text(),
                                                        .media = text.media.size(),
                                                        .asks_for_help = asks,
                                                        .is_helped = text.opt_out_type == OptOutType::help});
  if (turn.reply) say(commit, talk, *turn.reply, turn.next.language);
  if (!commit.text) take_back_reply(turn, before, talk, read);
  if (turn.notice) {
    tell(commit, talk, *turn.notice);
  } else {
    mention(commit, talk);
  }
  commit.conversation = record_of(talk.contact, turn.next, sent_at);
  explain(commit, talk, read);
}

}  // namespace jobrun::texting
