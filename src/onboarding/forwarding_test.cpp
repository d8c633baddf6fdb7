#include "forwarding.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace jobrun::onboarding {
namespace {

constexpr E164 american = E164::from_digits(15125550100);
constexpr E164 canadian = E164::from_digits(14165550100);
constexpr E164 british = E164::from_digits(441134960100);
constexpr E164 irish = E164::from_digits(35315550100);
constexpr E164 australian = E164::from_digits(61255501234);
constexpr E164 german = E164::from_digits(4915112345678);

// Goal: every phone in every country is told how to forward to this very number and how to undo it.
// Method: all kinds of phones, networks and countries; the digits have to be there.
TEST(Forwarding, HasAWayAndAWayBackForEveryPhone) {
  for (const E164 number : {american, canadian, british, irish, australian, german}) {
    for (const Named<PhoneKind>& phone : NamesOf<PhoneKind>::rows) {
      for (const Named<Network>& network : NamesOf<Network>::rows) {
        const Forwarding way = forwarding_for(country_of(number), phone.value, network.value, number);
        EXPECT_EQ(way.is_by_menu, phone.value == PhoneKind::office_system);
        if (way.is_by_menu) continue;
        EXPECT_FALSE(way.undo.empty());
        EXPECT_EQ(way.busy.empty(), way.undo_busy.empty());
        const bool has_number = way.code.find(national(number)) != std::string::npos;
        EXPECT_NE(has_number, way.has_dial_tone_between) << way.code;
      }
    }
  }
}

// Goal: the codes are those of each family of networks.
// Method: one row of each, to the letter.
TEST(Forwarding, UsesTheCodesOfTheNetwork) {
  const auto code = [](PhoneKind phone, Network network, E164 number) {
    const Forwarding way = forwarding_for(country_of(number), phone, network, number);
    return way.code + " " + way.busy + " " + way.undo + " " + way.undo_busy;
  };
  EXPECT_EQ(code(PhoneKind::iphone, Network::verizon, american), "*715125550100  *73 ");
  EXPECT_EQ(code(PhoneKind::iphone, Network::tmobile, american), "**004*15125550100#  ##004# ");
  EXPECT_EQ(code(PhoneKind::android, Network::other, canadian), "**004*14165550100#  ##004# ");
  EXPECT_EQ(code(PhoneKind::android, Network::other, british), "**004*01134960100#  ##004# ");
  EXPECT_EQ(code(PhoneKind::landline, Network::other, british), "*61*01134960100# *67*01134960100# #61# #67#");
  EXPECT_EQ(code(PhoneKind::landline, Network::other, australian), "*610255501234# *240255501234# #61# #24#");
  EXPECT_EQ(code(PhoneKind::landline, Network::other, american), "*92 *90 *93 *91");
  EXPECT_EQ(code(PhoneKind::landline, Network::other, german),
            "*61*+4915112345678# *67*+4915112345678# #61# #67#");
}

// Goal: a number of another country is dialled in full.
// Method: a British phone that forwards to an American number.
TEST(Forwarding, DialsANumberOfAnotherCountryInFull) {
  EXPECT_EQ(forwarding_for(Country::united_kingdom, PhoneKind::iphone, Network::other, american).code,
            "**004*+15125550100#");
}

// Goal: the network is asked for only where it matters.
// Method: all countries and kinds of phones.
TEST(Forwarding, AsksForTheNetworkOnlyWhereItMatters) {
  EXPECT_TRUE(depends_on_network(Country::united_states, PhoneKind::iphone));
  EXPECT_FALSE(depends_on_network(Country::united_states, PhoneKind::landline));
  EXPECT_FALSE(depends_on_network(Country::united_kingdom, PhoneKind::iphone));
  EXPECT_FALSE(depends_on_network(Country::canada, PhoneKind::android));
}

// Goal: an owner gets a number that looks local: of his town, else of where his own phone is from.
// Method: places of several kinds.
TEST(PreferredArea, IsTheTownsThenThatOfTheOwnersOwnNumber) {
  using Area = std::vector<std::string>;
  EXPECT_EQ(preferred_area("Leeds", british), (Area{"+44113", "+44"}));
  EXPECT_EQ(preferred_area("Austin, TX", american), (Area{"+1512", "+1737", "+1512", "+1"}));
  EXPECT_EQ(preferred_area("Hebden Bridge", british), (Area{"+44"}));
  EXPECT_EQ(preferred_area("", canadian), (Area{"+1416", "+1"}));
  EXPECT_EQ(preferred_area("London", american).front(), "+4420");
  EXPECT_EQ(preferred_area("Köln", german), Area{});
}

}  // namespace
}  // namespace jobrun::onboarding
