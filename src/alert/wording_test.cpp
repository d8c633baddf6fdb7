#include "alert/wording.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "alert/text_channel.hpp"
#include "base/text_encoding.hpp"

namespace jobrun::alert {
namespace {

AlertRecord an_alert(std::int64_t id, AlertKind kind, Severity severity, std::string summary) {
  AlertRecord alert;
  alert.id = AlertId{id};
  alert.created_at = from_unix_ms(1'767'434'400'250);
  alert.request.kind = kind;
  alert.request.severity = severity;
  alert.request.summary = std::move(summary);
  return alert;
}

AlertLetter a_crowd() {
  AlertLetter letter{.recipient = "+14155559000", .others = {}, .alerts = {}};
  for (int i = 1; i <= 9; ++i) letter.alerts.push_back(an_alert(i, AlertKind::lead, Severity::info, "A lead."));
  letter.alerts.push_back(an_alert(10, AlertKind::text_refused, Severity::critical, "Call +14155550101 back."));
  letter.alerts.push_back(an_alert(11, AlertKind::text_refused, Severity::warning, "Call +14155550102 back."));
  return letter;
}

// Goal: one alert is told in its own sentence, a crowd by its numbers and the most severe of it.
// Method: one raised once, one raised three times, one without a sentence, a crowd.
TEST(AlertWording, TellsOneInItsSentenceAndACrowdInNumbers) {
  AlertLetter letter{
      .recipient = "", .others = {}, .alerts = {an_alert(1, AlertKind::lead, Severity::info, "A lead.")}};
  EXPECT_EQ(headline(letter), "A lead.");
  letter.alerts[0].count = 3;
  EXPECT_EQ(headline(letter), "A lead. (3 times)");
  letter.alerts[0].request.summary.clear();
  EXPECT_EQ(headline(letter), "lead (3 times)");
  EXPECT_EQ(headline(a_crowd()), "11 alerts: 9 leads, 2 callers without a text. Call +14155550101 back.");
}

// Goal: a text is never longer than a few segments, whatever the alerts say.
// Method: a very long sentence; and one of each kind of alert.
TEST(AlertWording, KeepsATextShort) {
  const std::string long_sentence(2'000, 'x');
  EXPECT_LE(
      text_body(
          {.recipient = "", .others = {}, .alerts = {an_alert(1, AlertKind::lead, Severity::info, long_sentence)}})
          .size(),
      450U);
  AlertLetter letter;
  for (const auto& [kind, name] : NamesOf<AlertKind>::rows) {
    letter.alerts.push_back(an_alert(1, kind, Severity::info, "A sentence."));
  }
  EXPECT_LE(measure_text(text_body(letter)).segments, 3U);
}

// Goal: a mail names each alert, and the same letter told again has the same id; another has another.
// Method: a crowd; the crowd without its last; an alert of another installation, made at another time.
TEST(AlertWording, NamesEachAlertInAMail) {
  const std::string body = mail_body(a_crowd());
  EXPECT_NE(body.find("Call +14155550102 back."), std::string::npos);
  EXPECT_NE(body.find("alert 11"), std::string::npos);
  EXPECT_EQ(letter_id(a_crowd()), letter_id(a_crowd()));
  AlertLetter smaller = a_crowd();
  smaller.alerts.pop_back();
  EXPECT_NE(letter_id(smaller), letter_id(a_crowd()));
  AlertLetter one{.recipient = "", .others = {}, .alerts = {an_alert(1, AlertKind::lead, Severity::info, "")}};
  const std::string id = letter_id(one);
  one.alerts[0].created_at += Duration{1};
  EXPECT_NE(letter_id(one), id);
}

// Goal: an owner reads in a mail what a text says, and of a crowd each sentence; nothing of the operator's.
// Method: one alert, whose sentence is longer than a text carries; a crowd.
TEST(AlertWording, TellsAnOwnerInAMailWhatATextSays) {
  AlertRecord one = an_alert(1, AlertKind::lead, Severity::info, "Missed call from +14155550101. Call back.");
  one.request.call_sid = "CA1";
  EXPECT_EQ(owner_mail_body({.recipient = "", .others = {}, .alerts = {one}}),
            "JobRun: Missed call from +14155550101. Call back.\n");
  one.request.summary = std::string(2'000, 'x');
  EXPECT_EQ(owner_mail_body({.recipient = "", .others = {}, .alerts = {one}}),
            "JobRun: " + one.request.summary + "\n");
  const std::string crowd = owner_mail_body(a_crowd());
  EXPECT_TRUE(crowd.starts_with("JobRun: " + headline(a_crowd()) + "\n\n* A lead.\n"));
  EXPECT_TRUE(crowd.ends_with("* Call +14155550101 back.\n* Call +14155550102 back.\n"));
}

struct Phones {
  std::vector<Contact> owners{{E164::from_digits(14155559000), FactScope::of(ClientId{7}), {}}};
  Contact owner = owners.front();
  Contact operator_{E164::from_digits(14155558000), {FactScope::Kind::failsafe, std::nullopt}, {}};
  std::set<E164> barred;
  std::vector<E164> texted;
  bool knows_owner = true;
  OwnerWays ways{.by_email = false, .by_text = true};
  TextChannel channel{
      {.owner =
           [this](const AlertRequest&) {
             return knows_owner ? std::optional(KnownOwner{owners, ways}) : std::nullopt;
           },
       .operator_ = operator_,
       .why_not = [this](const Contact& contact) -> std::optional<std::string> {
         if (!barred.contains(contact.phone)) return std::nullopt;
         return "that phone has opted out";
       },
       .send =
           [this](const Contact& contact, const std::string&, const std::string&, const AlertChannel::Done& done) {
             texted.push_back(contact.phone);
             done({});
           }}};
};

// Goal: an owner is told of what is his, the operator of the rest, and of an owner's when the owner cannot be
// texted.
// Method: alerts of both audiences; an owner nobody knows; one who opted out; then the operator too.
TEST(TextChannel, TellsTheOperatorWhereTheOwnerCannotBeTexted) {
  Phones phones;
  AlertRequest for_owner;
  AlertRequest for_operator;
  for_operator.audience = Audience::operator_;
  EXPECT_EQ(phones.channel.recipient_of(for_owner).value().address, "+14155559000");
  EXPECT_EQ(phones.channel.recipient_of(for_operator).value().address, "+14155558000");
  phones.knows_owner = false;
  EXPECT_EQ(phones.channel.recipient_of(for_owner).value().address, "+14155558000");
  phones.knows_owner = true;
  phones.barred.insert(phones.owner.phone);
  EXPECT_EQ(phones.channel.recipient_of(for_owner).value().address, "+14155558000");
  phones.barred.insert(phones.operator_.phone);
  ASSERT_FALSE(phones.channel.recipient_of(for_owner).has_value());
  EXPECT_EQ(phones.channel.recipient_of(for_operator).error().message,
            "nobody can be texted: that phone has opted out");
}

// Goal: who is told by mail alone is not texted, and neither is the operator; who is told by both is texted, and
// when he cannot be, the mail is enough. The operator's own alerts are texted all the same. Method: an owner by
// mail; one by both, who then opts out.
TEST(TextChannel, LeavesToTheMailWhatTheMailTells) {
  Phones phones;
  AlertRequest for_owner;
  AlertRequest for_operator;
  for_operator.audience = Audience::operator_;
  phones.ways = {.by_email = true, .by_text = false};
  ASSERT_FALSE(phones.channel.recipient_of(for_owner).has_value());
  EXPECT_EQ(phones.channel.recipient_of(for_owner).error().message, "the owner is told by e-mail");
  EXPECT_EQ(phones.channel.recipient_of(for_operator).value().address, "+14155558000");
  phones.ways = {.by_email = true, .by_text = true};
  EXPECT_EQ(phones.channel.recipient_of(for_owner).value().address, "+14155559000");
  phones.barred.insert(phones.owner.phone);
  EXPECT_FALSE(phones.channel.recipient_of(for_owner).has_value());
}

// Goal: nobody is texted but the recipient whose limit was looked at.
// Method: the owner opts out between the look and the send.
TEST(TextChannel, TextsNobodyElseThanItSaid) {
  Phones phones;
  AlertLetter letter{
      .recipient = "+14155559000", .others = {}, .alerts = {an_alert(1, AlertKind::lead, Severity::info, "")}};
  phones.channel.send(letter, [](const AlertWord& word) { EXPECT_EQ(word.answer, AlertAnswer::accepted); });
  phones.barred.insert(phones.owner.phone);
  phones.channel.send(letter, [](const AlertWord& word) { EXPECT_EQ(word.answer, AlertAnswer::refused); });
  EXPECT_EQ(phones.texted, std::vector{phones.owner.phone});
}

/// What is sent to phones, and what became of it, told when the test says so.
struct SeveralPhones {
  static constexpr E164 own = E164::from_digits(14155559000);
  static constexpr E164 partners = E164::from_digits(14155559001);
  static constexpr E164 apprentices = E164::from_digits(14155559002);
  struct Sent {
    E164 phone;
    std::string id;
    AlertChannel::Done done;
  };
  std::vector<Sent> sent;
  std::set<E164> barred;
  std::vector<AlertWord> words;
  TextChannel channel{
      {.owner =
           [](const AlertRequest&) {
             std::vector<Contact> phones;
             for (const E164 phone : {own, partners, apprentices}) phones.push_back({phone, {}, {}});
             return std::optional(KnownOwner{phones, {.by_email = false, .by_text = true}});
           },
       .operator_ = {E164::from_digits(14155558000), {FactScope::Kind::failsafe, std::nullopt}, {}},
       .why_not = [this](const Contact& contact) -> std::optional<std::string> {
         if (!barred.contains(contact.phone)) return std::nullopt;
         return "that phone has opted out";
       },
       .send = [this](const Contact& contact, const std::string& id, const std::string&,
                      const AlertChannel::Done& done) { sent.push_back({contact.phone, id, done}); }}};

  void send() {
    const AlertRecord alert = an_alert(17, AlertKind::lead, Severity::info, "A lead.");
    const AlertRecipient recipient = channel.recipient_of(alert.request).value();
    sent.clear();
    words.clear();
    channel.send({.recipient = recipient.address, .others = recipient.others, .alerts = {alert}},
                 [this](AlertWord word) { words.push_back(std::move(word)); });
  }
  std::map<E164, std::string> ids() const {
    std::map<E164, std::string> found;
    for (const Sent& each : sent) found.emplace(each.phone, each.id);
    return found;
  }
};

// Goal: an owner's alert reaches each of his phones once, with ids that stay the same and differ from each other;
// those that may not be texted do not stop the others.
// Method: a letter sent twice; then without the owner's own phone; then all are barred.
TEST(TextChannel, TellsEachPhoneOfAnOwner) {
  SeveralPhones phones;
  phones.send();
  ASSERT_EQ(phones.sent.size(), 3U);
  const std::map<E164, std::string> ids = phones.ids();
  EXPECT_EQ(ids.size(), 3U);
  std::set<std::string> different;
  for (const auto& [phone, id] : ids) different.insert(id);
  EXPECT_EQ(different.size(), 3U);
  phones.send();
  EXPECT_EQ(phones.ids(), ids);
  phones.barred.insert(SeveralPhones::own);
  phones.send();
  ASSERT_EQ(phones.sent.size(), 2U);
  EXPECT_EQ(phones.ids().at(SeveralPhones::partners), ids.at(SeveralPhones::partners));
  phones.barred.insert({SeveralPhones::partners, SeveralPhones::apprentices});
  phones.send();
  ASSERT_EQ(phones.sent.size(), 1U);
  EXPECT_EQ(phones.sent[0].phone.text(), "+14155558000");
}

// Goal: the first phone that takes it settles it, at once; when none does, it is worth as much as the most hopeful
// of the answers. Each is said once. Method: answers in several orders.
TEST(TextChannel, IsHeardOnceAnyPhoneHasIt) {
  const auto answers = [](const std::vector<AlertAnswer>& given) {
    SeveralPhones phones;
    phones.send();
    std::string said;
    for (std::size_t phone = 0; phone < given.size(); ++phone) {
      phones.sent[phone].done({given[phone], "why"});
      said += phones.words.empty() ? "-" : std::string(name_of(phones.words.front().answer)).substr(0, 1);
    }
    EXPECT_EQ(phones.words.size(), 1U);
    return said;
  };
  using enum AlertAnswer;
  EXPECT_EQ(answers({accepted, refused, refused}), "aaa");
  EXPECT_EQ(answers({refused, accepted, unknown}), "-aa");
  EXPECT_EQ(answers({refused, not_reached, refused}), "--n");
  EXPECT_EQ(answers({not_reached, unknown, refused}), "--u");
  EXPECT_EQ(answers({refused, refused, refused}), "--r");
}

// Goal: a week is told in one sentence, and of replies only where there were any. Method: a full week, a poor one.
TEST(Wording, TellsAWeekInOneSentence) {
  EXPECT_EQ(
      sentence_of(ClientWeek{.missed_calls = 14,
                             .texted = 13,
                             .replied = 9,
                             .jobs_accepted = 6,
                             .median_reply = std::chrono::seconds{299}}),
      "Your week: 14 missed calls, 13 texted, 9 replied, 6 jobs accepted; replies came after 4 min (median).");
  EXPECT_EQ(sentence_of(ClientWeek{.missed_calls = 1, .jobs_accepted = 1}),
            "Your week: 1 missed call, 0 texted, 0 replied, 1 job accepted.");
  const auto after = [](Duration wait) {
    return sentence_of(ClientWeek{.missed_calls = 2, .replied = 1, .median_reply = wait});
  };
  EXPECT_NE(after(std::chrono::seconds{59}).find("after less than a minute (median)"), std::string::npos);
  EXPECT_NE(after(std::chrono::minutes{150}).find("after 2 hours (median)"), std::string::npos);
  EXPECT_NE(after(std::chrono::hours{50}).find("after 2 days (median)"), std::string::npos);
}

}  // namespace
}  // namespace jobrun::alert
