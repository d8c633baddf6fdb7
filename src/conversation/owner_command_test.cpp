#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "conversation/owner.hpp"

namespace jobrun::conversation {
namespace {

/// A command in words: its name, and what it holds.
struct Shown {
  std::string operator()(const Accept& accept) const { return "accept " + accept.whom.digits; }
  std::string operator()(const Decline& decline) const { return "decline " + decline.whom.digits; }
  std::string operator()(const Relay& relay) const { return "relay " + relay.whom.digits + "|" + relay.words; }
  std::string operator()(Pause) const { return "pause"; }
  std::string operator()(Resume) const { return "resume"; }
  std::string operator()(Status) const { return "status"; }
  std::string operator()(const Busy& busy) const {
    if (busy.lasts) return "busy for " + std::to_string(busy.lasts->count());
    if (!busy.until) return "busy";
    return "busy " + to_text(*busy.until) + (busy.is_either_half ? " or half a day later" : "");
  }
  std::string operator()(const Skip& skip) const {
    std::string said = skip.holds ? "skip" : "unskip";
    for (const std::string& number : skip.numbers) said += " " + number;
    return said;
  }
  std::string operator()(const Block& block) const { return (block.holds ? "block " : "unblock ") + block.number; }
  std::string operator()(Help) const { return "help"; }
};

std::string shown(std::string_view words) {
  return std::visit(Shown{}, read_owner_command(words));
}

using Rows = std::vector<std::pair<std::string, std::string>>;

void expect_rows(const Rows& rows) {
  for (const auto& [words, command] : rows) EXPECT_EQ(shown(words), command) << words;
}

// Goal: yes and no are understood as people write them, with the digits of a customer or without.
// Method: rows of words and what they command.
TEST(OwnerCommand, DecidesByYesAndNo) {
  expect_rows({{"1", "accept "},
               {" 1. ", "accept "},
               {"(1)", "accept "},
               {"Reply 1", "accept "},
               {"y", "accept "},
               {"YES!!", "accept "},
               {"yes?", "accept "},
               {"Yep", "accept "},
               {"yes \U0001F44D", "accept "},
               {"\U0001F44D\U0001F3FD", "accept "},
               {"ok accept", "accept "},
               {"Ok, yes", "accept "},
               {"acept", "accept "},
               {"accept the job", "accept "},
               {"yes 0123", "accept 0123"},
               {"Accept 0123.", "accept 0123"},
               {"0123 yes", "accept 0123"},
               {"1 0123", "accept 0123"},
               {"yes +44 7700 900123", "accept 447700900123"},
               {"YES 07700 900123", "accept 07700900123"},
               {"@0123 1", "accept 0123"},
               {"0123: accept", "accept 0123"},
               {"2", "decline "},
               {"No", "decline "},
               {"nope", "decline "},
               {"delcine", "decline "},
               {"\U0001F44E", "decline "},
               {"no 0123", "decline 0123"},
               {"2 900123", "decline 900123"},
               {"@0123: 2", "decline 0123"},
               {"yes no", "help"},
               {"1 2", "help"}});
}

// Goal: words meant for a customer are never taken for a command.
// Method: sentences that begin with a command's word or hold one.
TEST(OwnerCommand, SentencesAreWords) {
  for (const std::string words : {"yes I can come at 3",
                                  "no worries see you then",
                                  "yes at 3",
                                  "yes 15",
                                  "no thanks",
                                  "Yes please",
                                  "pause the job till monday?",
                                  "resume tomorrow",
                                  "busy today sorry, friday?",
                                  "Busy at the moment mate",
                                  "Back at the van, 5 minutes",
                                  "skip is coming monday",
                                  "Skip hire is 200 a week",
                                  "block paving is fine",
                                  "block the drain at 14 Mill Lane",
                                  "status of the order?",
                                  "help is on the way",
                                  "Call me on 07700 900123",
                                  "12:30 works",
                                  "3",
                                  "15:30",
                                  "ok",
                                  "1 hour away",
                                  "2 hours",
                                  "see you\n\nat 3",
                                  "Tomorrow: 10 to 12",
                                  "list the parts you need",
                                  "yes \u0434\u0430",
                                  "accept that it takes longer",
                                  "1 0123 0456 and more",
                                  "@joe see you",
                                  "@",
                                  "@12 see you",
                                  "\u2764\uFE0F"}) {
    EXPECT_EQ(shown(words), "relay |" + words);
  }
}

// Goal: words behind a customer's digits are for him, as they are.
// Method: each way to name one.
TEST(OwnerCommand, NamesACustomer) {
  expect_rows({{"@0123 see you at 3", "relay 0123|see you at 3"},
               {"@0123: see you, at 3!", "relay 0123|see you, at 3!"},
               {"@ 0123 yes", "relay 0123|yes"},
               {"@0123", "relay 0123|"},
               {"0123: see you at 3", "relay 0123|see you at 3"},
               {"to 0123: on my way", "relay 0123|on my way"},
               {"to +447700900123: 10:30 ok?", "relay 447700900123|10:30 ok?"},
               {"To 07700 900123: ok", "relay 07700900123|ok"},
               {"+447700900123: \u201Cok\u201D", "relay 447700900123|\u201Cok\u201D"},
               {"@0123 d\u2019accord \U0001F44D", "relay 0123|d\u2019accord \U0001F44D"}});
}

// Goal: pause, resume, status and help are understood with the usual mistakes.
// Method: rows.
TEST(OwnerCommand, SaysWhetherHeWorks) {
  expect_rows({{"PAUSE", "pause"},
               {"puase", "pause"},
               {"Pause please", "pause"},
               {"pause texts now.", "pause"},
               {"resume", "resume"},
               {"Resme", "resume"},
               {"unpause", "resume"},
               {"back", "resume"},
               {"Not busy", "resume"},
               {"status?", "status"},
               {"Stauts", "status"},
               {"jobs", "status"},
               {"HELP", "help"},
               {"??", "help"},
               {"", "help"},
               {" \n ", "help"},
               {"commands", "help"}});
}

// Goal: until when he is busy is read as people write it; what is no time is help.
// Method: rows of times and spans.
TEST(OwnerCommand, ReadsUntilWhenHeIsBusy) {
  expect_rows({{"busy", "busy"},
               {"Busy until", "busy"},
               {"BUSY UNTIL 3PM", "busy 15:00"},
               {"busy till 3 p.m.", "busy 15:00"},
               {"busy til 15:00", "busy 15:00"},
               {"busy 15.30", "busy 15:30"},
               {"busy until noon please", "busy 12:00"},
               {"busy until midnight", "busy 00:00"},
               {"busy until 3", "busy 03:00 or half a day later"},
               {"busy until 3:30", "busy 03:30 or half a day later"},
               {"busy until 03:30", "busy 03:30"},
               {"back at 3", "busy 03:00 or half a day later"},
               {"Back at 3pm!", "busy 15:00"},
               {"busy 2 hours?", "busy for 120"},
               {"busy for 45 min", "busy for 45"},
               {"busy for an hour", "busy for 60"},
               {"back in 2h", "busy for 120"},
               {"busy until 25:00", "help"},
               {"busy until whenever", "help"},
               {"busy for 99 hours", "help"},
               {"busy until 3 then I can come over", "relay |busy until 3 then I can come over"}});
}

// Goal: numbers of people who are no customers are taken as written, also from a contact that a phone passed on.
// Method: rows of commands, cards and contacts as text.
TEST(OwnerCommand, TakesNumbersAsWritten) {
  expect_rows({{"SKIP 07700 900123", "skip 07700 900123"},
               {"skip +44 7700-900123.", "skip +44 7700-900123"},
               {"skip number 07700900123", "skip 07700900123"},
               {"skip Mum 07700 900123", "skip 07700 900123"},
               {"skip", "skip"},
               {"unskip 07700900123", "unskip 07700900123"},
               {"block 0123", "block 0123"},
               {"Block", "block "},
               {"block him", "block "},
               {"UNBLOCK 0123", "unblock 0123"},
               {"Mum\n07700 900123", "skip 07700 900123"},
               {"Mum\r\n+44 7700 900123\r\n", "skip +44 7700 900123"},
               {"See you there. Gate code\n07700900123", "relay |See you there. Gate code\n07700900123"},
               {"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Smith;Ann\r\nTEL;type=CELL:+44 7700 900123\r\nEND:VCARD",
                "skip +44 7700 900123"},
               {"BEGIN:VCARD\nitem1.TEL;VALUE=uri:tel:+447700900123\nEND:VCARD", "skip +447700900123"},
               {"BEGIN:VCARD\nFN:Ann\nEND:VCARD", "skip"}});
}

// Goal: a tap on one of our texts quotes it, and that is no word for a customer.
// Method: what phones send for each tap.
TEST(OwnerCommand, ReactionsAreNotPassedOn) {
  for (const std::string words :
       {"Liked \u201C+447700900123: boiler\u201D", "Loved \"NOW: gas\"", "Laughed at \u201Cx\u201D",
        "Emphasised \u201Cx\u201D", "Questioned \u201Cx\u201D", "Reacted \U0001F44D to \u201Cx\u201D",
        "\U0001F44D to \u201Cx\u201D", "Removed a like from \u201Cx\u201D"}) {
    EXPECT_EQ(shown(words), "help") << words;
  }
}

// Goal: any bytes are read, and none of them decide anything by chance.
// Method: arbitrary strings; what is read as words holds nothing that was not written; a named customer has
// digits.
TEST(OwnerCommand, ReadsAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const OwnerCommand command = read_owner_command(bytes);
    if (const auto* relay = std::get_if<Relay>(&command)) RC_ASSERT(bytes.contains(relay->words));
  }));
  EXPECT_TRUE(rc::check([] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("@", "0123", ":", " ", "yes", "no", "busy", "until", "skip", "+", "\n", "3",
                                      "pm", "block", "TEL", "BEGIN:VCARD", "\xFF", "\U0001F44D", "to", "."));
    std::string words;
    for (const std::string& part : parts) words += part;
    const OwnerCommand command = read_owner_command(words);
    const NamedCustomer* whom = nullptr;
    if (const auto* accept = std::get_if<Accept>(&command)) whom = &accept->whom;
    if (const auto* decline = std::get_if<Decline>(&command)) whom = &decline->whom;
    if (const auto* relay = std::get_if<Relay>(&command)) whom = &relay->whom;
    if (whom == nullptr || whom->digits.empty()) return;
    RC_ASSERT(whom->digits.size() >= 3U);
    RC_ASSERT(whom->digits.size() <= 15U);
    RC_ASSERT(whom->digits.find_first_not_of("0123456789") == std::string::npos);
  }));
}

}  // namespace
}  // namespace jobrun::conversation
