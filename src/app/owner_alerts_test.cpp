// The whole way of an owner's alert, from the journal to the mail and the text that tell it.
#include "owner_alerts_test_support.hpp"

namespace jobrun::app {
namespace {

// Goal: an owner is told as he chose, also when he chooses anew while the service runs, and nothing is left to
// tell. Method: both ways are set up; each choice; the operator's own alert.
TEST_F(OwnerAlerts, LeaveAsTheOwnerChose) {
  start(true, true);
  raise();
  EXPECT_EQ(told(), (Recipients{joes_phone, operators_address})) << "by text: the operator has the mails";
  choose(AlertBy::email);
  raise();
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), (Recipients{joes_address}));
  choose(AlertBy::both);
  raise();
  EXPECT_EQ(told(), (Recipients{joes_address, joes_phone}));
  raise(Audience::operator_);
  EXPECT_EQ(told(), (Recipients{operators_address, operator_phone.text()}));
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), Recipients{});
  EXPECT_EQ(left(), 0U);
  EXPECT_EQ(warning(), "");
}

// Goal: an owner who chose a way that is not set up is told by the other, and a warning says so at the start.
// Method: each choice, with one of the ways set up; with that alone which tells everybody as he chose.
TEST_F(OwnerAlerts, LeaveByTheOtherWayWhereTheChosenOneIsNotSetUp) {
  for (const AlertBy chosen : {AlertBy::text, AlertBy::email, AlertBy::both}) {
    choose(chosen);
    log_.lines.clear();
    start(false, true);
    raise();
    EXPECT_EQ(told(), (Recipients{joes_phone})) << name_of(chosen);
    EXPECT_EQ(warning(), chosen == AlertBy::text ? "" : "1 by email, 0 by text") << name_of(chosen);
    log_.lines.clear();
    start(true, false);
    raise();
    EXPECT_EQ(told(), (Recipients{joes_address})) << name_of(chosen);
    EXPECT_EQ(warning(), chosen == AlertBy::email ? "" : "0 by email, 1 by text") << name_of(chosen);
    EXPECT_EQ(left(), 0U) << name_of(chosen);
  }
}

// Goal: of an owner who is told by both, each way has its own retries, over a restart too.
// Method: the text is accepted, the mail is not, for some minutes and a restart.
TEST_F(OwnerAlerts, AreRetriedByEachWay) {
  choose(AlertBy::both);
  start(true, true);
  mail_kind_ = MailKind::not_reached;
  raise();
  EXPECT_TRUE(is_accepted_by_anybody());
  EXPECT_EQ(told(), (Recipients{joes_address, joes_phone}));
  wait(std::chrono::minutes{10});
  EXPECT_FALSE(told().contains(joes_phone));
  start(true, true);
  mail_kind_ = MailKind::accepted;
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), (Recipients{joes_address}));
  EXPECT_EQ(left(), 0U);
}

// Goal: a way that does not tell an owner anything has not told him: his alert waits for the mail.
// Method: by mail alone, which fails for an hour; then it is taken.
TEST_F(OwnerAlerts, AreNotToldByAWayThatTellsNobody) {
  choose(AlertBy::email);
  start(true, true);
  mail_kind_ = MailKind::not_reached;
  raise();
  wait(std::chrono::hours{1});
  EXPECT_FALSE(is_accepted_by_anybody());
  EXPECT_TRUE(carrier_.sent.empty());
  mail_kind_ = MailKind::accepted;
  told();
  wait(std::chrono::minutes{10});
  EXPECT_TRUE(is_accepted_by_anybody());
  EXPECT_EQ(told(), (Recipients{joes_address}));
  EXPECT_EQ(left(), 0U);
}

// Goal: what waits for a mail that does not leave is told by text once the owner chooses that.
// Method: the mail fails; the choice is changed.
TEST_F(OwnerAlerts, FollowAChangeOfMind) {
  choose(AlertBy::email);
  start(true, true);
  mail_kind_ = MailKind::not_reached;
  raise();
  choose(AlertBy::text);
  wait(std::chrono::minutes{10});
  EXPECT_TRUE(told().contains(joes_phone));
  EXPECT_TRUE(is_accepted_by_anybody());
}

