// The contacts that owners pass on as attachments, through the whole service.
#include "contact_card_watch.hpp"

#include <gmock/gmock.h>

#include "owner_alerts_test_support.hpp"

namespace jobrun::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const E164 joe = E164::from_digits(14155559000);
const E164 supplier = E164::from_digits(14155550171);
const E164 suppliers_wife = E164::from_digits(14155550172);
const std::string link = "https://carrier.example/ME1";
const std::string card =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nTEL;type=CELL:+14155550171\r\nTEL;type=HOME:+14155550172\r\n"
    "END:VCARD\r\n";

class ContactCards : public OwnerAlerts {
 protected:
  ContactCards() {
    start(false, true);
    look();
  }
  void pass_on(E164 sender, const std::string& type = "text/x-vcard", const std::string& sid = "MMcard") {
    pipeline_->ledger().submit(InboundText{.message_sid = sid,
                                           .sender = Caller::parse(sender.text()),
                                           .number = business,
                                           .number_text = business.text(),
                                           .body = "",
                                           .media = {{link, type}}},
                               [](const Result<Receipt>&) {});
    look();
  }
  void look_again() {
    jump(3s);
    jump(3s);
  }
  std::vector<std::string> told_joe() const {
    std::vector<std::string> words;
    for (const OutgoingText& text : carrier_.sent) {
      if (text.recipient == joe) words.push_back(text.body);
    }
    return words;
  }
  bool is_never_texted(E164 phone) {
    bool is_so = false;
    store_->reader()->each_phone_fact([&](const SetPhoneFact& fact) {
      if (fact.phone == phone && fact.fact == PhoneFact::do_not_text && fact.holds) is_so = true;
    });
    return is_so;
  }
};

// Goal: the people of a card are never texted, and the owner is told who they are. Method: a card with two
// numbers, as two kinds of phone call it; then a call of one of them that is missed.
TEST_F(ContactCards, TheirPeopleAreNeverTexted) {
  media_.kept.emplace(link, Media{"text/x-vcard", card});
  pass_on(joe, "text/vCard");
  look_again();
  EXPECT_TRUE(is_never_texted(supplier));
  EXPECT_TRUE(is_never_texted(suppliers_wife));
  ASSERT_EQ(told_joe().size(), 1U);
  EXPECT_THAT(told_joe()[0], HasSubstr("+14155550171, +14155550172 are never texted"));
  miss_a_call(supplier);
  EXPECT_EQ(std::ranges::count(carrier_.sent, supplier, &OutgoingText::recipient), 0);
}

// Goal: a card that cannot be had now is had later, and the owner hears once. Method: a carrier that fails for a
// minute.
TEST_F(ContactCards, AreReadWhenTheCarrierCanBeAsked) {
  media_.kept.emplace(link, failure(ErrorKind::unavailable, "HTTP 500"));
  pass_on(joe);
  for (int seconds = 0; seconds < 60; seconds += 5) jump(5s);
  EXPECT_THAT(told_joe(), IsEmpty());
  EXPECT_GE(media_.asked.size(), 2U);
  media_.kept.insert_or_assign(link, Media{"text/x-vcard", card});
  for (int seconds = 0; seconds < 30; seconds += 5) jump(5s);
  ASSERT_EQ(told_joe().size(), 1U);
  EXPECT_TRUE(is_never_texted(supplier));
  wait(10min);
  EXPECT_EQ(told_joe().size(), 1U);
}

// Goal: an owner whose card cannot be read is told how to write the number himself, never nothing. Method: a
// carrier that fails for good, one that has it no more, and a card without a number.
TEST_F(ContactCards, ThatCannotBeReadAreAnswered) {
  const std::vector<Result<Media>> answers = {
      failure(ErrorKind::unavailable, "HTTP 500"), failure(ErrorKind::not_found, "gone"),
      Media{"text/x-vcard", "BEGIN:VCARD\nFN:Ann\nEND:VCARD"}, Media{"text/x-vcard", "\xFF\x00 no card"}};
  std::size_t told = 0;
  for (const Result<Media>& answer : answers) {
    media_.kept.insert_or_assign(link, answer);
    pass_on(joe, "text/x-vcard", "MMcard" + std::to_string(told));
    wait(7min);
    ASSERT_EQ(told_joe().size(), ++told);
    EXPECT_THAT(told_joe().back(), HasSubstr("SKIP 07700 900123"));
  }
}

// Goal: a crash between the text and its answer loses neither, and leads to no second. Method: the service ends
// before the card is read, and again after it.
TEST_F(ContactCards, OutliveACrash) {
  media_.kept.emplace(link, failure(ErrorKind::unavailable, "HTTP 500"));
  pass_on(joe);
  media_.kept.insert_or_assign(link, Media{"text/x-vcard", card});
  start(false, true);
  look_again();
  EXPECT_EQ(told_joe().size(), 1U);
  EXPECT_TRUE(is_never_texted(supplier));
  const std::size_t asked = media_.asked.size();
  start(false, true);
  look_again();
  wait(2min);
  EXPECT_EQ(told_joe().size(), 1U);
  EXPECT_EQ(media_.asked.size(), asked);
}

// Goal: nothing is fetched that nobody asked to: neither a customer's attachments nor an owner's pictures. Method:
// both.
TEST_F(ContactCards, OfOthersAreNotFetched) {
  media_.kept.emplace(link, Media{"text/x-vcard", card});
  pass_on(E164::from_digits(14155550101), "text/x-vcard", "MM1st");
  pass_on(joe, "image/jpeg", "MM2nd");
  look_again();
  EXPECT_THAT(media_.asked, IsEmpty());
  EXPECT_FALSE(is_never_texted(supplier));
}

}  // namespace
}  // namespace jobrun::app
