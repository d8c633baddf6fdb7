#include "alert/email_channel.hpp"

#include <gtest/gtest.h>

#include "alert/wording.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::alert {
namespace {

namespace fake = outbox::testing;
using Kind = net::MailResult::Kind;

constexpr const char* operators_address = "operator@example.com";
constexpr const char* owners_address = "joe@example.com";
constexpr Duration refused_for = EmailChannel::Options{}.refused_for;

AlertRecord an_alert(std::string summary, Audience audience = Audience::owner) {
  AlertRecord alert;
  alert.id = AlertId{17};
  alert.created_at = from_unix_ms(1'767'434'400'250);
  alert.request.audience = audience;
  alert.request.summary = std::move(summary);
  return alert;
}

/// A mail server that answers as it is told, and an owner who is told by mail.
struct Post {
  fake::ManualClock clock;
  std::optional<std::string> owner = owners_address;
  net::MailResult result{Kind::accepted, {}};
  net::Mail sent;
  EmailChannel channel{[this](net::Mail mail, const net::SmtpClient::Done& done) {
                         sent = std::move(mail);
                         done(result);
                       },
                       clock,
                       [this](const AlertRequest&) { return owner; },
                       {.sender = "jobrun@example.com", .operator_ = operators_address}};

  AlertWord send(const std::vector<AlertRecord>& alerts) {
    AlertWord word;
    const std::string recipient = channel.recipient_of(alerts.front().request).value().address;
    channel.send({.recipient = recipient, .alerts = alerts}, [&](AlertWord said) { word = std::move(said); });
    return word;
  }
  AlertWord send(Audience audience = Audience::owner) {
    return send({an_alert("Missed call from +14155550101. Call back.", audience)});
  }
};

// Goal: a mail has the alert in its subject, and what became of it is told on.
// Method: to the operator, with each result of the transport.
TEST(EmailChannel, TellsWhatBecameOfAMail) {
  Post post;
  EXPECT_EQ(post.send(Audience::operator_).answer, AlertAnswer::accepted);
  EXPECT_EQ(post.sent.from, "jobrun@example.com");
  EXPECT_EQ(post.sent.to, operators_address);
  EXPECT_EQ(post.sent.subject, "JobRun: Missed call from +14155550101. Call back.");
  EXPECT_NE(post.sent.body.find("for the operator, alert 17"), std::string::npos);
  EXPECT_EQ(post.sent.message_id, letter_id({.recipient = {}, .others = {}, .alerts = {an_alert("")}}));
  for (const auto& [kind, answer] :
       {std::pair{Kind::refused, AlertAnswer::refused}, std::pair{Kind::not_reached, AlertAnswer::not_reached},
        std::pair{Kind::unknown, AlertAnswer::unknown}}) {
    post.result = {kind, "550 no"};
    EXPECT_EQ(post.send().answer, answer);
    EXPECT_EQ(post.send().reason, "550 no");
  }
}

// Goal: an owner who is told by mail is, in the words of a text; the operator of everything else, in his own.
// Method: an alert of the owner's, one of the operator's, and one of an owner who is not told by mail.
TEST(EmailChannel, MailsOwnersWhatIsTheirs) {
  Post post;
  post.send();
  EXPECT_EQ(post.sent.to, owners_address);
  EXPECT_EQ(post.sent.subject, "JobRun: Missed call from +14155550101. Call back.");
  EXPECT_EQ(post.sent.body, "JobRun: Missed call from +14155550101. Call back.\n");
  post.send(Audience::operator_);
  EXPECT_EQ(post.sent.to, operators_address);
  post.owner.reset();
  post.send();
  EXPECT_EQ(post.sent.to, operators_address);
  EXPECT_NE(post.sent.body.find("for the owner, alert 17"), std::string::npos);
}

// Goal: what customers and businesses write adds no header to an owner's mail.
// Method: an alert whose sentence tries; the message as it would be written.
TEST(EmailChannel, LetsNoWordsIntoAnOwnersHeaders) {
  Post post;
  post.send({an_alert("Text from +14155550101: \"x\r\nBcc: all@example.com\r\n\r\nhello\"")});
  const std::string message = net::mail_text(post.sent);
  EXPECT_NE(message.find("\r\nSubject: JobRun: Text from +14155550101: \"x  Bcc: all@example.com"),
            std::string::npos)
      << message;
  EXPECT_EQ(message.find("\nBcc:"), std::string::npos);
}

// Goal: an owner whose mails the server keeps refusing is not silence: the operator is told, until it takes one.
// Method: refusals for a while, and a while later; then the server takes them.
TEST(EmailChannel, LeavesToTheOperatorWhatAnOwnersServerKeepsRefusing) {
  Post post;
  post.result = {Kind::refused, "550 no such user"};
  post.send();
  post.clock.advance(refused_for - Duration{1});
  post.send();
  EXPECT_EQ(post.sent.to, owners_address);
  post.clock.advance(Duration{1});
  post.send();
  EXPECT_EQ(post.sent.to, owners_address) << "the refusal that makes it long enough";
  post.send();
  EXPECT_EQ(post.sent.to, operators_address);
  post.clock.advance(refused_for);
  post.send();
  EXPECT_EQ(post.sent.to, owners_address) << "tried again";
  post.send();
  EXPECT_EQ(post.sent.to, operators_address) << "and left at once";
  post.clock.advance(refused_for);
  post.result = {Kind::accepted, {}};
  post.send();
  post.result = {Kind::refused, "451 later"};
  for (int again = 0; again < 3; ++again) {
    post.send();
    EXPECT_EQ(post.sent.to, owners_address);
  }
}

// Goal: a server that is not reached, and refusals long apart, leave an owner his mails.
// Method: an hour without the server; a refusal a day.
TEST(EmailChannel, GivesNobodyUpForTheServersSake) {
  Post post;
  post.result = {Kind::not_reached, "no route"};
  for (int minute = 0; minute < 60; ++minute) {
    post.send();
    EXPECT_EQ(post.sent.to, owners_address);
    post.clock.advance(std::chrono::minutes{1});
  }
  post.result = {Kind::refused, "451 later"};
  for (int day = 0; day < 3; ++day) {
    post.send();
    EXPECT_EQ(post.sent.to, owners_address);
    post.clock.advance(std::chrono::hours{24});
  }
}

// Goal: the operator is not mailed the weeks of owners who are told them by text.
// Method: a summary and a lead of an owner who is told by text; then by mail.
TEST(EmailChannel, SparesTheOperatorTheWeeksOfOwners) {
  Post post;
  AlertRequest summary = an_alert("Your week.", Audience::owner).request;
  summary.kind = AlertKind::weekly_summary;
  const AlertRequest lead = an_alert("A lead.", Audience::owner).request;
  post.owner.reset();
  EXPECT_FALSE(post.channel.recipient_of(summary));
  EXPECT_EQ(post.channel.recipient_of(lead).value(), AlertRecipient{.address = operators_address});
  post.owner = "joe@example.com";
  EXPECT_EQ(post.channel.recipient_of(summary).value().address, "joe@example.com");
  EXPECT_TRUE(post.channel.recipient_of(summary).value().is_owner);
}

}  // namespace
}  // namespace jobrun::alert