// Goal: an owner whose mails are refused is the operator's business, as one who cannot be texted is.
// Method: by mail alone, refused for half an hour: the owner's address, not the operator's.
TEST_F(OwnerAlerts, AreTheOperatorsWhereTheOwnersAddressIsRefused) {
  choose(AlertBy::email);
  start(true, true);
  mail_kind_ = MailKind::refused;
  raise();
  wait(std::chrono::minutes{30});
  mail_kind_ = MailKind::accepted;
  ASSERT_TRUE(told().contains(operators_address));
  wait(std::chrono::minutes{10});
  EXPECT_TRUE(is_accepted_by_anybody());
}

// Goal: what one decided about a job reaches all who work with him, each once, over a crash too; and who has opted
// out stops none of them. Method: three phones, one of which is out; a repetition after a restart.
TEST_F(OwnerAlerts, ReachEveryPhoneOfTheBusiness) {
  profile_.settings.more_owner_phones = {E164::from_digits(14155559001), E164::from_digits(14155559002),
                                         profile_.owner_phone};
  save();
  change(SetPhoneFact{FactScope::of(profile_.id), E164::from_digits(14155559001), PhoneFact::opted_out});
  start(false, true);
  for (const AlertKind kind : {AlertKind::lead, AlertKind::job_decided, AlertKind::danger}) {
    raise(kind);
    EXPECT_EQ(told(), (Recipients{joes_phone, "+14155559002"})) << name_of(kind);
  }
  EXPECT_TRUE(is_accepted_by_anybody());
  start(false, true);
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), Recipients{});
  EXPECT_EQ(left(), 0U);
}

// Goal: a phone that the carrier refuses does not keep the alert from the others, nor open.
// Method: two phones; the own one is refused, whichever sender it is tried from.
TEST_F(OwnerAlerts, AreToldByThePhonesThatAreLeft) {
  profile_.settings.more_owner_phones = {E164::from_digits(14155559001)};
  save();
  start(false, true);
  refused_phone_ = profile_.owner_phone;
  raise(AlertKind::lead);
  EXPECT_TRUE(told().contains("+14155559001"));
  EXPECT_TRUE(is_accepted_by_anybody());
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), Recipients{});
}

// Goal: at night, by his own clocks, an owner is told of danger alone, and of the rest in the morning, once; the
// operator is told at any hour. Method: by both ways, over a restart.
TEST_F(OwnerAlerts, WaitForTheMorning) {
  profile_.settings.quiet_hours = *QuietHours::parse("22:00-07:00");
  profile_.alert_by = AlertBy::both;
  save();
  start(true, true);
  jump(std::chrono::hours{11});
  raise(AlertKind::lead);
  EXPECT_EQ(told(), Recipients{});
  raise(AlertKind::danger);
  EXPECT_EQ(told(), (Recipients{joes_address, joes_phone}));
  raise(AlertKind::queue_too_long, Audience::operator_);
  EXPECT_EQ(told(), (Recipients{operators_address, operator_phone.text()}));
  start(true, true);
  for (int hour = 0; hour < 8; ++hour) jump(std::chrono::hours{1});
  EXPECT_EQ(told(), Recipients{});
  jump(std::chrono::hours{1} + std::chrono::minutes{1});
  EXPECT_EQ(told(), (Recipients{joes_address, joes_phone}));
  EXPECT_EQ(left(), 0U);
}

// Goal: a call that only an alert can end is no incident because its owner sleeps: he is told where nobody else
// is. Method: a hidden caller at night, by text alone; then with the operator's mail.
TEST_F(OwnerAlerts, EndACallAtNight) {
  profile_.settings.quiet_hours = *QuietHours::parse("22:00-07:00");
  save();
  jump_only(std::chrono::hours{12});
  start(false, true);
  raise(AlertKind::cannot_text_caller, Audience::owner, true);
  EXPECT_EQ(told(), (Recipients{joes_phone}));
  start(true, true);
  raise(AlertKind::cannot_text_caller, Audience::owner, true);
  EXPECT_EQ(told(), (Recipients{operators_address}));
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), Recipients{});
}

}  // namespace
}  // namespace jobrun::app
